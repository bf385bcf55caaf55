// One drawing of arrivals over time, for the strip, the events, the replay, comparing and shared pages.

import { drawn } from "../page.js";
import { duration, t } from "../texts.js";
import { KIND_COLOURS, weight } from "../answer/folding.js";

export const GAP_MS = 500;

/** One arrival for each frame: when, in which colour, how much. */
export function arrivalsOf(frames) {
  return frames.map((frame) => ({ at: frame.at, kind: KIND_COLOURS[frame.kind] ?? "control", amount: weight(frame) }));
}

/** Time cut into slices of equal length; each has the kind that brought most in it, and how much came in all. */
export function slices(arrivals, span, parts) {
  const cut = Array.from({ length: parts }, () => ({ amount: 0, kinds: {} }));
  for (const { at, kind, amount } of arrivals) {
    const slice = cut[Math.min(parts - 1, Math.max(0, Math.floor((at / span) * parts)))];
    slice.amount += amount;
    slice.kinds[kind] = (slice.kinds[kind] ?? 0) + amount;
  }
  return cut.map(({ amount, kinds }) => ({ amount, kind: greatest(kinds) }));
}

function greatest(kinds) {
  return Object.entries(kinds).sort(([, one], [, other]) => other - one)[0]?.[0] ?? "control";
}

/** Pauses between arrivals that are long enough to be named. */
export function gaps(arrivals, least = GAP_MS) {
  const found = [];
  for (let index = 1; index < arrivals.length; index++) {
    const from = arrivals[index - 1].at;
    const length = arrivals[index].at - from;
    if (length >= least) found.push({ from, length });
  }
  return found;
}

/** Heights by the square root, so that one big batch doesn't flatten the rest. */
export function heights(cut, tallest) {
  const most = Math.max(1, ...cut.map((slice) => slice.amount));
  return cut.map(({ amount }) => (amount ? Math.max(2, Math.round(tallest * Math.sqrt(amount / most))) : 0));
}

/** A round step for the marks of an axis, at most `marks` of them. */
export function step(span, marks = 8) {
  const least = span / marks;
  const power = 10 ** Math.floor(Math.log10(Math.max(1, least)));
  return [1, 2, 5, 10].map((factor) => factor * power).find((each) => each >= least);
}

const BAR = 5;
const END_NAME = 72;

/**
 * Draws arrivals into an `<svg>`, again and again as they come. Options: `height`, `axis` (marks of time below),
 * `named` (gaps are named), `onChoose(ms)` when a place in time is chosen.
 */
export class Timeline {
  #bars = [];
  #clientWidth = 0;
  #drawn = null;

  constructor(svg, { height = 20, axis = false, named = false, onChoose = null } = {}) {
    this.svg = svg;
    this.height = height;
    this.named = named;
    this.axisHeight = axis ? 20 : 0;
    this.bars = drawn("g");
    this.marks = drawn("g", { class: "timeline-marks" });
    this.now = drawn("line", { class: "timeline-now", y1: 0, y2: height, visibility: "hidden" });
    svg.replaceChildren(this.bars, this.marks, this.now);
    svg.setAttribute("height", height + this.axisHeight);
    this.#clientWidth = svg.clientWidth;
    this.#watchWidth();
    if (onChoose) svg.addEventListener("click", (event) => onChoose(this.timeAt(event.clientX)));
  }

  /** Draw `arrivals` over `span` ms. Parts later than `until` are faint: not played yet. */
  draw(arrivals, span, until = Infinity) {
    this.#drawn = [arrivals, span, until];
    const width = this.#clientWidth;
    if (!width) return;
    const parts = Math.max(20, Math.floor(width / BAR));
    this.span = Math.max(1, span);
    this.width = width;
    this.svg.setAttribute("viewBox", `0 0 ${width} ${this.height + this.axisHeight}`);
    this.#drawBars(slices(arrivals, this.span, parts), width / parts, until);
    this.#drawMarks(arrivals);
    this.#drawNow(until);
  }

  // Told by the browser instead of asked for: asking in the middle of a drawing costs a layout.
  #watchWidth() {
    new ResizeObserver(([{ contentRect }]) => {
      if (contentRect.width === this.#clientWidth) return;
      this.#clientWidth = contentRect.width;
      if (this.#drawn) this.draw(...this.#drawn);
    }).observe(this.svg);
  }

  timeAt(x) {
    const box = this.svg.getBoundingClientRect();
    return Math.max(0, Math.min(1, (x - box.left) / box.width)) * this.span;
  }

  #drawBars(cut, width, until) {
    const tall = heights(cut, this.height);
    const played = (until / this.span) * cut.length;
    while (this.#bars.length < cut.length) this.#bars.push(this.bars.appendChild(drawn("rect", { rx: 1 })));
    while (this.#bars.length > cut.length) this.#bars.pop().remove();
    for (const [index, bar] of this.#bars.entries()) {
      set(bar, "x", round(index * width));
      set(bar, "width", round(Math.max(1.5, width - 1.5)));
      set(bar, "y", this.height - tall[index]);
      set(bar, "height", tall[index]);
      set(bar, "class", `bar-${cut[index].kind}${index >= played ? " bar-later" : ""}`);
    }
  }

  #drawMarks(arrivals) {
    if (!this.axisHeight) return;
    const base = this.height + 14;
    const every = step(this.span);
    const marks = [];
    // The end is named too: a mark that would stand under its name is left out.
    const last = this.span - Math.max(every / 2, (END_NAME / this.width) * this.span);
    for (let at = 0; at === 0 || at < last; at += every) {
      const anchor = at === 0 ? "start" : "middle";
      marks.push(drawn("text", { x: round(this.#x(at)), y: base, "text-anchor": anchor }, at === 0 ? "0" : duration(at)));
    }
    marks.push(drawn("text", { x: this.width, y: base, "text-anchor": "end" }, duration(this.span)));
    if (this.named) marks.push(...this.#gapNames(arrivals));
    this.marks.replaceChildren(...marks);
  }

  #gapNames(arrivals) {
    return gaps(arrivals)
      .sort((one, other) => other.length - one.length)
      .slice(0, 3)
      .filter((gap) => (gap.length / this.span) * this.width > 70)
      .map((gap) => {
        const x = round(this.#x(gap.from + gap.length / 2));
        const text = t("pause {length}", { length: duration(gap.length) });
        return drawn("text", { x, y: this.height - 3, "text-anchor": "middle", class: "timeline-gap" }, text);
      });
  }

  #drawNow(until) {
    const isSeen = Number.isFinite(until);
    this.now.setAttribute("visibility", isSeen ? "visible" : "hidden");
    if (!isSeen) return;
    const x = round(Math.min(this.width - 1, this.#x(until)));
    this.now.setAttribute("x1", x);
    this.now.setAttribute("x2", x);
  }

  #x(at) {
    return (at / this.span) * this.width;
  }
}

function set(node, name, value) {
  if (node.getAttribute(name) !== String(value)) node.setAttribute(name, value);
}

function round(figure) {
  return Math.round(figure * 10) / 10;
}
