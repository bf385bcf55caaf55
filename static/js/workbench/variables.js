// The small form of a request's variables: a field for each name, what stands for it if nothing is typed, what is missing.
//
// Secret values never come here: the server fills them in when the request goes out.

import { html, nothing, render } from "lit";
import { namesIn } from "../document/variables.js";
import { ask } from "../page.js";
import { t } from "../texts.js";
import { icon } from "./icons.js";

const STORE = "variables";

/** Draws into `place` and says what goes out with a start. `isSaved()`: whether every name needs a value. */
export class Variables {
  #known = {};
  #typed = read();
  #problems = {};
  #asked = null;
  #text = null;

  constructor(place, desk, { isSaved, show }) {
    Object.assign(this, { place, desk, isSaved, show });
    for (const event of ["open", "change"]) desk.addEventListener(event, () => this.#look());
    document.addEventListener("visibilitychange", () => document.hidden || this.#refresh());
  }

  /** Draw again: whether the request is a saved one has changed. */
  draw() {
    this.#text = null;
    this.#look();
  }

  /** `{variables}` for the start, nothing where there are none; null when one is missing, which is told at its name. */
  toSend() {
    const names = this.#names();
    if (!names.length) return {};
    this.#problems = {};
    const missing = this.isSaved() ? names.filter((name) => !this.#has(name)) : [];
    for (const name of missing) this.#problems[name] = t("This needs a value; nothing was sent");
    this.#draw(names);
    if (missing.length) this.focus(missing[0]);
    return missing.length ? null : { variables: this.#values(names) };
  }

  /** Tell at a name why the server did not send. */
  refuse(name, message) {
    this.#problems = { [name]: message };
    this.#draw(this.#names());
    this.focus(name);
  }

  #values(names) {
    const value = (name) => this.#typed[name] || (this.#known[name] ? undefined : this.desk.variables[name]);
    return Object.fromEntries(names.map((name) => [name, value(name)]).filter(([, text]) => text !== undefined));
  }

  #has(name) {
    return Boolean(this.#typed[name] || this.#known[name]) || this.desk.variables[name] !== undefined;
  }

  // In a request that is no saved one a name without any value is plain text.
  #names() {
    if (this.desk.operation?.kind !== "operation") return [];
    const names = namesIn(this.desk.call);
    return this.isSaved() ? names : names.filter((name) => this.#known[name] || this.desk.variables[name] !== undefined);
  }

  async #refresh() {
    const response = await ask("/saved/variables.json").catch(() => null);
    if (!response?.ok) return;
    this.#known = (await response.json()).known;
    this.#draw(this.#names());
  }

  #look() {
    const { text } = this.desk.draft;
    const parts = JSON.stringify([this.desk.path, this.desk.query, this.desk.headers, this.desk.variables]);
    if (text === this.#text?.[0] && parts === this.#text[1]) return;
    this.#text = [text, parts];
    if (text.includes("{{") || parts.includes("{{")) this.#asked ??= this.#refresh();
    this.#draw(this.#names());
  }

  #draw(names) {
    this.place.hidden = !names.length;
    render(names.length ? this.#form(names) : nothing, this.place);
  }

  #form(names) {
    return html`<header><span>${t("Variables of this request")}</span><a class="link" href="/saved/variables/" target="_blank">${t("Kept values")}</a></header>
      ${names.map((name) => this.#row(name))}`;
  }

  #row(name) {
    const id = `variable-${name}`;
    const problem = this.#problems[name];
    return html`<div class="variable-field">
      <label class="mono" for=${id}>${name}</label>
      <input class="input input-sm" id=${id} autocomplete="off" spellcheck="false" maxlength="20000" .value=${this.#typed[name] ?? ""} placeholder=${this.#placeholder(name)}
        aria-invalid=${problem ? "true" : "false"} aria-describedby=${problem ? `${id}-problem` : nothing} @input=${(event) => this.#type(name, event.target.value)} />
      ${this.#typed[name]
        ? html`<button class="btn btn-ghost btn-sm" type="button" title=${t("Save it with the request as what stands here by default")} @click=${() => this.#makeDefault(name)}>${icon("bookmark", "small")}${t("Default")}</button>`
        : html`<span class="muted">${this.#whose(name)}</span>`}
      ${problem ? html`<p class="param-problem" id="${id}-problem" role="alert">${icon("circle-alert", "small")}${problem}</p>` : nothing}
    </div>`;
  }

  #placeholder(name) {
    const known = this.#known[name];
    return known ? (known.secret ? "••••••••" : known.value) : (this.desk.variables[name] ?? "");
  }

  #whose(name) {
    const known = this.#known[name];
    if (known) return known.whose === "mine" ? t("your value") : t("the team's value");
    return this.desk.variables[name] === undefined ? t("needs a value") : t("default");
  }

  #type(name, value) {
    if (value) this.#typed[name] = value;
    else delete this.#typed[name];
    delete this.#problems[name];
    write(this.#typed);
    this.#draw(this.#names());
  }

  #makeDefault(name) {
    const value = this.#typed[name];
    delete this.#typed[name];
    write(this.#typed);
    this.desk.amend((desk) => (desk.variables = { ...desk.variables, [name]: value }));
    this.#draw(this.#names());
  }

  /** Put the cursor into the field of a variable. */
  focus(name) {
    this.show();
    this.place.querySelector(`[id="variable-${CSS.escape(name)}"]`)?.focus();
  }
}

function read() {
  try {
    return JSON.parse(sessionStorage.getItem(STORE)) ?? {};
  } catch {
    return {};
  }
}

function write(values) {
  try {
    sessionStorage.setItem(STORE, JSON.stringify(values));
  } catch {
    // The page then forgets them when it is loaded again.
  }
}
