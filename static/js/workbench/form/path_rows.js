// The values that the path wants, as rows among the parameters: the model of a Gemini call, the id of a task.

import { html, nothing } from "lit";
import { t } from "../../texts.js";
import { pathProblem, placesOf } from "../address.js";
import { words } from "../desk.js";
import { icon } from "../icons.js";
import { brandOf } from "../makers.js";
import "./combo_box.js";

/** The rows whose names hold `filter`. */
export function pathRows(desk, filter = "") {
  return placesOf(desk.operation)
    .filter((name) => name.toLowerCase().includes(filter))
    .map((name) => pathRow(desk, name));
}

function pathRow(desk, name) {
  const value = desk.path[name] ?? "";
  const known = desk.table.parameters.find((each) => each.place === "path" && each.name === name);
  const problem = pathProblem(value);
  const write = (text) => desk.amend((each) => (each.path = { ...each.path, [name]: text }));
  const first = desk.example.path[name] ?? "";
  return html`<div class="param ${value === first ? "" : "is-changed"} ${problem ? "is-bad" : ""}" data-pointer="/path/${name}">
    <div class="param-line">
      <span class="param-lock" title=${t("Required")}>${icon("lock", "small")}<span class="visually-hidden">${t("Required")}</span></span>
      <div class="param-about">
        <div class="param-head"><span class="param-name">${name}</span><span class="param-type">${t("in the path")}</span></div>
        ${meaning(problem, known)}
      </div>
      <div class="param-control">${name === "model" ? modelField(desk, known, value, write) : textField(name, value, write)}</div>
      ${value === first ? html`<span class="param-reset"></span>` : resetButton(name, () => write(first))}
    </div>
  </div>`;
}

function meaning(problem, known) {
  if (problem) return html`<p class="param-problem">${icon("circle-alert", "small")}${problem}</p>`;
  return known && words(known) ? html`<p class="param-meaning">${words(known)}</p>` : nothing;
}

function modelField(desk, known, value, write) {
  const choices = desk.modelChoices(known?.known_values ?? []);
  return html`<combo-box .choices=${choices} .value=${value} .brand=${brandOf(value)} .note=${desk.modelsNote} label="model" @pick=${({ detail }) => write(detail)}></combo-box>`;
}

function textField(name, value, write) {
  return html`<input class="input param-text" type="text" spellcheck="false" aria-label=${name} .value=${value} @input=${({ target }) => write(target.value)} />`;
}

function resetButton(name, reset) {
  return html`<button class="param-reset" type="button" title=${t("Back to the example")} aria-label=${t("Put {name} back to the example", { name })} @click=${reset}>
    ${icon("rotate-ccw", "small")}
  </button>`;
}
