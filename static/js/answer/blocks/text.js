// Text of an answer: plain until Markdown is there, which is loaded when the first text comes.

import { element } from "../../page.js";
import { formAsked } from "../asked.js";
import { segmentsOfSubtitles } from "../segments.js";
import { TranscriptBlock } from "./transcript.js";

let markdown = null;
const loading = () => import("../markdown.js").then((loaded) => (markdown = loaded));

/** Load Markdown before it is needed, when the page has nothing else to do. */
export function prepareMarkdown() {
  (globalThis.requestIdleCallback ?? setTimeout)(() => void loading());
}

export class TextBlock {
  node = element("div.prose");
  #streaming = null;
  #form = null;
  #isReplaced = false;
  #transcript = null;

  draw(block, context) {
    this.block = block;
    this.node.hidden = Boolean(block.isRetold);
    if (this.#form) return;
    if (this.#transcript || (block.over && segmentsOfSubtitles(block.text))) return this.#drawTranscript(context);
    this.node.classList.toggle("is-growing", !block.over);
    if (markdown) this.#drawMarkdown();
    else {
      this.node.textContent = block.text;
      loading().then(() => this.#drawMarkdown());
    }
    if (block.over && context.asked) this.#hold(formAsked(context.asked));
  }

  /** Give back what a transcript holds. */
  remove() {
    this.#transcript?.remove();
  }

  #drawMarkdown() {
    if (this.#isReplaced) return;
    this.#streaming ??= new markdown.StreamingMarkdown(this.node);
    this.#streaming.grow(this.block.text);
    if (this.block.over) this.#streaming.finish();
  }

  #drawTranscript(context) {
    if (!this.#transcript) {
      this.#isReplaced = true;
      this.#transcript = new TranscriptBlock();
      this.node.className = "block";
      this.node.replaceChildren(this.#transcript.node);
    }
    this.#transcript.draw({ segments: segmentsOfSubtitles(this.block.text) }, context);
  }

  // An answer that was asked to be JSON is held against what was asked for.
  async #hold(form) {
    if (!form || !this.block.text.trim()) return;
    this.#form = form;
    const { noJsonNote, structuredNodes } = await import("../structured.js");
    const nodes = structuredNodes(this.block.text, form);
    if (nodes) {
      this.#isReplaced = true;
      this.node.className = "structured block";
      this.node.replaceChildren(...nodes);
    } else if (this.block.isOnly) this.node.after(noJsonNote());
  }
}
