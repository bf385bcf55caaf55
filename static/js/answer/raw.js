// The answer as it came over the wire, whole, as text.

import { element } from "../page.js";
import { bytes, t } from "../texts.js";

const SHOWN = 400_000;

/** Events as the text of a stream; an answer that was no stream is its one event's data. */
export function rawText(events) {
  const isStream = events.length > 1 || events[0]?.event;
  if (!isStream) return events[0]?.data ?? "";
  return events.map(({ event, data }) => (event ? `event: ${event}\n` : "") + data.split("\n").map((line) => `data: ${line}`).join("\n")).join("\n\n");
}

/** Draws the Raw tab; a very long text is shown by its beginning, and whole when asked. */
export class Raw {
  #shown = -1;

  constructor(root) {
    this.place = root.querySelector('[data-part="raw"]');
  }

  reset() {
    this.#shown = -1;
    this.place.replaceChildren();
  }

  draw(events) {
    if (events.length === this.#shown) return;
    this.#shown = events.length;
    this.text = rawText(events);
    this.place.replaceChildren(this.text.slice(0, SHOWN));
    if (this.text.length > SHOWN) this.place.append(this.#more());
  }

  #more() {
    const more = element("button.code-more", { type: "button" }, t("show the other {size}", { size: bytes(this.text.length - SHOWN) }));
    more.addEventListener("click", () => this.place.replaceChildren(this.text));
    return more;
  }
}
