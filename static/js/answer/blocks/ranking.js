// Documents in the order a model gave them, each with a bar for its score.

import { drawn, element } from "../../page.js";
import { t } from "../../texts.js";

export class RankingBlock {
  node = element("ol.ranking");

  draw(block, { asked }) {
    const best = Math.max(...block.results.map(({ score }) => Math.abs(score)), Number.MIN_VALUE);
    this.node.replaceChildren(...block.results.map((result, place) => row(result, place, best, asked?.documents?.[result.index])));
  }
}

function row({ index, score, document }, place, best, given) {
  const text = wordsOf(document) ?? wordsOf(given) ?? t("Document {n}", { n: index + 1 });
  const bar = drawn("svg", { class: "ranking-bar", "aria-hidden": "true" });
  bar.append(drawn("rect", { class: "bar-ground", width: "100%", height: "100%", rx: 2 }));
  bar.append(drawn("rect", { class: score > best / 2 ? "bar-fill" : "bar-faint", width: `${Math.max(0, (score / best) * 100)}%`, height: "100%", rx: 2 }));
  return element(
    "li",
    {},
    element("span.ranking-place", {}, place + 1),
    element("div", {}, element("p", {}, text), bar),
    element("small", {}, t("was number {n}", { n: index + 1 })),
    element("b.figure", {}, Number(score).toFixed(3)),
  );
}

// Where the gateway tells numbers only, the documents are those of the request.
function wordsOf(document) {
  return typeof document === "string" ? document : document?.text;
}
