// How values are spelled as JSON text, and how texts are laid out without touching what they say.

import { parse } from "./syntax.js";

const NUMBER_TEXT = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** The JSON text of a plain value. Only for values that were made here: a text that came from elsewhere stays text. */
export function spelled(value, indent = 0) {
  return JSON.stringify(value, null, indent);
}

/** Whether a text is one JSON number, spelled as JSON wants it. */
export function isNumber(text) {
  return NUMBER_TEXT.test(text);
}

/** Whether a text is one JSON number without fraction: `1e3` and `1.0` count as whole. */
export function isWhole(text) {
  return isNumber(text) && Number.isInteger(Number(text));
}

/** The same JSON laid out with an indent; every token keeps its spelling. A broken text comes back as it is. */
export function laidOut(text, indent = "  ", margin = "") {
  const { root } = parse(text);
  return root ? written(text, root, (depth) => "\n" + margin + indent.repeat(depth), ": ", 0) : text;
}

/** The same JSON without any space between its tokens. A broken text comes back as it is. */
export function pressed(text) {
  const { root } = parse(text);
  return root ? written(text, root, () => "", ":", 0) : text;
}

function written(text, node, lineAt, colon, depth) {
  const children =
    node.members?.map(
      (member) => text.slice(member.keyStart, member.keyEnd) + colon + written(text, member.value, lineAt, colon, depth + 1),
    ) ?? node.items?.map((item) => written(text, item, lineAt, colon, depth + 1));
  if (!children) return text.slice(node.start, node.end);
  const [open, close] = node.type === "object" ? "{}" : "[]";
  if (!children.length) return open + close;
  return open + lineAt(depth + 1) + children.join("," + lineAt(depth + 1)) + lineAt(depth) + close;
}
