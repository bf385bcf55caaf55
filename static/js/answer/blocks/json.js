// A whole answer that nothing reads as text.

import { element } from "../../page.js";
import { t } from "../../texts.js";
import { copyButton } from "../copying.js";
import { jsonNode } from "../json_view.js";

export class JsonBlock {
  node = element("section.code-block");

  draw(block) {
    const copy = copyButton(() => JSON.stringify(block.value, null, 2));
    this.node.replaceChildren(element("div.code-head", {}, element("span", {}, sizeOf(block.value?.data)), copy), jsonNode(block.value));
  }
}

/** Beside what an answer was drawn as, its JSON stands folded, and is only written when somebody looks. */
export class WholeJsonBlock {
  node = element("details.whole-json", {}, element("summary", {}, t("The whole answer as JSON")));

  draw(block) {
    this.node.addEventListener("toggle", () => this.node.childElementCount === 1 && this.node.append(element("div.code-block", {}, jsonNode(block.value))));
  }
}

function sizeOf(entries) {
  if (!Array.isArray(entries)) return "json";
  return entries.length === 1 ? t("1 entry") : t("{n} entries", { n: entries.length });
}
