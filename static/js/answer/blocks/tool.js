// A tool call: its name, its arguments as they grow, and the way on once they are whole.

import { element, icon } from "../../page.js";
import { t } from "../../texts.js";
import { copyButton } from "../copying.js";
import { colouredJson, jsonNode } from "../json_view.js";

const COLOURED_WHILE_GROWING = 20_000;

export class ToolBlock {
  constructor({ continues }) {
    this.name = element("b.mono");
    this.id = element("span.tool-id.mono");
    this.state = element("span.tool-state");
    this.body = element("div.tool-body");
    const head = element("header.tool-head", {}, icon("wrench"), this.name, this.id, this.state, copyButton(() => this.block.text));
    this.node = element("section.tool-call", {}, head, this.body);
    if (continues) this.#addFoot();
  }

  draw(block) {
    this.block = block;
    this.name.textContent = block.name ?? "…";
    this.id.textContent = block.id ?? "";
    const parsed = block.over ? parse(block.text || "{}") : undefined;
    this.node.classList.toggle("is-growing", !block.over);
    this.state.replaceChildren(...stateOf(block, parsed));
    this.body.replaceChildren(parsed === undefined ? growing(block.text) : jsonNode(parsed));
    if (this.answer) this.answer.disabled = !block.over;
  }

  #addFoot() {
    this.answer = element("button.btn.btn-sm", { type: "button", disabled: true }, icon("corner-down-left"), t("Fill in the result and continue"));
    this.answer.addEventListener("click", () => {
      const { id, name, text } = this.block;
      this.node.dispatchEvent(new CustomEvent("answer:continue", { bubbles: true, detail: { id, name, arguments: text } }));
    });
    this.node.append(element("footer.tool-foot", {}, element("span", {}, t("Once the answer has ended, give the tool's result.")), this.answer));
  }
}

function stateOf(block, parsed) {
  if (!block.over) return [t("arguments arriving")];
  if (parsed === undefined) return [icon("triangle-alert", "small"), t("arguments are not JSON")];
  return [icon("check", "small"), t("arguments complete")];
}

function growing(text) {
  return element("pre.code", {}, text.length < COLOURED_WHILE_GROWING ? colouredJson(text) : text);
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
