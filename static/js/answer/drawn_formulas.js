// Formulas drawn as MathML; loaded when the first formula is met.

import katex from "katex";

const OPTIONS = { output: "mathml", throwOnError: true, trust: false, strict: "ignore", maxSize: 20, maxExpand: 200 };

/** Draw a marked formula in its place; one that KaTeX cannot read keeps its source. */
export function drawFormula(place) {
  const source = place.textContent;
  try {
    katex.render(source, place, { ...OPTIONS, displayMode: place.classList.contains("math-display") });
    place.title = source;
  } catch {
    place.classList.add("math-unread");
    place.textContent = source;
  }
}
