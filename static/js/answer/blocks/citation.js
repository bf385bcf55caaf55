// The sources an answer leans on, numbered.

import { element, icon } from "../../page.js";
import { t } from "../../texts.js";

export class CitationBlock {
  #list = element("ol.sources-list");
  #title = element("b");
  node = element("section.sources", {}, element("header", {}, icon("globe"), this.#title), this.#list);

  draw(block) {
    const sources = unique(block.sources);
    this.#title.textContent = t("Sources {n}", { n: sources.length });
    this.#list.replaceChildren(...sources.map(sourceRow));
  }
}

function sourceRow({ url, title, quote }, index) {
  const isLink = /^https?:/i.test(url ?? "");
  const host = isLink && URL.canParse(url) ? new URL(url).host : (url ?? "");
  const name = title || host || t("Source");
  const words = element("span", {}, isLink ? link(url, name) : name, element("small", {}, host));
  if (quote) words.append(element("q", {}, quote));
  return element("li", {}, element("span.source-number", { "aria-hidden": "true" }, index + 1), words);
}

function link(url, name) {
  return element("a.link", { href: url, target: "_blank", rel: "noopener noreferrer nofollow" }, name, icon("external-link", "small"));
}

function unique(sources) {
  const seen = new Set();
  return sources.filter(({ url, title, quote }) => {
    const mark = `${url}\n${title}\n${quote}`;
    return !seen.has(mark) && seen.add(mark);
  });
}
