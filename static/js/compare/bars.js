// The figures of answers beside each other, as small bars; the best of those that are over is marked.

import { drawn, element } from "../page.js";
import { count, duration, money, t } from "../texts.js";

const NOTHING = "—";
const FIGURES = {
  first_text: { word: () => t("First text"), of: (figures) => figures.firstText, tell: duration, isRanked: true },
  total: { word: () => t("Total"), of: (figures) => figures.total, tell: duration, isRanked: true },
  tokens: { word: () => t("Tokens"), of: (figures) => figures.output, tell: count, isRanked: false },
  cost: { word: () => t("Cost"), of: (figures) => figures.cost, tell: money, isRanked: true },
};

/** The bars of one answer: `{node, draw(figures, standing)}`. */
export class Bars {
  #places = {};

  constructor() {
    this.node = element("dl.compare-bars");
    for (const [name, { word }] of Object.entries(FIGURES)) {
      const bar = drawn("rect", { x: 0, y: 0, width: 0, height: 5 });
      const figure = element("b", {}, NOTHING);
      const picture = drawn("svg", { class: "compare-bar", viewBox: "0 0 100 5", preserveAspectRatio: "none", "aria-hidden": "true" }, bar);
      const row = element("div", { "data-figure": name }, element("dt", {}, word()), element("dd", {}, picture, figure));
      this.#places[name] = { row, bar, figure };
      this.node.append(row);
    }
  }

  /** `standing` is what `standingOf` tells of the answers beside it; `figures` are null before there is an answer. */
  draw(figures, standing, isOver) {
    for (const [name, { of, tell }] of Object.entries(FIGURES)) {
      const { row, bar, figure } = this.#places[name];
      const value = figures ? of(figures) : null;
      const most = standing[name]?.most ?? 0;
      const words = value === null || value === undefined ? NOTHING : tell(value);
      if (figure.textContent !== words) figure.textContent = words;
      bar.setAttribute("width", value && most ? Math.max(2, Math.round((value / most) * 100)) : 0);
      const isBest = isOver && value !== null && value === standing[name]?.best;
      row.classList.toggle("is-best", isBest);
      if (isBest) row.setAttribute("title", t("best so far"));
      else row.removeAttribute("title");
    }
  }
}

/** What answers of one row are measured against: the most of each figure, and the best where two or more are over. */
export function standingOf(answers) {
  const told = {};
  for (const [name, { of, isRanked }] of Object.entries(FIGURES)) {
    const values = answers.filter(({ figures }) => figures).map(({ figures }) => of(figures)).filter((value) => value !== null && value !== undefined);
    const over = answers.filter(({ figures, state }) => figures && state === "succeeded").map(({ figures }) => of(figures)).filter((value) => value !== null && value !== undefined);
    told[name] = { most: Math.max(0, ...values), best: isRanked && over.length > 1 ? Math.min(...over) : null };
  }
  return told;
}
