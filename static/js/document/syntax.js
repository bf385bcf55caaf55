// JSON text → a tree of spans. Values stay text: nothing is decoded that nobody asks for, so nothing is lost.
//
// A node is {type, start, end}; an object has `members` ({key, keyStart, keyEnd, value}), an array `items`.
// `type` is one of object, array, string, number, true, false, null.

import { pointerOf } from "./pointer.js";

export const DEEPEST = 200;

const SPACE = /[ \t\n\r]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const STRING_STOP = /["\\\u0000-\u001f]/g;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const WORDS = { t: "true", f: "false", n: "null" };

/** Where a text stops being JSON: `code` says how, `at` where. */
export class BrokenText extends Error {
  constructor(code, at) {
    super(`${code} at ${at}`);
    this.code = code;
    this.at = at;
  }
}

/** What a text says: `{text, root, doubles}`, or `{text, broken}` when it is no JSON. */
export function parse(text) {
  try {
    const reader = new Reader(text);
    const root = reader.whole();
    return { text, root, doubles: reader.doubles, broken: null };
  } catch (broken) {
    if (!(broken instanceof BrokenText)) throw broken;
    return { text, root: null, doubles: [], broken };
  }
}

class Reader {
  constructor(text) {
    this.text = text;
    this.at = 0;
    this.depth = 0;
    this.path = [];
    this.doubles = [];
  }

  whole() {
    this.space();
    const root = this.value();
    this.space();
    if (this.at < this.text.length) this.fail("trailing");
    return root;
  }

  value() {
    const first = this.text[this.at];
    if (first === "{") return this.nested(this.object);
    if (first === "[") return this.nested(this.array);
    if (first === '"') return this.string();
    if (first in WORDS) return this.word(WORDS[first]);
    return this.number();
  }

  child(key) {
    this.path.push(key);
    const node = this.value();
    this.path.pop();
    return node;
  }

  nested(read) {
    if (++this.depth > DEEPEST) this.fail("too_deep");
    const node = read.call(this);
    this.depth--;
    return node;
  }

  object() {
    const start = this.at++;
    const members = [];
    const seen = new Set();
    this.space();
    if (!this.takes("}")) {
      do {
        this.space();
        members.push(this.member(seen));
        this.space();
      } while (this.takes(","));
      this.expects("}");
    }
    return { type: "object", start, end: this.at, members };
  }

  member(seen) {
    if (this.text[this.at] !== '"') this.fail("key_expected");
    const keyNode = this.string();
    const key = decoded(this.text, keyNode);
    if (seen.has(key)) this.doubles.push({ key, at: keyNode.start, pointer: pointerOf([...this.path, key]) });
    seen.add(key);
    this.space();
    this.expects(":");
    this.space();
    return { key, keyStart: keyNode.start, keyEnd: keyNode.end, value: this.child(key) };
  }

  array() {
    const start = this.at++;
    const items = [];
    this.space();
    if (!this.takes("]")) {
      do {
        this.space();
        items.push(this.child(items.length));
        this.space();
      } while (this.takes(","));
      this.expects("]");
    }
    return { type: "array", start, end: this.at, items };
  }

  string() {
    const start = this.at++;
    for (;;) {
      STRING_STOP.lastIndex = this.at;
      const stop = STRING_STOP.exec(this.text);
      this.at = stop ? stop.index : this.text.length;
      if (!stop) this.fail("string_open");
      if (stop[0] === '"') break;
      if (stop[0] !== "\\") this.fail("control_character");
      ESCAPE.lastIndex = this.at;
      if (!ESCAPE.test(this.text)) this.fail("bad_escape");
      this.at = ESCAPE.lastIndex;
    }
    return { type: "string", start, end: ++this.at };
  }

  number() {
    NUMBER.lastIndex = this.at;
    if (!NUMBER.test(this.text)) this.fail("value_expected");
    const start = this.at;
    this.at = NUMBER.lastIndex;
    if (/[\w.+-]/.test(this.text[this.at] ?? "")) this.fail("bad_number", start);
    return { type: "number", start, end: this.at };
  }

  word(word) {
    if (!this.text.startsWith(word, this.at)) this.fail("value_expected");
    const start = this.at;
    this.at += word.length;
    return { type: word, start, end: this.at };
  }

  space() {
    SPACE.lastIndex = this.at;
    SPACE.test(this.text);
    this.at = SPACE.lastIndex;
  }

  takes(sign) {
    if (this.text[this.at] !== sign) return false;
    this.at++;
    return true;
  }

  expects(sign) {
    if (!this.takes(sign)) this.fail(this.at < this.text.length ? `expected_${NAMES[sign]}` : "unfinished");
  }

  fail(code, at = this.at) {
    throw new BrokenText(code, at);
  }
}

const NAMES = { "}": "comma_or_brace", "]": "comma_or_bracket", ":": "colon" };

/** The JavaScript string of a string node. */
export function decoded(text, node) {
  const inner = text.slice(node.start + 1, node.end - 1);
  return inner.includes("\\") ? JSON.parse(`"${inner}"`) : inner;
}

/** Line and column, counted from one, of a place in a text. */
export function placeOf(text, at) {
  const before = text.slice(0, at);
  return { line: before.split("\n").length, column: at - before.lastIndexOf("\n") };
}
