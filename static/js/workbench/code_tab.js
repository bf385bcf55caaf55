// The request as code: written by the server in the chosen language, from the request as it stands now.

import { html, nothing, render } from "lit";
import { unsafeHTML } from "lit/directives/unsafe-html.js";
import { ask, copy } from "../page.js";
import { t } from "../texts.js";
import { icon } from "./icons.js";

const CHOSEN = "sample-language";
const FIRST = "shell";
const PAUSE_MS = 250;
const COLOURS = { shell: "bash", "objective-c": "c", http: "", ocaml: "", dart: "java" };

/** Draws the tab into its panel; `call()` is what would be sent, or null. */
export class CodeTab {
  constructor(panel, desk, { call }) {
    this.panel = panel;
    this.desk = desk;
    this.call = call;
    this.languages = [];
    this.text = "";
    this.problem = "";
    desk.addEventListener("open", () => (this.languages = []));
    for (const event of ["open", "change"]) desk.addEventListener(event, () => !panel.hidden && this.#later());
  }

  /** Show the code, written anew. */
  async show() {
    this.#draw();
    await this.#fetchLanguages();
    await this.#write();
  }

  get #language() {
    const wanted = remembered();
    return this.languages.find(({ id }) => id === wanted) ?? this.languages.find(({ id }) => id === FIRST);
  }

  #later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.show(), PAUSE_MS);
  }

  async #fetchLanguages() {
    const { operation } = this.desk;
    if (this.languages.length || operation?.kind !== "operation") return;
    const response = await ask(`/operations/${encodeURIComponent(operation.id)}/samples/`).catch(() => null);
    if (!response?.ok || operation !== this.desk.operation) return;
    ({ languages: this.languages, key_variable: this.variable } = await response.json());
  }

  async #write() {
    const call = this.call();
    const language = this.#language;
    if (!call || !language) return this.#say(t("The code could not be fetched"));
    this.asking?.abort();
    const { signal } = (this.asking = new AbortController());
    try {
      const response = await ask(`/operations/${encodeURIComponent(call.operation)}/samples/${language.id}`, { method: "POST", json: call, signal });
      if (!response.ok) return this.#say((await response.json()).message);
      this.text = await response.text();
      this.coloured = await colouredBy(this.text, COLOURS[language.id] ?? language.id.split("-")[0]);
      this.#say("");
    } catch (error) {
      if (error.name !== "AbortError") this.#say(t("The code could not be fetched"));
    }
  }

  #say(problem) {
    this.problem = problem;
    this.#draw();
  }

  #draw() {
    const chosen = this.#language;
    render(html`${this.#head(chosen)} ${this.problem ? html`<p class="param-problem" role="status">${icon("circle-alert", "small")}${this.problem}</p>` : nothing} ${this.#code()}`, this.panel);
  }

  #head(chosen) {
    const name = ({ name, by }) => (by ? `${name} · ${by}` : name);
    return html`<div class="code-choice">
      <label>
        <span class="visually-hidden">${t("Language")}</span>
        <select class="select select-sm" @change=${(event) => this.#choose(event.target.value)}>
          ${this.languages.map((each) => html`<option value=${each.id} ?selected=${each === chosen}>${name(each)}</option>`)}
        </select>
      </label>
      <span class="code-key-note">${icon("key-round", "small")}${t("The key is read from {variable}", { variable: this.variable ?? "GATEWAY_KEY" })}</span>
      <button class="btn btn-ghost btn-square btn-sm" type="button" aria-label=${t("Copy")} title=${t("Copy")} ?disabled=${!this.text} @click=${(event) => copy(this.text, event.currentTarget)}>${icon("copy")}</button>
      <button class="btn btn-ghost btn-square btn-sm" type="button" aria-label=${t("Download")} title=${t("Download")} ?disabled=${!this.text} @click=${() => download(chosen.file, this.text)}>${icon("download")}</button>
    </div>`;
  }

  #code() {
    if (!this.text || this.problem) return nothing;
    return html`<pre class="code code-sample" tabindex="0" aria-label=${t("Code")}><code>${this.coloured ? unsafeHTML(this.coloured) : this.text}</code></pre>`;
  }

  #choose(id) {
    try {
      localStorage.setItem(CHOSEN, id);
    } catch {
      // The choice then holds for this page only.
    }
    chosenHere = id;
    this.#write();
  }
}

let chosenHere = "";

function remembered() {
  try {
    return chosenHere || localStorage.getItem(CHOSEN);
  } catch {
    return chosenHere;
  }
}

// highlight.js escapes the text; it is the only markup that comes in.
async function colouredBy(text, name) {
  if (!name) return "";
  const { coloured } = await import("../answer/colours.js");
  return coloured(text, name);
}

/** Let the browser keep a text as a file. */
export function download(name, text, type = "text/plain") {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = Object.assign(document.createElement("a"), { href: address, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}
