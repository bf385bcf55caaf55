// What the document says of an operation: purpose, notes, what is unsure, every parameter. For reading only.

import { html, nothing, render } from "lit";
import { t } from "../texts.js";
import { words } from "./desk.js";
import { icon } from "./icons.js";

/** Draw the documentation of the desk's operation into a panel. */
export function drawDocs(panel, desk) {
  const { operation, table } = desk;
  panel.querySelector(":scope > .docs-first")?.remove();
  const notes = [...operation.notes, ...(table.notes ?? [])];
  render(
    html`
      <p class="docs-purpose">${words(operation.purpose)}</p>
      ${operation.unverified ? html`<p class="param-reason">${icon("triangle-alert", "small")}${words(operation.unverified)}</p>` : nothing}
      ${operation.kind === "operation" ? facts(operation) : nothing} ${dataModels(desk.models)} ${removals(operation)} ${followUps(operation)} ${tableOf(table.parameters)}
      ${Object.entries(table.objects).length ? objects(table.objects) : nothing} ${notes.length ? section(t("Notes"), html`<ul>${notes.map((note) => html`<li>${words(note)}</li>`)}</ul>`) : nothing}
    `,
    panel,
  );
}

function section(title, content) {
  return html`<section><h3>${title}</h3>${content}</section>`;
}

function facts(operation) {
  const streaming = { none: t("answers in one piece"), sse: t("always streams"), either: t("in one piece or as a stream") }[operation.streaming];
  const rows = [
    [t("Call"), html`<span class="mono">${operation.method} ${operation.path}</span>`],
    [t("Answer"), `${operation.result_kinds.join(", ")} · ${streaming}`],
    [t("Key"), html`<span class="mono">${operation.auth}</span>`],
  ];
  return html`<dl class="docs-facts">${rows.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`;
}

function dataModels(models) {
  if (!models?.length) return nothing;
  return section(t("Data models"), html`<ul>${models.map(({ id, title }) => html`<li><a class="mono link" href=${`/schemas/${id}/`}>${words(title)}</a></li>`)}</ul>`);
}

function removals(operation) {
  if (!operation.drop_before_sending.length) return nothing;
  const rows = operation.drop_before_sending.map(({ paths, reason }) => html`<li><span class="mono">${paths.join(", ")}</span><br />${words(reason)}</li>`);
  return section(t("Switched off in this example, and why"), html`<ul>${rows}</ul>`);
}

function followUps(operation) {
  if (!operation.follow_up.length) return nothing;
  return section(t("What comes after"), html`<ul>${operation.follow_up.map(({ when, call }) => html`<li>${words(when)}: <span class="mono">${call}</span></li>`)}</ul>`);
}

function tableOf(parameters) {
  if (!parameters.length) return nothing;
  return section(t("Parameters"), fieldTable(parameters));
}

function objects(named) {
  const all = Object.entries(named);
  return section(
    t("Objects"),
    all.map(([name, { fields }]) => html`<details><summary class="mono">${name}</summary>${fieldTable(fields)}</details>`),
  );
}

function fieldTable(fields) {
  return html`<table class="docs-table">
    <thead>
      <tr><th scope="col">${t("Name")}</th><th scope="col">${t("Type")}</th><th scope="col">${t("Meaning")}</th></tr>
    </thead>
    <tbody>
      ${fields.map(
        (field) => html`<tr>
          <td class="mono">${field.name}${field.required ? html` <span class="badge badge-outline">${t("required")}</span>` : nothing}</td>
          <td class="mono">${field.type.replaceAll("object:", "")}</td>
          <td>${words(field)}${field.has_default ? html` <span class="muted">${t("default {value}", { value: JSON.stringify(field.default) })}</span>` : nothing}</td>
        </tr>`,
      )}
    </tbody>
  </table>`;
}
