// Bodies made up for tests: any nesting, odd spacing, odd spellings, from a seed so that a failure can be seen again.

const SPELLINGS = ["0", "-0", "1", "1.0", "1e3", "1E+3", "-2.50", "9007199254740993", "123456789012345678901234567890", "0.1e-7"];
const STRINGS = ['""', '"a"', '"中文 é"', '"\\u4e2d\\n"', '"\\ud800"', '"a\\/b"', '"\\"quoted\\""', '"\\\\"', '"{[,:]}"', '"😀"'];
const KEYS = ["a", "b", "temperature", "中", "with/slash", "with~tilde", "", "0", "1", "long key", '\\u0061x', "n\\n"];

/** Numbers from 0 to 1 that repeat for a seed (mulberry32). */
export function randomFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** The text of one made-up body: always an object. */
export function bodyText(random) {
  const style = pick(random, ["pretty", "tight", "wild"]);
  return space(random, style, 0) + objectText(random, style, 0, 1 + int(random, 6)) + (style === "wild" ? "\n" : "");
}

export function pick(random, list) {
  return list[int(random, list.length)];
}

export function int(random, below) {
  return Math.floor(random() * below);
}

function valueText(random, style, depth) {
  const kind = depth > 4 ? int(random, 4) : int(random, 7);
  if (kind === 0) return pick(random, STRINGS);
  if (kind === 1) return pick(random, SPELLINGS);
  if (kind === 2) return pick(random, ["true", "false"]);
  if (kind === 3) return "null";
  if (kind === 4) return arrayText(random, style, depth);
  return objectText(random, style, depth, int(random, 5));
}

function objectText(random, style, depth, size) {
  const keys = [...KEYS].sort(() => random() - 0.5).slice(0, size);
  const members = keys.map((key) => `"${key}"${colon(random, style)}${valueText(random, style, depth + 1)}`);
  return wrapped(random, style, depth, "{", members, "}");
}

function arrayText(random, style, depth) {
  const items = Array.from({ length: int(random, 4) }, () => valueText(random, style, depth + 1));
  return wrapped(random, style, depth, "[", items, "]");
}

function wrapped(random, style, depth, open, children, close) {
  if (!children.length) return open + (style === "wild" ? space(random, style, depth) : "") + close;
  const lines = children.map((child) => space(random, style, depth + 1) + child);
  const comma = () => (style === "wild" ? space(random, style, depth) : "") + ",";
  return open + lines.reduce((text, line) => text + comma() + line) + space(random, style, depth) + close;
}

function colon(random, style) {
  return style === "wild" ? space(random, style, 0) + ":" + space(random, style, 0) : style === "tight" ? ":" : ": ";
}

function space(random, style, depth) {
  if (style === "tight") return "";
  if (style === "pretty") return depth ? "\n" + "  ".repeat(depth) : "";
  return pick(random, ["", " ", "\n", "\t", "\r\n ", "   "]);
}
