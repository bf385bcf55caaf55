// Embeddings: how many numbers, how long, what the first ones look like, and how alike the vectors are.

import { drawn, element } from "../../page.js";
import { count, t } from "../../texts.js";
import { copyButton } from "../copying.js";

const STRIP = 128;
const COMPARED = 24;
const SHOWN = 24;
const WORDS = 28;

export class VectorBlock {
  node = element("section.vectors");

  draw(block, { asked }) {
    const vectors = block.vectors.map(({ values }) => numbersOf(values));
    const texts = textsOf(asked);
    const shown = vectors.slice(0, SHOWN).map((vector, index) => vectorRow(vector, index, texts[index]));
    const left = vectors.length - SHOWN;
    const rest = left > 0 ? [element("p.muted", {}, left === 1 ? t("1 more vector") : t("{n} more vectors", { n: left }))] : [];
    const compared = vectors.length > 1 ? [similarity(vectors.slice(0, COMPARED), texts)] : [];
    this.node.replaceChildren(...shown, ...rest, ...compared);
  }
}

// The texts that were embedded, as far as the request is known.
function textsOf(asked) {
  const given = asked?.input ?? asked?.requests?.map(({ content }) => words(content)) ?? (asked?.content && words(asked.content)) ?? [];
  return [given].flat().map((text) => (typeof text === "string" ? text : ""));
}

function words(content) {
  return content?.parts?.map(({ text }) => text ?? "").join(" ") ?? "";
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

function vectorRow(vector, index, text = "") {
  const head = element("header", {},
    element("b", {}, t("Vector {n}", { n: index + 1 })),
    text && element("span.vector-text", { title: text }, text),
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

function similarity(vectors, texts) {
  const heads = vectors.map((_, index) => element("th", { scope: "col" }, index + 1));
  const rows = vectors.map((one, row) =>
    element("tr", {}, element("th", { scope: "row" }, nameOf(row, texts[row])), ...vectors.map((other) => alike(cosine(one, other)))),
  );
  const caption = element("caption", {}, t("How alike they are (cosine)"));
  const table = element("table.similarity", {}, caption, element("thead", {}, element("tr", {}, element("td"), ...heads)), element("tbody", {}, ...rows));
  return element("div.table-scroll", { tabindex: "0", role: "region", "aria-label": t("How alike they are (cosine)") }, table);
}

function nameOf(row, text = "") {
  const short = text.length > WORDS ? `${text.slice(0, WORDS)}…` : text;
  return short ? `${row + 1} ${short}` : String(row + 1);
}

// The more alike, the more of the accent lies under the figure.
function alike(value) {
  const cell = element("td.figure", {}, value.toFixed(2).replace("-0.00", "0.00"));
  cell.style.setProperty("--share", `${Math.round(Math.max(0, value) * 100)}%`);
  return cell;
}
