// Answers that wait for their turn: the server begins them as there is room, whether this page is open or not.

import { ask } from "../page.js";

const LOOK_EVERY_MS = 700;

/** Knows what waits: `onBegun(run)` when one has begun, `onRefused(run, why)` when it cannot. */
export class Waiting {
  #runs = new Set();
  #timer = null;

  constructor(paper, { onBegun, onRefused }) {
    Object.assign(this, { paper, onBegun, onRefused });
  }

  get count() {
    return this.#runs.size;
  }

  has(run) {
    return this.#runs.has(run);
  }

  /** Hear what the server told of what waits: `{run: why}`, with words where it was refused. */
  take(told) {
    for (const run of Object.keys(told)) this.#runs.add(run);
    this.#hear(told);
  }

  /** Let these be begun as there is room; whether the server has taken them. `later` are those that are heard of from it. */
  async ask(starts, later) {
    const response = await ask(this.#address, { method: "POST", json: { starts } }).catch(() => null);
    if (!response?.ok) return false;
    for (const { run } of later) this.#runs.add(run);
    this.#hear((await response.json()).waiting);
    return true;
  }

  /** What waits is not begun; its runs. */
  async forget() {
    const left = [...this.#runs];
    if (!left.length) return left;
    const response = await ask(this.#address, { method: "DELETE" }).catch(() => null);
    if (!response?.ok) return [];
    this.#runs.clear();
    return left;
  }

  get #address() {
    return `/compare/${this.paper.id}/waiting.json`;
  }

  #hear(told) {
    for (const run of [...this.#runs]) {
      if (told[run] === "") continue;
      this.#runs.delete(run);
      if (told[run]) this.onRefused(run, told[run]);
      else this.onBegun(run);
    }
    if (this.#runs.size) this.#timer ??= setTimeout(() => this.#look(), LOOK_EVERY_MS);
  }

  async #look() {
    this.#timer = null;
    const response = await ask(this.#address).catch(() => null);
    if (response?.ok) this.#hear((await response.json()).waiting);
    else if (this.#runs.size) this.#timer ??= setTimeout(() => this.#look(), 3 * LOOK_EVERY_MS);
  }
}
