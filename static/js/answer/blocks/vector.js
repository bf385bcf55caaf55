// Embeddings: how many numbers, how long, what the first ones look like, and how alike the vectors are.

import { drawn, element } from "../../page.js";
import { count, t } from "../../texts.js";
import { copyButton } from "../copying.js";

const STRIP = 128;
const COMPARED = 8;
const SHOWN = 20;

export class VectorBlock {
  node = element("section.vectors");

  draw(block) {
    const vectors = block.vectors.map(({ values }) => numbersOf(values));
    const shown = vectors.slice(0, SHOWN).map(vectorRow);
    const rest = vectors.length > SHOWN ? [element("p.muted", {}, t("{n} more vectors", { n: vectors.length - SHOWN }))] : [];
    const compared = vectors.length > 1 && vectors.length <= COMPARED ? [similarity(vectors)] : [];
    this.node.replaceChildren(...shown, ...rest, ...compared);
  }
}

/** The numbers of a vector; base64 holds little-endian 32-bit floats. */
export function numbersOf(values) {
  if (typeof values !== "string") return values;
  const bytes = Uint8Array.from(atob(values), (letter) => letter.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  return Array.from({ length: Math.floor(bytes.length / 4) }, (_, index) => view.getFloat32(index * 4, true));
}

/** How long a vector is. */
export function norm(vector) {
  return Math.sqrt(vector.reduce((sum, each) => sum + each * each, 0));
}

/** The cosine of the angle between two vectors of the same length. */
export function cosine(one, other) {
  const product = one.reduce((sum, each, index) => sum + each * (other[index] ?? 0), 0);
  return product / (norm(one) * norm(other) || 1);
}

function vectorRow(vector, index) {
  const head = element("header", {},
    element("b", {}, t("Vector {n}", { n: index + 1 })),
    element("span.muted", {}, t("{n} dimensions", { n: count(vector.length) })),
    element("span.muted.figure", {}, `|v| = ${norm(vector).toFixed(3)}`),
    copyButton(() => JSON.stringify(vector)),
  );
  return element("article", {}, head, strip(vector.slice(0, STRIP)));
}

function strip(values) {
  const most = Math.max(...values.map(Math.abs), Number.MIN_VALUE);
  const svg = drawn("svg", { class: "vector-strip", viewBox: `0 0 ${values.length} 1`, preserveAspectRatio: "none", role: "img", "aria-label": t("The first {n} numbers", { n: values.length }) });
  svg.append(
    ...values.map((value, x) =>
      drawn("rect", { x, width: 1, height: 1, class: value < 0 ? "below" : "above", "fill-opacity": (Math.abs(value) / most).toFixed(2) }),
    ),
  );
  return svg;
}

function similarity(vectors) {
  const heads = vectors.map((_, index) => element("th", { scope: "col" }, index + 1));
  const rows = vectors.map((one, row) =>
    element("tr", {}, element("th", { scope: "row" }, row + 1), ...vectors.map((other) => element("td.figure", {}, cosine(one, other).toFixed(2)))),
  );
  const caption = element("caption", {}, t("How alike they are (cosine)"));
  return element("table.similarity", {}, caption, element("thead", {}, element("tr", {}, element("th"), ...heads)), element("tbody", {}, ...rows));
}
