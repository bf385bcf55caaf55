// What is wrong with the request: asked of the server after a pause, shown beside the fields, never in the way of sending.

import { ask } from "../page.js";
import { t } from "../texts.js";

const PAUSE_MS = 500;
const MOST_CHECKED = 5_000_000;

/** Watches a desk and tells it the problems of its body. */
export class Checking {
  #timer = null;
  #asked = null;

  constructor(desk) {
    this.desk = desk;
    desk.addEventListener("change", () => this.#later());
    desk.addEventListener("open", () => this.#later());
  }

  #later() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#check(), PAUSE_MS);
  }

  async #check() {
    const { desk } = this;
    const { text } = desk.draft;
    // The catalogue's own examples are checked by its tests.
    if (text === desk.example.text) return desk.tell([]);
    if (!desk.hasBody || desk.operation.kind !== "operation" || desk.draft.broken) return desk.tell([]);
    const own = doubles(desk.draft);
    if (text.length > MOST_CHECKED) return desk.tell(own);
    this.#asked?.abort();
    this.#asked = new AbortController();
    const found = await problemsOf(desk.operation.id, text, this.#asked.signal);
    // An answer to an older text says nothing of this one.
    if (found && text === desk.draft.text) desk.tell(own.length ? own : found);
  }
}

async function problemsOf(id, text, signal) {
  try {
    const response = await ask(`/operations/${encodeURIComponent(id)}/problems`, { method: "POST", json: { body_text: text }, signal });
    return response.ok ? (await response.json()).problems : null;
  } catch {
    return null;
  }
}

function doubles(draft) {
  return draft.tree.doubles.map(({ key, pointer }) => ({
    pointer,
    level: "error",
    message: t("“{key}” stands twice in one object; keep one of them", { key }),
  }));
}
