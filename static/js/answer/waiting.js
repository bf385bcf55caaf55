// A wait of more than a second says what it waits for.

import { duration, t } from "../texts.js";

const WORTH_SAYING_MS = 1000;
const SILENCE_MS = 5000;

/** The line below the answer: waiting for the first sign, or for text to go on. */
export class Waiting {
  constructor(place) {
    this.place = place;
    this.words = place.lastElementChild;
  }

  draw({ state, elapsed, lastAt, hasSign }) {
    const sentence = state === "running" || state === "waiting" ? this.#sentence({ state, elapsed, lastAt, hasSign }) : "";
    this.place.hidden = !sentence;
    if (this.words.textContent !== sentence) this.words.textContent = sentence;
  }

  #sentence({ state, elapsed, lastAt, hasSign }) {
    const whole = duration(Math.floor(elapsed / 1000) * 1000);
    if (elapsed < WORTH_SAYING_MS) return "";
    if (state === "waiting") return t("Waiting for this site to take the call, {length}", { length: whole });
    if (!hasSign) return t("Waiting for the gateway's first sign, {length}", { length: whole });
    const silence = Math.floor((elapsed - lastAt) / 1000) * 1000;
    return silence >= SILENCE_MS ? t("No data for {length}; still listening", { length: duration(silence) }) : "";
  }
}
