// Edits of a JSON text. Each returns the new text, with everything around the edited place byte for byte as it was.

import { laidOut } from "./spelling.js";
import { parse } from "./syntax.js";
import { holderOf, partsOf } from "./pointer.js";

const UNIT = "  ";

/** The node a pointer leads to, or null. With a key given twice the last one counts, as for every JSON reader. */
export function nodeAt(root, pointer) {
  let node = root;
  for (const part of partsOf(pointer)) {
    if (!node) return null;
    if (node.type === "object") node = memberOf(node, part)?.value;
    else if (node.type === "array") node = /^(?:0|[1-9]\d*)$/.test(part) ? node.items[Number(part)] : null;
    else return null;
  }
  return node ?? null;
}

/** The member of an object node that a key names. */
export function memberOf(node, key) {
  return node.members.findLast((member) => member.key === key) ?? null;
}

/** Replace the value at a pointer, or add it: at the end, or after the first of the keys `after` that is there. */
export function withValue(tree, pointer, valueText, { after } = {}) {
  const node = nodeAt(tree.root, pointer);
  if (node) return spliced(tree.text, node.start, node.end, valueText);
  return withMember(withHolder(tree, holderOf(pointer).holder), pointer, valueText, after);
}

function withHolder(tree, holder) {
  const node = nodeAt(tree.root, holder);
  if (node?.type === "object") return tree;
  if (node) return parse(spliced(tree.text, node.start, node.end, "{}"));
  return parse(withValue(tree, holder, "{}"));
}

function withMember(tree, pointer, valueText, after) {
  const { holder, key } = holderOf(pointer);
  const object = nodeAt(tree.root, holder);
  const head = JSON.stringify(key) + colonOf(tree.text, object);
  const margin = marginOf(tree.text, object);
  const value = margin === null ? valueText : laidOut(valueText, UNIT, margin);
  return withChild(tree.text, object, spansOf(object), placeAfter(object, after), head + value);
}

/** Where a new member stands: after the nearest of `after` that is there, first for an empty list, else last. */
export function placeAfter(object, after) {
  if (!after) return object.members.length;
  for (const key of after) {
    const index = object.members.findLastIndex((member) => member.key === key);
    if (index >= 0) return index + 1;
  }
  return 0;
}

/** Add an item to the array at a pointer. */
export function withItem(tree, pointer, index, valueText) {
  const array = nodeAt(tree.root, pointer);
  const margin = marginOf(tree.text, array);
  return withChild(tree.text, array, spansOf(array), index, margin === null ? valueText : laidOut(valueText, UNIT, margin));
}

/** Take the value at a pointer out, with its comma and its line. */
export function without(tree, pointer) {
  const { holder } = holderOf(pointer);
  const node = nodeAt(tree.root, holder);
  if (node && nodeAt(tree.root, pointer) && spansOf(node).length === 1) return spliced(tree.text, node.start + 1, node.end - 1, "");
  return takenOut(tree, pointer)?.text ?? tree.text;
}

/**
 * Take the member or item at a pointer out and tell how it stood: `{text, taken: {head, valueText, gap, lead}}`,
 * or null when there is nothing. `gap` is what parted it from its neighbour, `lead` its place in an otherwise empty holder.
 */
export function takenOut(tree, pointer) {
  const { holder, key } = holderOf(pointer);
  const node = nodeAt(tree.root, holder);
  if (!node || !nodeAt(tree.root, pointer)) return null;
  const index = node.type === "object" ? node.members.findLastIndex((member) => member.key === key) : Number(key);
  const spans = spansOf(node);
  const [from, to] = clearedSpan(spans, index);
  const value = node.type === "object" ? node.members[index].value : node.items[index];
  const [start, end] = spans[index];
  const taken = {
    head: tree.text.slice(start, value.start),
    valueText: tree.text.slice(value.start, value.end),
    gap: index > 0 ? tree.text.slice(from, start) : tree.text.slice(end, to),
    lead: start - node.start - 1,
  };
  return { text: spliced(tree.text, from, to, ""), taken };
}

function clearedSpan(spans, index) {
  if (index > 0) return [spans[index - 1][1], spans[index][1]];
  if (spans.length > 1) return [spans[0][0], spans[1][0]];
  return spans[0];
}

/** Put what was taken out back: a member after the nearest of the keys `after` that is there, an item as the `at`th. */
export function putBack(tree, pointer, taken) {
  const { holder } = holderOf(pointer);
  const held = taken.head === "" && nodeAt(tree.root, holder)?.type === "array" ? tree : withHolder(tree, holder);
  const node = nodeAt(held.root, holder);
  const spans = spansOf(node);
  const child = taken.head + taken.valueText;
  if (!spans.length) return putAlone(held.text, node, child, taken.lead);
  const index = node.type === "object" ? placeAfter(node, taken.after) : Math.min(taken.at, spans.length);
  const gap = taken.gap || gapOf(held.text, node, spans);
  if (index === 0) return spliced(held.text, spans[0][0], spans[0][0], child + gap);
  return spliced(held.text, spans[index - 1][1], spans[index - 1][1], gap + child);
}

function putAlone(text, object, child, lead) {
  const at = Math.min(object.start + 1 + lead, object.end - 1);
  return spliced(text, at, at, child);
}

/** Move an item of an array; all items keep their spelling. */
export function moved(tree, pointer, from, to) {
  const array = nodeAt(tree.root, pointer);
  const texts = array.items.map((item) => tree.text.slice(item.start, item.end));
  texts.splice(to, 0, ...texts.splice(from, 1));
  let text = "";
  let at = array.start;
  array.items.forEach((item, index) => {
    text += tree.text.slice(at, item.start) + texts[index];
    at = item.end;
  });
  return tree.text.slice(0, array.start) + text + tree.text.slice(at);
}

/** Rename the member at a pointer in its place. */
export function renamed(tree, pointer, name) {
  const { holder, key } = holderOf(pointer);
  const member = memberOf(nodeAt(tree.root, holder), key);
  return spliced(tree.text, member.keyStart, member.keyEnd, JSON.stringify(name));
}

function withChild(text, node, spans, index, child) {
  if (!spans.length) {
    const margin = marginOf(text, node);
    const inside = margin === null ? child : `\n${margin}${child}\n${margin.slice(UNIT.length)}`;
    return spliced(text, node.start + 1, node.end - 1, inside);
  }
  const gap = gapOf(text, node, spans);
  if (index === 0) return spliced(text, spans[0][0], spans[0][0], child + gap);
  const end = spans[Math.min(index, spans.length) - 1][1];
  return spliced(text, end, end, gap + child);
}

function spansOf(node) {
  return node.members?.map((member) => [member.keyStart, member.value.end]) ?? node.items.map((item) => [item.start, item.end]);
}

// What parts two neighbours: taken from the text, so that a new one looks like those around it.
function gapOf(text, node, spans) {
  if (spans.length > 1) return text.slice(spans.at(-2)[1], spans.at(-1)[0]);
  return "," + (text.slice(node.start + 1, spans[0][0]) || (text.includes("\n") ? "" : " "));
}

function colonOf(text, object) {
  const last = object.members.at(-1);
  return last ? text.slice(last.keyEnd, last.value.start) : ": ";
}

// The indent of a node's children, or null when they stand on one line with it.
function marginOf(text, node) {
  const [first] = spansOf(node);
  if (first) return /\n([ \t]*)$/.exec(text.slice(node.start + 1, first[0]))?.[1] ?? null;
  if (!text.includes("\n") && node.start > 0) return null;
  const line = text.slice(text.lastIndexOf("\n", node.start) + 1, node.start);
  return /^[ \t]*/.exec(line)[0] + UNIT;
}

function spliced(text, from, to, insert) {
  return text.slice(0, from) + insert + text.slice(to);
}
