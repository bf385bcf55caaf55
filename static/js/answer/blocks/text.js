// Text of an answer: plain until Markdown is there, which is loaded when the first text comes.

import { element } from "../../page.js";

let markdown = null;
const loading = () => import("../markdown.js").then((loaded) => (markdown = loaded));

/** Load Markdown before it is needed, when the page has nothing else to do. */
export function prepareMarkdown() {
  (globalThis.requestIdleCallback ?? setTimeout)(() => void loading());
}

export class TextBlock {
  node = element("div.prose");
  #streaming = null;

  draw(block) {
    this.block = block;
    this.node.classList.toggle("is-growing", !block.over);
    if (markdown) this.#drawMarkdown();
    else {
      this.node.textContent = block.text;
      loading().then(() => this.#drawMarkdown());
    }
  }

  #drawMarkdown() {
    this.#streaming ??= new markdown.StreamingMarkdown(this.node);
    this.#streaming.grow(this.block.text);
    if (this.block.over) this.#streaming.finish();
  }
}
