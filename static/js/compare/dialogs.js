// The dialogs of comparing: the whole request as JSON, and the table of values.

import { Draft } from "../document/draft.js";
import { laidOut } from "../document/spelling.js";
import { element, icon } from "../page.js";
import { t } from "../texts.js";
import { namesIn } from "./filling.js";

const MOST_ROWS = 20;

function dialog(title, body, foot, kind = "") {
  const close = element("button.icon-button", { type: "button", "aria-label": t("Close"), onclick: () => made.close() }, icon("x"));
  const made = element(`dialog.dialog${kind}`, { "aria-label": title }, element("div.dialog-head", {}, title, close), body, foot);
  made.addEventListener("close", () => made.remove());
  document.body.append(made);
  made.showModal();
  return made;
}

/** Change the body of the request; `onDone(request)` when it is valid JSON or a text that was no JSON before. */
export function editRequest(request, { operation, onDone }) {
  const field = element("textarea.textarea.mono.request-json", { rows: 18, spellcheck: "false", "aria-label": t("Body of the request") });
  field.value = laidOut(request.text);
  const problem = element("p.problem-line", { role: "alert", hidden: true });
  const take = () => {
    const draft = new Draft(field.value);
    problem.hidden = !draft.broken;
    problem.textContent = t("This is no valid JSON yet. Nothing was changed.");
    if (draft.broken) return field.focus();
    onDone({ ...request, text: field.value });
    opened.close();
  };
  const hint = element("p.hint", {}, t("Write {{name}} where a value should differ from row to row; the model is taken from each column."));
  const builder = element("a.btn.btn-ghost", { href: `/?operation=${encodeURIComponent(operation)}` }, icon("sliders-horizontal", "small"), t("Open in builder"));
  const foot = element("div.dialog-foot", {}, builder, element("button.btn.btn-primary", { type: "button", onclick: take }, t("Take over")));
  const opened = dialog(t("The request of all columns"), element("div.dialog-body", {}, field, problem, hint), foot, ".compare-dialog");
  field.focus();
}

/** Fill the table of values: a row for each set of them; `onDone(rows)`. */
export function editValues(request, rows, { onDone }) {
  const names = namesIn(request);
  const kept = rows.map((row) => ({ id: row.id, values: { ...row.values } }));
  const table = element("div.values-table");
  const add = element("button.btn.btn-sm", { type: "button", onclick: () => (kept.push({ id: nextId(kept), values: {} }), draw(kept.length - 1)) }, icon("plus", "small"), t("Row"));
  const draw = (focus = null) => {
    add.disabled = kept.length >= MOST_ROWS;
    table.replaceChildren(valuesTable(names, kept, (place) => (kept.splice(place, 1), draw())));
    if (focus !== null) table.querySelectorAll("tbody tr")[focus]?.querySelector("input")?.focus();
  };
  const none = element("p.hint", {}, t("The request names no variables yet. Write {{name}} into its text, {{product}} for example, and come back."));
  const take = () => (onDone(kept.length ? kept : [{ id: "r1", values: {} }]), opened.close());
  const foot = element("div.dialog-foot", {}, names.length > 0 && add, element("button.btn.btn-primary", { type: "button", onclick: take }, t("Take over")));
  const opened = dialog(t("Values of the variables"), element("div.dialog-body", {}, names.length ? table : none), foot, ".compare-dialog");
  draw();
}

function valuesTable(names, rows, onRemove) {
  const head = element("tr", {}, ...names.map((name) => element("th", { scope: "col" }, element("code", {}, name))), element("th", { scope: "col" }, element("span.visually-hidden", {}, t("Actions"))));
  const body = rows.map((row, place) => {
    const fields = names.map((name) => {
      const label = t("{name} in row {n}", { name, n: place + 1 });
      return element("td", {}, element("input.input", { type: "text", value: row.values[name] ?? "", "aria-label": label, oninput: (event) => (row.values[name] = event.target.value) }));
    });
    const remove = element("button.icon-button", { type: "button", "aria-label": t("Remove row {n}", { n: place + 1 }), disabled: rows.length === 1, onclick: () => onRemove(place) }, icon("x", "small"));
    return element("tr", {}, ...fields, element("td", {}, remove));
  });
  return element("table", {}, element("thead", {}, head), element("tbody", {}, ...body));
}

function nextId(rows) {
  return `r${Math.max(0, ...rows.map(({ id }) => Number(id.slice(1)) || 0)) + 1}`;
}
