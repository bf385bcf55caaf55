// The strip above an answer: state and figures, each in a place of fixed width, and the arrivals while it runs.

import { Timeline } from "../draw/timeline.js";
import { count, durationParts, money, t } from "../texts.js";
import { stateMark } from "./states.js";

const NOTHING = "—";

/** Draws a run's state and figures into the strip of a response pane. */
export class Strip {
  #drawnState = null;

  constructor(root) {
    this.state = root.querySelector('[data-part="state"]');
    this.saving = root.querySelector('[data-part="saving"]');
    this.http = root.querySelector('[data-part="http"]');
    this.figures = Object.fromEntries(
      [...root.querySelectorAll("[data-figure]")].map((place) => [place.dataset.figure, place]),
    );
    this.graph = root.querySelector('[data-part="arrivals"]');
    this.timeline = this.graph && new Timeline(this.graph, { height: 20 });
  }

  /** The state now, and figures as `Figures.now` gives them. */
  draw(state, figures) {
    if (state !== this.#drawnState) {
      this.state.replaceChildren(stateMark(state));
      this.#drawnState = state;
    }
    write(this.http, figures.status ? `HTTP ${figures.status}` : "");
    this.#time("first_sign", figures.firstSign);
    this.#time("first_text", figures.firstText);
    this.#time("total", state === "idle" ? null : figures.total);
    this.#figure("rate", figures.rate && Math.round(figures.rate.value), rateUnit(figures.rate));
    this.#figure("tokens", tokens(figures));
    this.#figure("cost", figures.cost === null ? null : money(figures.cost, figures.currency));
  }

  /** Whether what is shown has yet to be stored. */
  drawSaving(isPaused) {
    this.saving.hidden = !isPaused;
  }

  /** The arrivals so far; while they come, a short run does not fill the width. */
  drawArrivals(arrivals, elapsed, isRunning) {
    if (this.graph) this.timeline.draw(arrivals, isRunning ? Math.max(elapsed, 3000) : elapsed);
  }

  #time(name, ms) {
    if (ms === null || ms === undefined) this.#figure(name, null);
    else {
      const { figure, unit } = durationParts(ms);
      this.#figure(name, figure, unit);
    }
  }

  #figure(name, figure, unit = "") {
    const place = this.figures[name];
    if (!place) return;
    write(place.querySelector("b"), figure === null ? NOTHING : String(figure));
    write(place.querySelector("small"), figure === null ? "" : unit);
  }
}

function rateUnit(rate) {
  if (!rate) return "";
  return rate.unit === "tokens" ? "tok/s" : t("chars/s");
}

function tokens({ input, output }) {
  if (input === null && output === null) return null;
  return `${input === null ? NOTHING : count(input)} → ${output === null ? NOTHING : count(output)}`;
}

function write(node, text) {
  if (node && node.textContent !== text) node.textContent = text;
}
