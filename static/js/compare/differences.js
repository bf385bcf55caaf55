// How two answers differ: texts word by word, JSON by path.

const MOST_WORDS = 3000;
const WORD = /\s+|[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|[\p{L}\p{N}_]+|[^\s\p{L}\p{N}_]/gu;

/** Texts in pieces `{kind: "same" | "added" | "removed", text}`; long texts are compared by lines. */
export function wordDifferences(before, after) {
  const cut = (text) => text.match(WORD) ?? [];
  const [old, now] = [cut(before), cut(after)];
  if (Math.max(old.length, now.length) <= MOST_WORDS) return joined(shortestEdit(old, now));
  const lines = (text) => text.split(/(?<=\n)/).slice(0, MOST_WORDS);
  return joined(shortestEdit(lines(before), lines(after)));
}

/** Myers' shortest edit script, after what is the same at both ends was put aside. */
function shortestEdit(old, now) {
  let head = 0;
  while (head < old.length && head < now.length && old[head] === now[head]) head++;
  let tail = 0;
  while (tail < old.length - head && tail < now.length - head && old.at(-1 - tail) === now.at(-1 - tail)) tail++;
  const same = (pieces) => pieces.map((text) => ({ kind: "same", text }));
  const middle = edit(old.slice(head, old.length - tail), now.slice(head, now.length - tail));
  return [...same(old.slice(0, head)), ...middle, ...same(old.slice(old.length - tail))];
}

// Beyond so many steps two texts have little in common: the rest is told as gone and new.
const MOST_STEPS = 1500;

function edit(old, now) {
  const trail = forward(old, now);
  if (!trail) return [...old.map((text) => ({ kind: "removed", text })), ...now.map((text) => ({ kind: "added", text }))];
  const told = [];
  let [x, y] = [old.length, now.length];
  for (let step = trail.length - 1; step >= 0; step--) {
    const reached = trail[step];
    const k = x - y;
    const isDown = k === -step || (k !== step && at(reached, k - 1) < at(reached, k + 1));
    const before = isDown ? k + 1 : k - 1;
    const [fromX, fromY] = step ? [at(reached, before), at(reached, before) - before] : [0, 0];
    while (x > fromX && y > fromY) {
      y--;
      told.push({ kind: "same", text: old[--x] });
    }
    if (step) told.push(isDown ? { kind: "added", text: now[--y] } : { kind: "removed", text: old[--x] });
  }
  return told.reverse();
}

function at(reached, k) {
  return reached.get(k) ?? -1;
}

/** How far each diagonal reaches after each step; null when there are too many steps. */
function forward(old, now) {
  const reached = new Map([[1, 0]]);
  const trail = [];
  for (let step = 0; step <= Math.min(old.length + now.length, MOST_STEPS); step++) {
    trail.push(new Map(reached));
    for (let k = -step; k <= step; k += 2) {
      const isDown = k === -step || (k !== step && at(reached, k - 1) < at(reached, k + 1));
      let x = isDown ? at(reached, k + 1) : at(reached, k - 1) + 1;
      let y = x - k;
      while (x < old.length && y < now.length && old[x] === now[y]) [x, y] = [x + 1, y + 1];
      reached.set(k, x);
      if (x >= old.length && y >= now.length) return trail;
    }
  }
  return null;
}

function joined(pieces) {
  const whole = [];
  for (const { kind, text } of pieces) {
    if (whole.at(-1)?.kind === kind) whole.at(-1).text += text;
    else whole.push({ kind, text });
  }
  return whole;
}

/** What differs between two JSON values: `{path, before, after}`, undefined where one of them has nothing. */
export function jsonDifferences(before, after, path = "$") {
  if (isHolder(before) && isHolder(after) && Array.isArray(before) === Array.isArray(after)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return names.flatMap((name) => jsonDifferences(before[name], after[name], stepTo(path, name, Array.isArray(before))));
  }
  return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ path, before, after }];
}

function isHolder(value) {
  return value !== null && typeof value === "object";
}

function stepTo(path, name, isItem) {
  if (isItem) return `${path}[${name}]`;
  return /^[\p{L}_][\p{L}\p{N}_]*$/u.test(name) ? `${path}.${name}` : `${path}[${JSON.stringify(name)}]`;
}

/** The JSON of an answer: its text when that is JSON, fenced or not, else its whole value, else its tools' arguments. */
export function jsonOf(blocks) {
  const text = blocks.filter(({ kind }) => kind === "text").map((block) => block.text).join("");
  const fenced = text.match(/```(?:json)?[^\S\n]*\n([^]*?)```/)?.[1];
  for (const candidate of [text, fenced]) {
    const value = candidate === undefined ? undefined : parsed(candidate);
    if (isHolder(value)) return value;
  }
  const whole = blocks.find(({ kind }) => kind === "json");
  if (whole) return whole.value;
  const tools = blocks.filter(({ kind }) => kind === "tool_call");
  return tools.length ? tools.map(({ name, text: told }) => ({ tool: name, arguments: parsed(told) ?? told })) : undefined;
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
