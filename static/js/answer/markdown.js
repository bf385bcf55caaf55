// Markdown that streams: blocks that are finished are drawn once and frozen, only the tail is drawn again.
// This module is loaded when the first text comes; everything a model wrote becomes elements here and nowhere else.

import DOMPurify from "dompurify";
import MarkdownIt from "markdown-it";
import { element } from "../page.js";
import { t } from "../texts.js";
import { copyButton } from "./copying.js";
import { formulas } from "./formulas.js";
import { remoteMedia } from "./remote.js";

// What a link of a chat answer often leads to: models that make films and sounds answer so.
const PLAYED = /^https?:[^?#]*\.(mp4|webm|mov|mp3|wav|ogg)(?:[?#]|$)/i;
const PLAYED_AS = { mp4: "video/mp4", webm: "video/webm", mov: "video/quicktime", mp3: "audio/mpeg", wav: "audio/wav", ogg: "audio/ogg" };
const SAFE_PICTURE = /^data:image\/(?:png|jpeg|gif|webp);base64,/i;
const PURIFIED = {
  RETURN_DOM_FRAGMENT: true,
  FORBID_TAGS: ["style", "form", "input", "button", "textarea", "select"],
  FORBID_ATTR: ["style", "id", "name"],
  ALLOWED_URI_REGEXP: /^(?:https?:|mailto:|#|data:image\/(?:png|jpeg|gif|webp);base64,)/i,
  ADD_DATA_URI_TAGS: ["img"],
};

const markdown = new MarkdownIt({ html: false, linkify: true, breaks: false }).use(formulas);
markdown.validateLink = (url) => /^(?:https?:|mailto:|#)/i.test(url.trim()) || SAFE_PICTURE.test(url.trim());
// A table's alignment is a class: style attributes are forbidden by the site's policy.
for (const cell of ["th_open", "td_open"]) {
  markdown.renderer.rules[cell] = (tokens, index, options, env, self) => {
    const style = tokens[index].attrGet("style");
    if (style) tokens[index].attrs = [["class", style.replace("text-align:", "align-")]];
    return self.renderToken(tokens, index, options);
  };
}

/** What a model wrote, as elements: rendered, purified, links and pictures made harmless. */
export function renderMarkdown(source) {
  return nodesOf(markdown.render(source));
}

function nodesOf(html) {
  const nodes = DOMPurify.sanitize(html, PURIFIED);
  nodes.querySelectorAll("a").forEach(guardLink);
  nodes.querySelectorAll("img").forEach(guardPicture);
  nodes.querySelectorAll("table").forEach((table) => table.replaceWith(scrollable(table.cloneNode(true))));
  nodes.querySelectorAll("pre").forEach(dressCode);
  return nodes;
}

function guardLink(link) {
  link.rel = "noopener noreferrer nofollow";
  link.target = "_blank";
  const [, ending] = PLAYED.exec(link.href) ?? [];
  if (ending) link.after(" ", remoteMedia(link.href, { mime: PLAYED_AS[ending.toLowerCase()] }));
}

/** A picture from elsewhere is never asked for by itself: a button stands where it would be. */
function guardPicture(picture) {
  if (SAFE_PICTURE.test(picture.getAttribute("src") ?? "")) return;
  picture.replaceWith(remoteMedia(picture.getAttribute("src"), { name: picture.alt }));
}

function scrollable(table) {
  return element("div.table-scroll", { tabindex: "0", role: "region", "aria-label": t("Table") }, table);
}

const DRAWING_SHARE = 6;
const CHUNK = 30;
const CODE_CHUNK = 6000;

/** One growing text. `grow` may be called for every batch; it draws as often as the page can bear. */
export class StreamingMarkdown {
  #given = 0;
  #tail = "";
  #restingUntil = 0;
  #code = null;

  constructor(root) {
    this.root = root;
    this.chunk = element("div.prose-chunk");
    this.tail = element("div.prose-tail");
    root.replaceChildren(this.chunk, this.tail);
  }

  /** The whole text so far; what is new of it is drawn. */
  grow(text) {
    if (text.length === this.#given) return;
    const fresh = text.slice(this.#given);
    this.#given = text.length;
    this.#tail += fresh;
    if (this.#growsCode(fresh)) return;
    const began = performance.now();
    if (began < this.#restingUntil) return;
    this.#draw();
    // A tail that takes long to draw is drawn less often: at most a sixth of the time goes into it.
    this.#restingUntil = performance.now() + (performance.now() - began) * (DRAWING_SHARE - 1);
  }

  /** No more will come: draw what is left, freeze it all. */
  finish() {
    this.#code = null;
    if (this.#tail) this.#freeze(renderMarkdown(this.#tail));
    this.#tail = "";
    this.tail.replaceChildren();
  }

  #draw() {
    const tokens = markdown.parse(this.#tail, {});
    const begin = lastBlockLine(tokens);
    if (begin > 0) this.#cut(begin);
    this.#code = null;
    this.tail.replaceChildren(renderMarkdown(this.#tail));
    this.#rememberOpenCode();
  }

  #cut(line) {
    const at = placeOfLine(this.#tail, line);
    this.#freeze(renderMarkdown(this.#tail.slice(0, at)));
    this.#tail = this.#tail.slice(at);
  }

  #freeze(nodes) {
    for (const part of [...nodes.children]) {
      if (this.chunk.childElementCount >= CHUNK) this.#closeChunk();
      this.chunk.append(part);
      enrich(part);
    }
  }

  // A full chunk is laid out only while it is near the screen: the page's work does not grow with the answer.
  #closeChunk() {
    const next = element("div.prose-chunk");
    this.chunk.classList.add("is-full");
    this.chunk.after(next);
    this.chunk = next;
  }

  // A fence that is still open only ever gets more text: it is appended, however long the code becomes.
  #rememberOpenCode() {
    const fence = /^(`{3,}(?!`)|~{3,}(?!~))[^\n]*\n/.exec(this.#tail);
    const codes = this.tail.querySelectorAll("pre > code");
    if (!fence || codes.length !== 1 || closes(this.#tail, fence)) return;
    this.#code = { node: codes[0], mark: fence[1].slice(0, 3), lines: new Text(codes[0].textContent) };
    codes[0].replaceChildren(element("span.code-lines", {}, this.#code.lines));
  }

  #growsCode(fresh) {
    if (!this.#code) return false;
    const lineBegins = this.#tail.lastIndexOf("\n", this.#tail.length - fresh.length - 1) + 1;
    if (this.#tail.slice(lineBegins).includes(this.#code.mark)) return false;
    this.#code.lines.appendData(fresh);
    if (this.#code.lines.length > CODE_CHUNK) this.#closeLines();
    return true;
  }

  #closeLines() {
    const { lines, node } = this.#code;
    const end = lines.data.lastIndexOf("\n") + 1;
    if (!end) return;
    this.#code.lines = lines.splitText(end);
    lines.parentNode.classList.add("is-full");
    node.append(element("span.code-lines", {}, this.#code.lines));
  }
}

function closes(text, fence) {
  return new RegExp(`\\n {0,3}${fence[1][0]}{${fence[1].length},}\\s*(?:\\n|$)`).test(text.slice(fence[0].length - 1));
}

/** The line on which the last top-level block begins; earlier blocks cannot change any more. */
function lastBlockLine(tokens) {
  const tops = tokens.filter((token) => token.level === 0 && token.map && token.nesting >= 0);
  return tops.length > 1 ? tops.at(-1).map[0] : 0;
}

function placeOfLine(text, line) {
  let at = 0;
  for (let passed = 0; passed < line; passed++) at = text.indexOf("\n", at) + 1;
  return at;
}

/** Give a finished block its colours and formulas. Each is loaded when first met. */
function enrich(part) {
  for (const code of part.querySelectorAll("pre > code[class*=language-]")) colour(code);
  drawFormulas(part.matches(".math") ? [part] : [...part.querySelectorAll(".math")]);
}

async function colour(code) {
  const { coloured } = await import("./colours.js");
  const html = coloured(code.textContent, languageOf(code));
  if (html) code.replaceChildren(DOMPurify.sanitize(html, PURIFIED));
}

async function drawFormulas(places) {
  if (!places.length) return;
  const { drawFormula } = await import("./drawn_formulas.js");
  for (const place of places) drawFormula(place);
}

/** Code gets a head with its language and a button that copies it, from its first line on: so nothing jumps later. */
function dressCode(pre) {
  const code = pre.querySelector("code");
  if (!code) return;
  const head = element("div.code-head", {}, element("span", {}, languageOf(code) || t("code")), copyButton(() => code.textContent));
  const block = element("div.code-block", {}, head);
  pre.replaceWith(block);
  pre.tabIndex = 0;
  block.append(pre);
}

function languageOf(code) {
  return /language-(\S+)/.exec(code.className)?.[1] ?? "";
}
