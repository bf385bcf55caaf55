// Following the end of an answer while it grows, and leaving the reader alone who has scrolled up.

import { t } from "../texts.js";

const NEAR_END = 40;
const LINE = 24;

/** Keeps `scroller` at its end while followed; `pill` says so, or how much is new, and brings back to the end. */
export class Follow {
  #isGrowing = false;
  #left = 0;
  #scrolledTo = 0;

  constructor(scroller, pill) {
    this.scroller = scroller;
    this.pill = pill;
    this.label = pill.querySelector("span");
    this.isFollowing = true;
    pill.addEventListener("click", () => this.toEnd());
    scroller.addEventListener("scroll", () => this.#scrolled(), { passive: true });
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

  #jump() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
    this.#scrolledTo = this.scroller.scrollTop;
  }

  // Only a scroll upwards leaves the end; the answer's own growth never does.
  #scrolled() {
    const { scrollTop, clientHeight, scrollHeight } = this.scroller;
    const isAtEnd = scrollHeight - scrollTop - clientHeight < NEAR_END;
    if (isAtEnd) this.isFollowing = true;
    else if (scrollTop < this.#scrolledTo - 2 && this.isFollowing) {
      this.isFollowing = false;
      this.#left = scrollHeight;
    }
    this.#scrolledTo = scrollTop;
    this.#tell();
  }

  #tell() {
    const lines = Math.round((this.scroller.scrollHeight - this.#left) / LINE);
    const isAway = !this.isFollowing;
    this.pill.hidden = !this.#isGrowing;
    const words = isAway ? (lines > 0 ? t("{n} new lines", { n: lines }) : t("To the end")) : t("Following");
    if (this.label.textContent !== words) this.label.textContent = words;
  }
}
