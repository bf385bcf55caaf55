// A body that is being written: its text, and beside it the values that are switched off but not lost.
//
// `off` maps a pointer to {head, valueText, gap, lead, after, reason?}: how the member stood when it was taken out.
// A draft never changes; every edit makes a new one.

import { holderOf, isWithin, partsOf, pointerOf } from "./pointer.js";
import { moved, nodeAt, putBack, renamed, takenOut, withItem, withValue, without } from "./editing.js";
import { decoded, parse } from "./syntax.js";

export class Draft {
  /** @param {string} text @param {object} off */
  constructor(text, off = {}) {
    this.text = text;
    this.off = off;
    this.tree = parse(text);
    this.#keptTrees = new Map();
  }

  #keptTrees;

  /** What is wrong with the text itself, or null. */
  get broken() {
    return this.tree.broken;
  }

  /** A draft with another text; switched-off values that the new text sends are let go. */
  withText(text) {
    const next = new Draft(text, this.off);
    if (next.broken) return next;
    const off = Object.fromEntries(Object.entries(this.off).filter(([pointer]) => !nodeAt(next.tree.root, pointer)));
    return new Draft(text, off);
  }

  /** Whether a value will be sent. */
  sends(pointer) {
    return Boolean(this.tree.root && nodeAt(this.tree.root, pointer));
  }

  /** The pointer of the switched-off value that holds this one, itself included; null when it is sent or absent. */
  offAt(pointer) {
    if (this.sends(pointer)) return null;
    const holders = Object.keys(this.off).filter((off) => isWithin(pointer, off));
    return holders.sort((a, b) => b.length - a.length)[0] ?? null;
  }

  /** The node of a value and the text it stands in, sent or switched off; null when there is none. */
  at(pointer) {
    const sent = this.tree.root && nodeAt(this.tree.root, pointer);
    if (sent) return { text: this.text, node: sent };
    const off = this.offAt(pointer);
    if (off === null) return null;
    const kept = this.#kept(off);
    const node = kept.root && nodeAt(kept.root, pointer.slice(off.length));
    return node ? { text: kept.text, node } : null;
  }

  /** The text of a value, sent or switched off; undefined when there is none. */
  get(pointer) {
    const found = this.at(pointer);
    return found ? found.text.slice(found.node.start, found.node.end) : undefined;
  }

  /** The type of a value, or undefined. */
  typeOf(pointer) {
    return this.at(pointer)?.node.type;
  }

  /** The JavaScript string of a string value, or undefined when it is none. */
  string(pointer) {
    const found = this.at(pointer);
    return found?.node.type === "string" ? decoded(found.text, found.node) : undefined;
  }

  /** How many items a list has. */
  length(pointer) {
    return this.at(pointer)?.node.items?.length ?? 0;
  }

  /** The keys of an object, sent and switched off, in their order. */
  keys(pointer) {
    const members = this.at(pointer)?.node.members ?? [];
    return this.#withOffKeys(pointer, [...new Set(members.map((member) => member.key))]);
  }

  #withOffKeys(pointer, keys) {
    const waiting = Object.keys(this.off).filter((off) => off !== "" && holderOf(off).holder === pointer);
    for (const off of waiting) {
      const { key } = holderOf(off);
      if (keys.includes(key)) continue;
      const before = this.off[off].after.find((each) => keys.includes(each));
      keys.splice(before === undefined ? 0 : keys.indexOf(before) + 1, 0, key);
    }
    return keys;
  }

  /** Give a value; a switched-off one stays switched off. */
  set(pointer, valueText, place = {}) {
    const off = this.offAt(pointer);
    if (off === null) return this.#next(withValue(this.tree, pointer, valueText, place));
    const inside = pointer.slice(off.length);
    return this.#keeping(off, inside === "" ? valueText : withValue(this.#kept(off), inside, valueText, place));
  }

  /** Take a value out of the text but keep it. */
  switchOff(pointer, reason) {
    const tree = this.#treeOf(pointer);
    const out = takenOut(tree.tree, pointer.slice(tree.at.length));
    if (!out) return this;
    const entry = { ...out.taken, after: this.#before(pointer), ...(reason && { reason }) };
    return tree.give(out.text).#withOff({ [pointer]: entry });
  }

  /** Send a kept value again, where it stood. */
  switchOn(pointer) {
    const entry = this.off[pointer];
    if (!entry) return this;
    const { [pointer]: _, ...rest } = this.off;
    const next = new Draft(this.text, rest);
    const tree = next.#treeOf(pointer);
    return tree.give(putBack(tree.tree, pointer.slice(tree.at.length), entry, entry.after));
  }

  /** Take a value out and forget it, and what was switched off inside it. */
  remove(pointer) {
    const { holder, key } = holderOf(pointer);
    const inList = this.typeOf(holder) === "array";
    const off = this.offAt(pointer);
    let next = this.#withoutOff(pointer);
    if (off !== pointer) {
      const tree = next.#treeOf(pointer);
      next = tree.give(without(tree.tree, pointer.slice(tree.at.length)));
    }
    return inList ? next.#shifted(holder, (index) => (index > Number(key) ? index - 1 : index)) : next;
  }

  /** Add an item to a list. */
  insert(pointer, index, valueText) {
    const tree = this.#treeOf(pointer);
    const next = tree.give(withItem(tree.tree, pointer.slice(tree.at.length), index, valueText));
    return next.#shifted(pointer, (each) => (each >= index ? each + 1 : each));
  }

  /** Move an item of a list. */
  move(pointer, from, to) {
    const tree = this.#treeOf(pointer);
    const next = tree.give(moved(tree.tree, pointer.slice(tree.at.length), from, to));
    const step = from < to ? -1 : 1;
    return next.#shifted(pointer, (each) => {
      if (each === from) return to;
      return each >= Math.min(from, to) && each <= Math.max(from, to) ? each + step : each;
    });
  }

  /** Give a member another name in its place. */
  rename(pointer, name) {
    const tree = this.#treeOf(pointer);
    return tree.give(renamed(tree.tree, pointer.slice(tree.at.length), name));
  }

  /** How many members the text sends at its top. */
  get sentCount() {
    return this.tree.root?.members?.length ?? 0;
  }

  // The keys before this one, nearest first, switched-off ones included.
  #before(pointer) {
    const { holder, key } = holderOf(pointer);
    const keys = this.keys(holder);
    return keys.slice(0, keys.indexOf(key)).reverse();
  }

  // The text in which a value stands: the body, or the kept text of a switched-off holder.
  #treeOf(pointer) {
    const off = Object.keys(this.off)
      .filter((each) => each !== pointer && isWithin(pointer, each) && !this.sends(each))
      .sort((a, b) => b.length - a.length)[0];
    if (off === undefined) return { tree: this.tree, at: "", give: (text) => this.#next(text) };
    return { tree: this.#kept(off), at: off, give: (text) => this.#keeping(off, text) };
  }

  #kept(off) {
    if (!this.#keptTrees.has(off)) this.#keptTrees.set(off, parse(this.off[off].valueText));
    return this.#keptTrees.get(off);
  }

  #keeping(off, valueText) {
    return this.#withOff({ [off]: { ...this.off[off], valueText } });
  }

  #withOff(entries) {
    return new Draft(this.text, { ...this.off, ...entries });
  }

  #withoutOff(pointer) {
    const off = Object.fromEntries(Object.entries(this.off).filter(([each]) => !isWithin(each, pointer)));
    return new Draft(this.text, off);
  }

  #next(text) {
    return new Draft(text, this.off);
  }

  // After a list changed, what is switched off inside its items keeps to them.
  #shifted(list, indexOf) {
    const depth = partsOf(list).length;
    const off = Object.entries(this.off).map(([pointer, entry]) => {
      if (pointer === list || !isWithin(pointer, list)) return [pointer, entry];
      const parts = partsOf(pointer);
      parts[depth] = indexOf(Number(parts[depth]));
      return [pointerOf(parts), entry];
    });
    return new Draft(this.text, Object.fromEntries(off));
  }
}

