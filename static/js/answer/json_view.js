// JSON to look at: coloured when it is small, a tree that unfolds when it is big.

import { element } from "../page.js";
import { childOf } from "../document/pointer.js";
import { bytes, t } from "../texts.js";

const COLOURED_LIMIT = 60_000;
const LONG_STRING = 600;
const BRANCHES_AT_ONCE = 200;

const TOKEN = /("(?:[^"\\]|\\.)*"?)(\s*:)?|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\b(?:true|false|null)\b/g;

/** JSON text as coloured spans; what is no JSON stays as it is, so that a text that still grows can be shown. */
export function colouredJson(text) {
  const pieces = document.createDocumentFragment();
  let seen = 0;
  for (const match of text.matchAll(TOKEN)) {
    pieces.append(text.slice(seen, match.index), ...tokenNodes(match));
    seen = match.index + match[0].length;
  }
  pieces.append(text.slice(seen));
  return pieces;
}

function tokenNodes([whole, string, colon]) {
  if (string && colon) return [element("span.code-key", {}, string), colon];
  if (string) return [stringNode(string)];
  return [element(/^[-\d]/.test(whole) ? "span.code-number" : "span.code-word", {}, whole)];
}

/** A string; a long one shows its beginning and how much more there is. */
function stringNode(string) {
  if (string.length <= LONG_STRING) return element("span.code-string", {}, string);
  const more = element("button.code-more", { type: "button" }, `… ${bytes(string.length)}`);
  const shown = element("span.code-string", {}, string.slice(0, LONG_STRING / 2), more);
  more.addEventListener("click", () => shown.replaceChildren(string));
  return shown;
}

/** A value as JSON to look at, small or big. */
export function jsonNode(value) {
  const text = JSON.stringify(value, null, 2) ?? "null";
  if (text.length <= COLOURED_LIMIT) return element("pre.code", {}, colouredJson(text));
  return jsonTree(value);
}

/** A value as a tree that folds: `open` levels of it stand open, what is at one of the `marked` pointers is marked. */
export function jsonTree(value, { open = 1, marked = new Set() } = {}) {
  return element("div.code.json-tree", {}, branch(null, value, { pointer: "", open, marked }));
}

/** A text that should be JSON: pretty when it is, exact when `exact` asks for it or it isn't. */
export function jsonTextNode(text, { exact = false } = {}) {
  if (!exact || text.length > COLOURED_LIMIT) {
    try {
      return jsonNode(JSON.parse(text));
    } catch {
      // Not JSON, or not yet: shown as it came.
    }
  }
  return element("pre.code", {}, text.length <= COLOURED_LIMIT * 4 ? colouredJson(text) : text);
}

function branch(name, value, place) {
  const key = name === null ? null : element("span.code-key", {}, typeof name === "number" ? String(name) : JSON.stringify(name));
  const label = key ? [key, ": "] : [];
  const mark = place.marked.has(place.pointer) ? ".is-marked" : "";
  if (value === null || typeof value !== "object") {
    return element(`div.json-leaf${mark}`, {}, ...label, colouredJson(JSON.stringify(value)));
  }
  const entries = Array.isArray(value) ? value.map((each, index) => [index, each]) : Object.entries(value);
  const size = Array.isArray(value) ? `[${entries.length}]` : `{${entries.length}}`;
  const isOpen = place.open > 0;
  const details = element(`details.json-branch${mark}`, { open: isOpen }, element("summary", {}, ...label, element("span.muted", {}, size)));
  const fill = () => details.childElementCount === 1 && grow(details, entries, 0, place);
  if (isOpen) fill();
  details.addEventListener("toggle", fill, { once: true });
  return details;
}

function grow(details, entries, from, place) {
  const upTo = from + BRANCHES_AT_ONCE;
  const inside = (name) => ({ ...place, pointer: childOf(place.pointer, name), open: place.open - 1 });
  details.append(...entries.slice(from, upTo).map(([name, value]) => branch(name, value, inside(name))));
  if (upTo >= entries.length) return;
  const more = element("button.code-more", { type: "button" }, t("{n} more", { n: entries.length - upTo }));
  more.addEventListener("click", () => (more.remove(), grow(details, entries, upTo, place)));
  details.append(more);
}
