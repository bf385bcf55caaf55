// Values that hold others: objects unfold into rows, lists into cards, maps into pairs.

import { html, nothing } from "lit";
import { live } from "lit/directives/live.js";
import { repeat } from "lit/directives/repeat.js";
import { childOf } from "../../document/pointer.js";
import { count, t } from "../../texts.js";
import { words } from "../desk.js";
import { icon } from "../icons.js";
import { control, jsonArea } from "./controls.js";
import { fieldsOfObject, unknownField } from "./fields.js";
import { row } from "./row.js";
import { shapeAt, shapeName } from "./shapes.js";
import { textOfShape } from "./values.js";

const SCALARS = ["string", "number", "integer", "boolean", "base64", "file"];

/** How to draw what a value holds, or null for a value that holds nothing of its own. */
export function nested(form, field, pointer, shape) {
  if (shape.kind === "ref") return () => members(form, fieldsOfObject(form.objects[shape.object]), pointer);
  if (shape.kind === "object" && field.children.length) return () => members(form, inPlace(field), pointer, field.elsewhere);
  if (shape.kind === "array" && !shape.of.every((each) => SCALARS.includes(each.kind))) return () => list(form, field, pointer, shape);
  if (shape.kind === "map" && shape.of[0].kind !== "any") return () => pairs(form, field, pointer, shape);
  return null;
}

/** What a folded value says of itself: how many it holds, and the button that unfolds it. */
export function nestedSummary(form, field, pointer, shape) {
  const open = form.isOpen(pointer);
  return html`<button class="param-unfold" type="button" aria-expanded=${open} aria-label=${t("Unfold {name}", { name: field.row.name })} @click=${() => form.toggle(pointer)}>
    <span>${heldBy(form, pointer, shape)}</span>${icon(open ? "chevron-down" : "chevron-right", "small")}
  </button>`;
}

function heldBy(form, pointer, shape) {
  if (form.draft.typeOf(pointer) === undefined) return "";
  if (shape.kind === "array") return counted(form.draft.items(pointer).length, t("1 item"), (n) => t("{n} items", { n }));
  return counted(form.draft.keys(pointer).length, t("1 field"), (n) => t("{n} fields", { n }));
}

function counted(number, one, many) {
  return number === 1 ? one : many(count(number));
}

// Children of a dotted parameter carry the whole path; inside their holder they are named by their own key.
const placed = new WeakMap();

function inPlace(field) {
  if (!placed.has(field)) {
    const children = field.children.map((child) => ({ ...child, pointer: childOf("", child.key), row: { ...child.row, name: child.key } }));
    placed.set(field, children);
  }
  return placed.get(field);
}

/** The rows of what an object holds, members no table knows included. */
export function members(form, fields, base, elsewhere = []) {
  const known = new Set([...fields.map((field) => field.key), ...elsewhere]);
  const unknown = form.draft.keys(base).filter((key) => !known.has(key)).map(unknownField);
  return repeat([...fields, ...unknown], (field) => field.key, (field) => row(form, field, base, { plain: true }));
}

// --- lists --------------------------------------------------------------------------------------------------------

function list(form, field, pointer, shape) {
  const tokens = form.draft.items(pointer);
  return html`
    ${repeat(tokens, (token) => token, (token) => item(form, field, pointer, token, shape))}
    <div class="list-foot">${adding(form, field, pointer, shape)}</div>
  `;
}

function item(form, field, list, token, shape) {
  const pointer = childOf(list, token);
  const own = shapeAt(form.draft, pointer, shape.of, form.objects);
  const off = pointer in form.draft.off;
  const open = form.isOpen(pointer);
  const reason = words(form.draft.off[pointer]?.reason);
  return html`<div class="list-item ${off ? "is-off" : ""}" data-pointer=${pointer}>
    <div class="list-head">
      ${itemSwitch(form, pointer, off)}
      <button class="list-title" type="button" aria-expanded=${open} @click=${() => form.toggle(pointer)}>
        ${icon(open ? "chevron-down" : "chevron-right", "small")}
        <span class="mono">${own ? shapeName(own, form.objects) : form.draft.typeOf(pointer)}</span>
        <span class="list-name">${titleOf(form.draft, pointer)}</span>
      </button>
      ${itemActions(form, list, token)}
    </div>
    ${reason ? html`<p class="param-reason">${icon("triangle-alert", "small")}${reason}</p>` : nothing}
    ${problemsInside(form, pointer, open)}
    ${open ? html`<div class="list-body">${itemBody(form, field, pointer, own)}</div>` : nothing}
  </div>`;
}

function problemsInside(form, pointer, open) {
  const problems = form.problemsWithin(pointer, { onlyHere: open });
  return problems.length ? html`<p class="param-problem">${icon("circle-alert", "small")}${problems[0]}</p>` : nothing;
}

function itemBody(form, field, pointer, shape) {
  if (shape?.kind === "ref") return members(form, fieldsOfObject(form.objects[shape.object]), pointer);
  if (shape && SCALARS.includes(shape.kind)) return control(form, { ...field, row: { ...field.row, has_default: false } }, pointer, shape, true);
  return jsonArea(form, field, pointer, form.draft.get(pointer));
}

/** The switch of one item of a list. */
export function itemSwitch(form, pointer, off) {
  const change = () => form.edit((draft) => (off ? draft.switchOn(pointer) : draft.switchOff(pointer)));
  return html`<input class="toggle" type="checkbox" role="switch" aria-label=${t("Send this item")} .checked=${live(!off)} @change=${change} />`;
}

/** Up, down, duplicate, delete: for one item of a list. */
export function itemActions(form, list, token) {
  const index = Number(token);
  const sent = !Number.isNaN(index);
  const last = form.draft.length(list) - 1;
  const action = (name, label, act, disabled = false) =>
    html`<button class="btn btn-ghost btn-square btn-sm" type="button" title=${label} aria-label=${label} ?disabled=${disabled} @click=${act}>${icon(name, "small")}</button>`;
  return html`<span class="list-actions">
    ${sent ? action("arrow-up", t("Move up"), () => form.move(list, index, index - 1), index === 0) : nothing}
    ${sent ? action("arrow-down", t("Move down"), () => form.move(list, index, index + 1), index === last) : nothing}
    ${sent ? action("copy", t("Duplicate"), () => form.duplicate(list, index)) : nothing}
    ${action("trash-2", t("Delete"), () => form.removeItem(childOf(list, token)))}
  </span>`;
}

function titleOf(draft, pointer) {
  const places = ["/name", "/function/name", "/custom/name", "/type", "/category", "/text", "/id", "/model"];
  const found = places.map((place) => draft.string(pointer + place)).find(Boolean);
  return found ?? draft.string(pointer) ?? draft.keys(pointer).join(", ");
}

function adding(form, field, pointer, shape) {
  const add = (each) => form.append(pointer, textOfShape(each, form.objects));
  if (shape.of.length === 1) {
    return html`<button class="btn btn-sm" type="button" @click=${() => add(shape.of[0])}>${icon("plus", "small")}${t("Add")}</button>`;
  }
  const choose = (event) => {
    add(shape.of[event.target.selectedIndex - 1]);
    event.target.selectedIndex = 0;
  };
  return html`<select class="select select-sm" aria-label=${t("Add to {name}", { name: field.row.name })} @change=${choose}>
    <option>${t("Add…")}</option>
    ${shape.of.map((each) => html`<option title=${words(form.objects[each.object])}>${shapeName(each, form.objects)}</option>`)}
  </select>`;
}

// --- maps ---------------------------------------------------------------------------------------------------------

function pairs(form, field, pointer, shape) {
  const keys = form.draft.keys(pointer);
  return html`
    ${repeat(keys, (key) => key, (key) => pair(form, field, pointer, key, shape))}
    <div class="list-foot">
      <button class="btn btn-sm" type="button" @click=${() => addPair(form, pointer, keys, shape)}>${icon("plus", "small")}${t("Add")}</button>
    </div>
  `;
}

function pair(form, field, map, key, shape) {
  const pointer = childOf(map, key);
  const own = shapeAt(form.draft, pointer, shape.of, form.objects);
  const rename = (event) => {
    const name = event.target.value;
    if (name === key || form.draft.keys(map).includes(name)) event.target.value = key;
    else form.edit((draft) => draft.rename(pointer, name));
  };
  const remove = () => form.edit((draft) => draft.remove(pointer));
  return html`<div class="pair">
    <input class="input mono" type="text" spellcheck="false" aria-label=${t("Key")} .value=${key} @change=${rename} />
    ${control(form, { ...field, shapes: shape.of, row: { name: key, minimum: field.row.minimum, maximum: field.row.maximum } }, pointer, own, true)}
    <button class="btn btn-ghost btn-square btn-sm" type="button" aria-label=${t("Remove {name}", { name: key })} @click=${remove}>${icon("x", "small")}</button>
  </div>`;
}

function addPair(form, pointer, keys, shape) {
  let number = keys.length + 1;
  while (keys.includes(`key${number}`)) number++;
  form.edit((draft) => draft.set(childOf(pointer, `key${number}`), textOfShape(shape.of[0], form.objects)));
}
