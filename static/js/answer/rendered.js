// The answer as people read it: blocks in the order they arrive, each candidate in a lane of its own.

import { element } from "../page.js";
import { t } from "../texts.js";
import { DRAWERS } from "./blocks/index.js";
import { Blocks } from "./folding.js";

const CARET_PAUSE_MS = 400;
const TOLD_BY_REQUEST = ["text", "transcript", "vector", "ranking"];

/** Draws frames below `root`. `context` is handed to every drawer: the run, its usage, whether tools can be answered. */
export class Rendered {
  #drawers = new Map();
  #lanes = new Map();
  #pausing = null;

  constructor(root, context) {
    this.root = root;
    this.context = context;
    this.reset();
  }

  /** Forget everything, for another run or to play from the start. */
  reset() {
    for (const drawer of this.#drawers.values()) drawer.remove?.();
    this.#drawers.clear();
    this.#lanes.clear();
    this.blocks = new Blocks();
    this.lanes = element("div.lanes");
    this.end = element("div.lane-end");
    this.root.replaceChildren(this.lanes, this.end);
    this.root.classList.add("is-empty");
    clearTimeout(this.#pausing);
  }

  get isEmpty() {
    return this.blocks.all.length === 0;
  }

  add(frames) {
    for (const block of this.blocks.add(frames)) this.#draw(block);
    this.#flow();
  }

  /** The run's task has moved on at the gateway. */
  learn(task) {
    for (const block of this.blocks.learn(task)) this.#draw(block);
  }

  /** Whether what was asked would tell how to draw an answer like this one. */
  get wantsRequest() {
    return this.blocks.all.some(({ kind }) => TOLD_BY_REQUEST.includes(kind));
  }

  /** The body of the request is known, as `context.asked`. */
  knowRequest() {
    for (const block of this.blocks.all) if (TOLD_BY_REQUEST.includes(block.kind)) this.#draw(block);
  }

  /** No more will come: every block is closed. */
  finish() {
    clearTimeout(this.#pausing);
    this.root.classList.remove("is-flowing", "is-pausing");
    for (const block of this.blocks.all) {
      block.over = true;
      block.isOnly = this.blocks.lane(block.lane).filter(({ kind }) => kind === block.kind).length === 1;
      this.#draw(block);
    }
  }

  /** Whether a tool's result is waited for, so that nothing else can be said next. */
  get callsTools() {
    return this.blocks.all.some(({ kind }) => kind === "tool_call");
  }

  /** What was said, as text: for copying. `lane` asks for one candidate alone. */
  text(lane = null) {
    const chosen = lane === null ? [...this.blocks.lanes.values()] : [this.blocks.lanes.get(lane) ?? []];
    const lanes = chosen.map((blocks) =>
      blocks.filter(({ kind }) => kind === "text" || kind === "refusal").map(({ text }) => text).join("\n\n"),
    );
    return lanes.filter(Boolean).join("\n\n---\n\n");
  }

  #draw(block) {
    const drawer = this.#drawers.get(block) ?? this.#place(block);
    drawer?.draw(block, this.context);
  }

  #place(block) {
    const Drawer = DRAWERS[block.kind];
    if (!Drawer) return null;
    const drawer = new Drawer(this.context);
    this.#drawers.set(block, drawer);
    drawer.node.classList.add("block");
    this.root.classList.remove("is-empty");
    (block.kind === "problem" ? this.end : this.#lane(block.lane)).append(drawer.node);
    return drawer;
  }

  #lane(number) {
    if (!this.#lanes.has(number)) {
      const lane = element("section.lane", { "data-lane": number });
      this.#lanes.set(number, lane);
      const after = [...this.lanes.children].find((other) => Number(other.dataset.lane) > number);
      this.lanes.insertBefore(lane, after ?? null);
      if (this.#lanes.size > 1) this.#nameLanes();
    }
    return this.#lanes.get(number);
  }

  #nameLanes() {
    for (const [number, lane] of this.#lanes) {
      if (lane.firstElementChild?.matches(".lane-name")) continue;
      lane.prepend(element("h3.lane-name", {}, t("Answer {n}", { n: number + 1 })));
    }
  }

  // The caret is solid while text flows and blinks after a pause.
  #flow() {
    this.root.classList.add("is-flowing");
    this.root.classList.remove("is-pausing");
    clearTimeout(this.#pausing);
    this.#pausing = setTimeout(() => this.root.classList.add("is-pausing"), CARET_PAUSE_MS);
  }
}
