// Thinking: one violet line with how long it took and its first words. Open while it is all there is.

import { element, icon } from "../../page.js";
import { count, duration, t } from "../../texts.js";

const WORDS_SHOWN = 160;

export class ThinkingBlock {
  #setByPerson = false;
  #written = new Text();

  constructor() {
    this.title = element("b");
    this.words = element("span.thinking-words");
    this.tokens = element("span.thinking-tokens");
    this.head = element("button.thinking-head", { type: "button", "aria-expanded": "true" });
    this.head.append(icon("brain"), this.title, this.words, this.tokens, icon("chevron-right", "small"));
    this.body = element("div.thinking-body", {}, this.#written);
    this.node = element("section.thinking", {}, this.head, this.body);
    this.head.addEventListener("click", () => {
      this.#setByPerson = true;
      this.#open(this.body.hidden);
    });
  }

  draw(block, { usage }) {
    const took = block.to - block.from;
    const words = took > 0 ? { length: duration(took) } : null;
    this.node.classList.toggle("is-growing", !block.over);
    this.title.textContent = block.over
      ? words ? t("Thought for {length}", words) : t("Thought")
      : words ? t("Thinking, {length}", words) : t("Thinking");
    this.#written.appendData(block.text.slice(this.#written.length));
    if (this.words.textContent.length < WORDS_SHOWN) this.words.textContent = firstWords(block.text);
    const tokens = block.over && usage?.reasoning_tokens;
    this.tokens.textContent = tokens ? t("{n} tok", { n: count(tokens) }) : "";
    if (!this.#setByPerson) this.#open(!block.over);
  }

  #open(isOpen) {
    this.body.hidden = !isOpen;
    this.head.setAttribute("aria-expanded", isOpen);
  }
}

function firstWords(text) {
  return text.slice(0, WORDS_SHOWN * 2).replace(/[*_#`>\s]+/g, " ").trim().slice(0, WORDS_SHOWN);
}
