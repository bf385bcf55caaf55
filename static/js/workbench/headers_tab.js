// Path values, query and headers as rows: name, value, sent or not; what cannot be sent says why beside itself.

import { html, nothing, render } from "lit";
import { live } from "lit/directives/live.js";
import { t } from "../texts.js";
import { pathProblem, placesOf } from "./address.js";
import { words } from "./desk.js";
import "./form/combo_box.js";
import { icon } from "./icons.js";
import { brandOf } from "./makers.js";

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const CONTROL = /[\u0000-\u0008\u000a-\u001f\u007f]/;
const OWN = /^(?:accept-encoding|connection|content-length|expect|host|http2-settings|keep-alive|te|trailer|transfer-encoding|upgrade|proxy-.*)$/;
const KEYS = /^(?:authorization|cookie|mj-api-secret|x-api-key|x-goog-api-key)$/;
const KEYS_IN_QUERY = /^(?:key|api_key|api-key|access_token)$/;

/** Why a header cannot be sent, or nothing. The server decides; this says it while it is typed. */
export function headerProblem({ name, value, sent }, rows) {
  if (!sent || (!name && !value)) return "";
  const lower = name.toLowerCase();
  if (!TOKEN.test(name)) return t("This is not a header name: use letters, digits and hyphens");
  if (KEYS.test(lower)) return t("The chosen key is added by the site; remove this header");
  if (OWN.test(lower)) return t("{name} belongs to the connection and is set by the site", { name });
  if (rows.filter((row) => row.sent && row.name.toLowerCase() === lower).length > 1) return t("{name} is given twice", { name });
  if (CONTROL.test(value)) return t("The value holds a control character, which no header can carry");
  if (/[^\u0000-\u00ff]/.test(value)) return t("The value holds a character that no header can carry");
  return "";
}

function queryProblem({ name, sent }) {
  return sent && KEYS_IN_QUERY.test(name.toLowerCase()) ? t("The chosen key is added by the site, and never to the address") : "";
}

/** How many rows of the request cannot be sent as they stand. */
export function badRows(desk) {
  const headers = desk.headers.filter((row) => headerProblem(row, desk.headers));
  const paths = placesOf(desk.operation).filter((name) => pathProblem(desk.path[name]));
  return headers.length + desk.query.filter(queryProblem).length + paths.length;
}

/** Draws the tab into its panel and keeps it up with the desk. */
export class HeadersTab {
  constructor(panel, desk, { added }) {
    this.panel = panel;
    this.desk = desk;
    this.added = added;
    /** What the server refused, by field: `headers.Host`. */
    this.refused = {};
    desk.addEventListener("open", () => (this.refused = {}));
    for (const event of ["open", "change", "stock"]) desk.addEventListener(event, () => this.draw());
  }

  /** Show what the server said of a field of the address or headers. */
  refuse(field, message) {
    this.refused = { [field]: message };
    this.draw();
  }

  draw() {
    const { desk } = this;
    if (!desk.operation) return;
    const places = placesOf(desk.operation);
    render(
      html`
        ${places.length ? this.#section(t("Path values"), places.map((name) => this.#pathRow(name))) : nothing}
        ${this.#list("query", t("Query"), t("Add a query value"), queryProblem)} ${this.#list("headers", t("Headers"), t("Add a header"), headerProblem)}
        ${this.#section(t("Added when it is sent"), [this.#addedRows()])}
      `,
      this.panel,
    );
  }

  #section(title, rows) {
    return html`<section class="pairs"><h3>${title}</h3>${rows}</section>`;
  }

  #pathRow(name) {
    const value = this.desk.path[name] ?? "";
    const problem = this.refused[`path.${name}`] || pathProblem(value);
    const write = (event) => this.desk.amend((desk) => (desk.path = { ...desk.path, [name]: event.target.value }));
    return html`<div class="pair-row ${problem ? "is-bad" : ""}">
      <span class="param-lock" title=${t("Required")}>${icon("lock", "small")}</span>
      <span class="pair-name mono">${name}</span>
      ${name === "model" ? this.#modelField(value) : html`<input class="input mono" type="text" spellcheck="false" aria-label=${name} .value=${value} @input=${write} />`}
      <span></span>
      ${this.#about(problem, this.#known("path", name))}
    </div>`;
  }

  #modelField(value) {
    const write = ({ detail }) => this.desk.amend((desk) => (desk.path = { ...desk.path, model: detail }));
    const choices = this.desk.modelChoices(this.#known("path", "model")?.known_values ?? []);
    return html`<combo-box .choices=${choices} .value=${value} .brand=${brandOf(value)} .note=${this.desk.modelsNote} label="model" @pick=${write}></combo-box>`;
  }

  #list(place, title, adding, problemOf) {
    const rows = this.desk[place];
    const waiting = this.#offered(place);
    const add = () => {
      this.#change(place, (all) => [...all, { name: "", value: "", sent: true }]);
      [...this.panel.querySelectorAll(`[data-place="${place}"] .pair-key`)].at(-1)?.focus();
    };
    return html`<section class="pairs" data-place=${place}>
      <h3>${title}</h3>
      ${rows.map((row, index) => this.#row(place, row, index, this.refused[`${place}.${row.name}`] || problemOf(row, rows)))}
      ${waiting.map((parameter) => this.#offer(place, parameter))}
      <button class="btn btn-sm" type="button" @click=${add}>${icon("plus", "small")}${adding}</button>
    </section>`;
  }

  #row(place, row, index, problem) {
    const change = (part) => this.#change(place, (all) => all.map((each, at) => (at === index ? { ...each, ...part } : each)));
    const remove = () => this.#change(place, (all) => all.filter((each, at) => at !== index));
    return html`<div class="pair-row ${problem ? "is-bad" : ""} ${row.sent ? "" : "is-off"}">
      <input class="toggle" type="checkbox" role="switch" aria-label=${t("Send {name}", { name: row.name || t("this row") })} .checked=${live(row.sent)} @change=${(event) => change({ sent: event.target.checked })} />
      <input class="input mono pair-key" type="text" spellcheck="false" autocapitalize="off" aria-label=${t("Name")} placeholder=${t("Name")} .value=${row.name} @input=${(event) => change({ name: event.target.value })} />
      <input class="input mono" type="text" spellcheck="false" aria-label=${t("Value of {name}", { name: row.name || t("this row") })} placeholder=${t("Value")} .value=${row.value} @input=${(event) => change({ value: event.target.value })} />
      <button class="btn btn-ghost btn-square btn-sm" type="button" aria-label=${t("Remove {name}", { name: row.name || t("this row") })} @click=${remove}>${icon("x", "small")}</button>
      ${this.#about(problem, this.#known(place === "headers" ? "header" : place, row.name))}
    </div>`;
  }

  // What the document knows but the request has not: one press away.
  #offer(place, parameter) {
    const send = () => this.#change(place, (all) => [...all, { name: parameter.name, value: String(parameter.default ?? ""), sent: true }]);
    return html`<div class="pair-row is-off">
      <input class="toggle" type="checkbox" role="switch" aria-label=${t("Send {name}", { name: parameter.name })} .checked=${live(false)} @change=${send} />
      <span class="pair-name mono">${parameter.name}</span>
      <span class="pair-default mono">${parameter.default ?? ""}</span>
      <span></span>
      ${this.#about("", parameter)}
    </div>`;
  }

  #about(problem, parameter) {
    if (problem) return html`<p class="param-problem">${icon("circle-alert", "small")}${problem}</p>`;
    return parameter ? html`<p class="param-meaning">${words(parameter)}</p>` : nothing;
  }

  #addedRows() {
    return this.added().map(([name, value]) => html`<div class="pair-row is-added"><span>${icon("lock", "small")}</span><span class="pair-name mono">${name}</span><span class="mono">${value}</span></div>`);
  }

  #known(place, name) {
    return this.desk.table.parameters.find((each) => each.place === place && each.name.toLowerCase() === name.toLowerCase());
  }

  #offered(place) {
    const wanted = place === "headers" ? "header" : place;
    const given = this.desk[place].map((row) => row.name.toLowerCase());
    return this.desk.table.parameters.filter((each) => each.place === wanted && !given.includes(each.name.toLowerCase()));
  }

  #change(place, change) {
    this.refused = {};
    this.desk.amend((desk) => (desk[place] = change(desk[place])));
  }
}
