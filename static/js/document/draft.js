// A body that is being written: its text, and beside it the values that are switched off but not lost.
//
// `off` maps a pointer to {head, valueText, gap, lead, after | at, reason?}: how the value stood when it was taken out.
// A member keeps its pointer. An item of a list gets one that no index can have (`/messages/off:1`) and remembers how many
// sent items stand before it; entries of one list stand in the list's order. A draft never changes: every edit makes a new one.

import { childOf, holderOf, isWithin, partsOf, pointerOf } from "./pointer.js";
import { moved, nodeAt, putBack, renamed, takenOut, withItem, withValue, without } from "./editing.js";
import { decoded, parse } from "./syntax.js";

export class Draft {
  #keptTrees = new Map();

  /** @param {string} text @param {object} off */
  constructor(text, off = {}) {
    this.text = text;
    this.off = off;
    this.tree = parse(text);
  }

  /** What is wrong with the text itself, or null. */
  get broken() {
    return this.tree.broken;
  }

  /** How many members the text sends at its top. */
  get sentCount() {
    return this.tree.root?.members?.length ?? 0;
  }

  /** A draft with another text; switched-off members that the new text sends are let go. */
  withText(text) {
    const next = new Draft(text, this.off);
    return next.broken ? next : next.#keepingOnly((pointer) => !next.sends(pointer));
  }

  // --- reading ---------------------------------------------------------------------------------------------------

  /** Whether a value will be sent. */
  sends(pointer) {
    return Boolean(this.tree.root && nodeAt(this.tree.root, pointer));
  }

  /** The pointer of the switched-off value that holds this one, itself included; null when it is sent or absent. */
  offAt(pointer) {
    if (this.sends(pointer)) return null;
    return longest(Object.keys(this.off).filter((off) => isWithin(pointer, off)));
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

  /** How many items a list sends. */
  length(pointer) {
    return this.at(pointer)?.node.items?.length ?? 0;
  }

  /** The keys of an object, sent and switched off, in their order. */
  keys(pointer) {
    const members = this.at(pointer)?.node.members ?? [];
    const keys = [...new Set(members.map((member) => member.key))];
    for (const [off, entry] of Object.entries(this.off)) {
      if (!entry.after || holderOf(off).holder !== pointer) continue;
      const { key } = holderOf(off);
      if (keys.includes(key)) continue;
      const before = entry.after.find((each) => keys.includes(each));
      keys.splice(before === undefined ? 0 : keys.indexOf(before) + 1, 0, key);
    }
    return keys;
  }

  /** The tokens of a list's items in their order: indexes of those that are sent, names of those switched off. */
  items(pointer) {
    const tokens = Array.from({ length: this.length(pointer) }, (_, index) => String(index));
    for (const [off, entry] of this.#offItems(pointer).reverse()) {
      tokens.splice(Math.min(entry.at, tokens.length), 0, holderOf(off).key);
    }
    return tokens;
  }

  // --- editing ---------------------------------------------------------------------------------------------------

  /** Give a value; a switched-off one stays switched off. */
  set(pointer, valueText, place = {}) {
    const off = this.offAt(pointer);
    if (off === null) return this.#next(withValue(this.tree, pointer, valueText, place));
    const inside = pointer.slice(off.length);
    return this.#keeping(off, inside === "" ? valueText : withValue(this.#kept(off), inside, valueText, place));
  }

  /** Take a value out of the text but keep it. */
  switchOff(pointer, reason) {
    const { tree, inside, give } = this.#placeOf(pointer);
    const out = takenOut(tree, inside);
    if (!out) return this;
    const { holder, key } = holderOf(pointer);
    const kept = { ...out.taken, ...(reason && { reason }) };
    if (this.typeOf(holder) === "array") return give(out.text).#withItemOff(holder, Number(key), kept);
    return give(out.text).#withOff({ [pointer]: { ...kept, after: this.#before(pointer) } });
  }

  /** Send a kept value again, where it stood. */
  switchOn(pointer) {
    const { [pointer]: entry, ...rest } = this.off;
    if (!entry) return this;
    const bare = new Draft(this.text, rest);
    const { tree, inside, give } = bare.#placeOf(pointer);
    const next = give(putBack(tree, inside, entry));
    return entry.at === undefined ? next : next.#withItemOn(pointer, entry, this.#offItems(holderOf(pointer).holder));
  }

  /** Take a value out and forget it, and what was switched off inside it. */
  remove(pointer) {
    const { holder, key } = holderOf(pointer);
    const next = this.#keepingOnly((each) => !isWithin(each, pointer));
    if (this.off[pointer] && !this.sends(pointer)) return next;
    const { tree, inside, give } = next.#placeOf(pointer);
    const removed = give(without(tree, inside));
    return this.typeOf(holder) === "array" ? removed.#shifted(holder, ...closing(Number(key))) : removed;
  }

  /** Add an item to a list. */
  insert(pointer, index, valueText) {
    const { tree, inside, give } = this.#placeOf(pointer);
    return give(withItem(tree, inside, index, valueText)).#shifted(pointer, ...opening(index));
  }

  /** Move a sent item of a list. */
  move(pointer, from, to) {
    const { tree, inside, give } = this.#placeOf(pointer);
    const parked = "moving";
    const [closeIndex, closeAt] = closing(from);
    const [openIndex, openAt] = opening(to);
    return give(moved(tree, inside, from, to))
      .#shifted(pointer, (index) => (index === from ? parked : closeIndex(index)), closeAt)
      .#shifted(pointer, (index) => (Number.isNaN(index) ? to : openIndex(index)), openAt);
  }

  /** Give a member another name in its place. */
  rename(pointer, name) {
    const { tree, inside, give } = this.#placeOf(pointer);
    return give(renamed(tree, inside, name));
  }

  // --- what is switched off --------------------------------------------------------------------------------------

  // The keys before this one, nearest first, switched-off ones included.
  #before(pointer) {
    const { holder, key } = holderOf(pointer);
    const keys = this.keys(holder);
    return keys.slice(0, keys.indexOf(key)).reverse();
  }

  #offItems(list) {
    return Object.entries(this.off).filter(([off, entry]) => entry.at !== undefined && holderOf(off).holder === list);
  }

  #withItemOff(list, index, kept) {
    const waiting = this.#offItems(list);
    const follower = waiting.find(([, entry]) => entry.at > index)?.[0];
    const numbers = waiting.map(([off]) => Number(off.split(":").at(-1)));
    const token = `off:${Math.max(0, ...numbers) + 1}`;
    const closed = this.#shifted(list, (each) => (each === index ? token : closing(index)[0](each)), closing(index)[1]);
    const entries = Object.entries(closed.off);
    const place = follower ? entries.findIndex(([off]) => off === follower) : entries.length;
    entries.splice(place, 0, [childOf(list, token), { ...kept, at: index }]);
    return new Draft(closed.text, Object.fromEntries(entries));
  }

  #withItemOn(pointer, entry, siblings) {
    const { holder, key } = holderOf(pointer);
    const index = Math.min(entry.at, this.length(holder) - 1);
    const later = siblings.slice(siblings.findIndex(([off]) => off === pointer) + 1).map(([off]) => off);
    const opened = this.#shifted(holder, (each, token) => (token === key ? index : opening(index)[0](each)), (at) => at);
    const off = Object.entries(opened.off).map(([each, kept]) => [each, later.includes(each) ? { ...kept, at: kept.at + 1 } : kept]);
    return new Draft(opened.text, Object.fromEntries(off));
  }

  // After a list changed, what is switched off in it and inside its items keeps its place.
  #shifted(list, indexOf, placeOf) {
    const depth = partsOf(list).length;
    const off = Object.entries(this.off).map(([pointer, entry]) => {
      if (pointer === list || !isWithin(pointer, list)) return [pointer, entry];
      if (entry.at !== undefined && holderOf(pointer).holder === list) return [pointer, { ...entry, at: placeOf(entry.at) }];
      const parts = partsOf(pointer);
      const next = indexOf(Number(parts[depth]), parts[depth]);
      if (!Number.isNaN(next)) parts[depth] = next;
      return [pointerOf(parts), entry];
    });
    return new Draft(this.text, Object.fromEntries(off));
  }

  // The text in which a value stands: the body, or the kept text of a switched-off holder.
  #placeOf(pointer) {
    const holders = Object.keys(this.off).filter((off) => off !== pointer && isWithin(pointer, off) && !this.sends(off));
    const off = longest(holders);
    if (off === null) return { tree: this.tree, inside: pointer, give: (text) => this.#next(text) };
    return { tree: this.#kept(off), inside: pointer.slice(off.length), give: (text) => this.#keeping(off, text) };
  }

  #kept(off) {
    if (!this.#keptTrees.has(off)) this.#keptTrees.set(off, parse(this.off[off].valueText));
    return this.#keptTrees.get(off);
  }

  #keeping(off, valueText) {
    return this.#withOff({ [off]: { ...this.off[off], valueText } });
  }

  #keepingOnly(wanted) {
    return new Draft(this.text, Object.fromEntries(Object.entries(this.off).filter(([pointer]) => wanted(pointer))));
  }

  #withOff(entries) {
    return new Draft(this.text, { ...this.off, ...entries });
  }

  #next(text) {
    return new Draft(text, this.off);
  }
}

function longest(pointers) {
  return pointers.reduce((best, each) => (best === null || each.length > best.length ? each : best), null);
}

// How indexes, and counts of what stands before, change when an item at `index` goes or comes.
function closing(index) {
  return [(each) => (each > index ? each - 1 : each), (at) => (at > index ? at - 1 : at)];
}

function opening(index) {
  return [(each) => (each >= index ? each + 1 : each), (at) => (at > index ? at + 1 : at)];
}
