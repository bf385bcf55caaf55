// Following the end of an answer while it grows, and leaving the reader alone who has scrolled up.

import { t } from "../texts.js";

const NEAR_END = 40;
const LINE = 24;
const FAR = 1e9;
const MEANT_MS = 1000;

/** Keeps `scroller` at its end while followed; `pill` says so, or how much is new, and brings back to the end. */
export class Follow {
  #isGrowing = false;
  #left = 0;
  #scrolledTo = 0;
  #meantUntil = 0;

  constructor(scroller, pill) {
    this.scroller = scroller;
    this.pill = pill;
    this.label = pill.querySelector("span");
    this.isFollowing = true;
    pill.addEventListener("click", () => this.toEnd());
    scroller.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    for (const type of ["wheel", "touchmove", "pointerdown", "keydown"]) {
      scroller.addEventListener(type, () => (this.#meantUntil = performance.now() + MEANT_MS), { passive: true });
    }
  }

  /** A run begins or ends. */
  set isGrowing(isGrowing) {
    this.#isGrowing = isGrowing;
    if (isGrowing) this.isFollowing = true;
    this.#tell();
  }

  /** Called after each drawing. */
  grew() {
    if (this.#isGrowing && this.isFollowing) this.#jump();
    this.#tell();
  }

  toEnd() {
    this.isFollowing = true;
    this.#jump();
    this.#tell();
  }

  // Far beyond the end: the browser stops at it, and nothing has to be measured first.
  #jump() {
    this.scroller.scrollTop = FAR;
  }

  // Only a person's scroll upwards leaves the end; an answer that grows, folds or is laid out anew never does.
  #scrolled() {
    const { scrollTop, clientHeight, scrollHeight } = this.scroller;
    const isAtEnd = scrollHeight - scrollTop - clientHeight < NEAR_END;
    if (isAtEnd) this.isFollowing = true;
    else if (scrollTop < this.#scrolledTo - 2 && this.isFollowing && performance.now() < this.#meantUntil) {
      this.isFollowing = false;
      this.#left = scrollHeight;
    }
    this.#scrolledTo = scrollTop;
    this.#tell();
  }

  #awayWords() {
    const lines = Math.round((this.scroller.scrollHeight - this.#left) / LINE);
    if (lines <= 0) return t("To the end");
    return lines === 1 ? t("1 new line") : t("{n} new lines", { n: lines });
  }

  #tell() {
    this.pill.hidden = !this.#isGrowing;
    const words = this.isFollowing ? t("Following") : this.#awayWords();
    if (this.label.textContent !== words) this.label.textContent = words;
  }
}
