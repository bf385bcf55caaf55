// The foot of the request: what will happen if Send is pressed, and that nothing typed is lost.

import { bytes, count, money, t } from "../texts.js";
import { estimateOf } from "./estimate.js";
import { badRows } from "./headers_tab.js";

const STATES = {
  "": "",
  saving: t("Saving the draft…"),
  kept: t("Draft kept"),
  here: t("Draft kept on this device"),
  elsewhere: t("Changed elsewhere"),
};
const encoder = new TextEncoder();

function titleOf(given, limit) {
  if (given === null) return t("Estimated by the price list of the chosen key");
  const told = { given: count(given), limit: limit === null ? "" : count(limit) };
  if (limit === null) return t("Estimated: about {given} tokens go in; the answer comes on top", told);
  return t("Estimated: about {given} tokens go in, at most {limit} come out", told);
}
const HEAVY = 1_000_000;

/** Draws the foot below `root` and keeps it up with the desk. */
export class Foot {
  #timer = null;

  constructor(root, desk, { onProblems }) {
    this.root = root;
    this.desk = desk;
    this.#part("problems").addEventListener("click", onProblems);
    for (const event of ["open", "change", "problems", "stock"]) desk.addEventListener(event, () => this.#later());
  }

  /** Say what became of the draft. */
  kept(state) {
    const place = this.#part("kept");
    place.dataset.state = state;
    place.textContent = STATES[state];
  }

  // Counting the bytes of a large body at each letter would be felt: that waits until nobody types.
  #later() {
    const heavy = this.desk.draft.text.length > HEAVY;
    if (heavy) clearTimeout(this.#timer);
    else if (this.#timer) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#draw();
    }, heavy ? 1000 : 60);
  }

  #draw() {
    const { desk } = this;
    // The shelf of the key may be there before an operation is.
    if (!desk.operation) return;
    const isCall = desk.operation.kind === "operation";
    this.#part("sends").hidden = !isCall || !desk.hasBody || Boolean(desk.draft.broken);
    const fields = desk.draft.sentCount;
    this.#part("sends").lastElementChild.textContent = fields === 1 ? t("Sends 1 field") : t("Sends {n} fields", { n: count(fields) });
    this.#part("size").textContent = isCall && desk.hasBody ? bytes(encoder.encode(desk.draft.text).length) : "";
    this.#drawEstimate(isCall && desk.hasBody ? estimateOf(desk, desk.shelf?.price(desk.model)) : null);
    this.#drawProblems(isCall ? desk.problems.length + badRows(desk) + (desk.hasBody && desk.draft.broken ? 1 : 0) : 0);
  }

  #drawEstimate(estimate) {
    const place = this.#part("estimate");
    place.hidden = estimate === null;
    if (!estimate) return;
    const { least, most, unit, given, limit } = estimate;
    const told = { least: money(least, unit), most: most === null ? "" : money(most, unit) };
    if (most === null) place.textContent = t("from about {least}", told);
    else place.textContent = least === most ? t("about {least}", told) : t("about {least} to {most}", told);
    place.title = titleOf(given, limit);
  }

  #drawProblems(number) {
    const place = this.#part("problems");
    place.hidden = number === 0;
    place.querySelector("span").textContent = number === 1 ? t("1 hint") : t("{n} hints", { n: count(number) });
  }

  #part(name) {
    return this.root.querySelector(`[data-part="${name}"]`);
  }
}
