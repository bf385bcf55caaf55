// A finished run played again at its own speed, from the times its frames keep.

import { Timeline } from "../draw/timeline.js";
import { element } from "../page.js";
import { duration, t } from "../texts.js";

const SHORTEST_SPAN_MS = 300;

/** The controls of a replay below `root`, over the frames of `answer`. Shown once the run is over. */
export class Replay {
  #speed = 1;
  #at = 0;
  #frame = null;
  #before = 0;

  constructor(root, answer) {
    this.root = root;
    this.answer = answer;
    this.range = this.#part("range");
    this.timeline = new Timeline(this.#part("replay-arrivals"), { height: 46, axis: true, named: true });
    this.#part("play").addEventListener("click", () => this.toggle());
    this.#part("rewind").addEventListener("click", () => this.seek(0));
    this.range.addEventListener("input", () => this.seek(Number(this.range.value)));
    for (const button of this.#speeds()) button.addEventListener("click", () => this.#choose(button));
  }

  get isPlaying() {
    return this.#frame !== null;
  }

  /** The run has ended: show the controls at the end of the answer. */
  open() {
    this.span = Math.ceil(this.answer.elapsed());
    const frames = this.answer.store.frames;
    if (this.span < SHORTEST_SPAN_MS || frames.length < 3) return;
    this.arrivals = this.answer.arrivals;
    this.#at = this.span;
    this.range.max = this.span;
    this.#part("span").textContent = duration(this.span);
    this.#drawLegend();
    this.root.hidden = false;
    this.#draw();
  }

  toggle() {
    if (this.isPlaying) this.pause();
    else this.play();
  }

  play() {
    if (this.#at >= this.span) this.seek(0);
    this.answer.follow.isGrowing = true;
    this.#before = performance.now();
    this.#frame = requestAnimationFrame((now) => this.#step(now));
    this.#drawButton();
  }

  pause() {
    cancelAnimationFrame(this.#frame);
    this.#frame = null;
    this.answer.follow.isGrowing = false;
    this.#drawButton();
  }

  /** Show the answer as it stood `ms` after the call was sent. */
  seek(ms) {
    this.#at = Math.max(0, Math.min(this.span, ms));
    this.answer.showUntil(this.#at >= this.span ? Infinity : this.#at);
    this.#draw();
  }

  #step(now) {
    this.seek(this.#at + (now - this.#before) * this.#speed);
    this.#before = now;
    if (this.#at >= this.span) this.pause();
    else this.#frame = requestAnimationFrame((next) => this.#step(next));
  }

  #choose(button) {
    for (const each of this.#speeds()) each.setAttribute("aria-pressed", each === button);
    this.#speed = Number(button.dataset.speed);
    if (this.#speed > 0) return;
    this.pause();
    this.seek(this.span);
  }

  #draw() {
    if (this.root.hidden) return;
    this.timeline.draw(this.arrivals, this.span, this.#at >= this.span ? Infinity : this.#at);
    this.range.value = this.#at;
    this.range.setAttribute("aria-valuetext", duration(this.#at));
    this.#part("position").textContent = duration(this.#at);
  }

  #drawButton() {
    const play = this.#part("play");
    play.setAttribute("aria-label", this.isPlaying ? t("Pause") : t("Play"));
    play.querySelector('[data-when="paused"]').hidden = this.isPlaying;
    play.querySelector('[data-when="playing"]').hidden = !this.isPlaying;
  }

  #drawLegend() {
    const words = { thinking: t("thinking"), tool: t("tool input"), text: t("text"), media: t("media") };
    const kinds = new Set(this.arrivals.map(({ kind }) => kind));
    const named = Object.entries(words).filter(([kind]) => kinds.has(kind));
    this.#part("replay-legend").replaceChildren(...named.map(([kind, word]) => element("span", {}, element(`i.dot.dot-${kind}`), word)));
  }

  #speeds() {
    return [...this.root.querySelectorAll("[data-speed]")];
  }

  #part(name) {
    return this.root.querySelector(`[data-part="${name}"]`);
  }
}
