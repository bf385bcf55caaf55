// A run that goes on in another tab or browser: told where its answer would stand, and followed here when that is wanted.

import { ask } from "../page.js";

/** Looks for a run of the person's whenever this tab shows none and is looked at; `onFollow(run)` shows it here. */
export class Elsewhere {
  #asked = null;
  #run = null;

  constructor(desk, { answerElement, onFollow }) {
    Object.assign(this, { desk, answerElement });
    this.note = answerElement.querySelector('[data-part="elsewhere"]');
    this.note.querySelector("button").addEventListener("click", () => onFollow(this.#run));
    document.addEventListener("visibilitychange", () => document.hidden || this.look());
  }

  async look() {
    const operation = this.desk.operation?.id;
    if (operation !== this.#asked) this.note.hidden = true;
    if (!operation || this.answerElement.answer.state !== "idle") return;
    this.#asked = operation;
    const response = await ask(`/runs/latest?operation=${encodeURIComponent(operation)}`).catch(() => null);
    const newest = response?.ok ? await response.json() : {};
    if (operation !== this.desk.operation?.id) return;
    this.#run = newest.run;
    this.note.hidden = newest.state !== "running";
  }
}
