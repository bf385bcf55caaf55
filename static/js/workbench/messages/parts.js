// The parts of a message: text, pictures, files, sound, tool calls and their results, each as one row.

import { html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { childOf } from "../../document/pointer.js";
import { spelled } from "../../document/spelling.js";
import { bytes, t } from "../../texts.js";
import { jsonArea, segments } from "../form/controls.js";
import { fieldsOfObject } from "../form/fields.js";
import { itemActions, itemSwitch, members } from "../form/nested.js";
import { shapeAt } from "../form/shapes.js";
import { words } from "../desk.js";
import { icon } from "../icons.js";
import { isMark } from "../uploads.js";
import { HEAVY, sizeOf } from "./files.js";

const ICONS = {
  text: "type",
  thinking: "brain",
  image: "image",
  audio: "audio-lines",
  video: "film",
  file: "file-text",
  call: "wrench",
  result: "corner-down-left",
  other: "braces",
};

/** The rows of the parts at a pointer. `shapes` are those the table gives them. */
export function parts(form, dialect, list, shapes) {
  const tokens = form.draft.items(list);
  return repeat(tokens, (token) => token, (token) => part(form, dialect, list, token, shapes));
}

function part(form, dialect, list, token, shapes) {
  const pointer = childOf(list, token);
  const facts = dialect.read(form.draft, pointer);
  const off = pointer in form.draft.off;
  const reason = words(form.draft.off[pointer]?.reason);
  const problems = form.problemsWithin(pointer);
  const open = form.isOpen(pointer);
  const more = open ? t("Fewer fields of this part") : t("All fields of this part");
  return html`<div class="part part-${facts.kind} ${off ? "is-off" : ""}" data-pointer=${pointer} tabindex="-1">
    <span class="part-icon" title=${form.draft.string(`${pointer}/type`) ?? facts.kind}>${icon(ICONS[facts.kind])}</span>
    <div class="part-body">
      ${open ? allFields(form, pointer, shapes) : BODIES[facts.kind](form, pointer, facts)}
      ${reason ? html`<p class="param-reason">${icon("triangle-alert", "small")}${reason}</p>` : nothing}
      ${problems.length && !open ? html`<p class="param-problem">${icon("circle-alert", "small")}${problems[0]}</p>` : nothing}
    </div>
    <span class="part-actions">
      ${off ? itemSwitch(form, pointer, off) : nothing}
      <button class="btn btn-ghost btn-square btn-sm" type="button" aria-expanded=${open} title=${more} aria-label=${more} @click=${() => form.toggle(pointer)}>${icon("sliders-horizontal", "small")}</button>
      ${itemActions(form, list, token)}
    </span>
  </div>`;
}

function allFields(form, pointer, shapes) {
  const shape = shapeAt(form.draft, pointer, shapes, form.objects);
  if (shape?.kind === "ref") return members(form, fieldsOfObject(form.objects[shape.object]), pointer);
  return other(form, pointer);
}

const BODIES = { text: writing, thinking: writing, image: media, audio: media, video: media, file: media, call, result, other };

function writing(form, pointer, { at }) {
  return textIn(form, pointer + at, t("Text of this part"));
}

/** A text that is edited where it stands, without a box. */
export function textIn(form, pointer, label) {
  return html`<textarea
    class="grow message-text"
    rows="1"
    aria-label=${label}
    placeholder=${t("Write here")}
    .value=${form.draft.string(pointer) ?? ""}
    @input=${(event) => form.set(pointer, spelled(event.target.value))}
  ></textarea>`;
}

function media(form, pointer, facts) {
  const address = facts.url ? form.draft.string(pointer + facts.url) : null;
  const data = facts.data ? form.draft.string(pointer + facts.data) : null;
  if (isMark(address ?? data)) return html`<div class="part-media"><uploaded-file .mark=${address ?? data}></uploaded-file>${option(form, pointer, facts)}</div>`;
  const own = address?.startsWith("data:") ? address : data;
  return html`<div class="part-media">
    ${own ? held(form, pointer, facts, own) : addressField(form, pointer, facts, address)} ${option(form, pointer, facts)}
  </div>`;
}

function held(form, pointer, facts, text) {
  const mime = mimeOf(form, pointer, facts, text);
  const source = text.startsWith("data:") ? text : `data:${mime};base64,${text}`;
  const size = sizeOf(text);
  const name = facts.name && form.draft.string(pointer + facts.name);
  const measured = ({ target }) => (target.nextElementSibling.querySelector("[data-extent]").textContent = `${target.naturalWidth} × ${target.naturalHeight} · `);
  return html`
    ${facts.kind === "image" ? html`<img class="part-thumb" alt="" src=${source} @load=${measured} />` : html`<span class="part-thumb">${icon(ICONS[facts.kind])}</span>`}
    <span class="part-facts">
      <b>${name || mime}</b>
      <small class="figure ${size > HEAVY ? "is-heavy" : ""}"><span data-extent></span>${bytes(size)}${size > HEAVY ? ` · ${t("many gateways refuse more than 20 MB")}` : ""}</small>
    </span>
  `;
}

function mimeOf(form, pointer, facts, text) {
  if (text.startsWith("data:")) return text.slice("data:".length, text.search(/[;,]/));
  if (facts.mime) return form.draft.string(pointer + facts.mime) ?? "";
  return `audio/${form.draft.string(pointer + facts.format) ?? "wav"}`;
}

function addressField(form, pointer, facts, address) {
  const place = pointer + (facts.url ?? facts.data);
  return html`<input
    class="input mono"
    type="text"
    spellcheck="false"
    inputmode="url"
    aria-label=${t("Address")}
    placeholder="https://"
    .value=${address ?? ""}
    @input=${(event) => form.set(place, spelled(event.target.value))}
  />`;
}

function option(form, pointer, { option: facts }) {
  if (!facts) return nothing;
  const choices = facts.choices.map((choice) => ({ text: spelled(choice), label: choice }));
  const place = pointer + facts.at;
  const field = { row: { name: facts.name, has_default: true, default: "auto" } };
  return html`<span class="part-option"><span>${facts.name}</span>${segments(form, field, place, form.draft.get(place), choices)}</span>`;
}

function call(form, pointer, { id, name, input }) {
  return html`<div class="part-call">
    <span class="part-line">${shortField(form, pointer + name, t("Name of the tool"))}${shortField(form, pointer + id, t("Id of the call"))}</span>
    ${jsonOrText(form, pointer + input, t("Arguments"))}
  </div>`;
}

function result(form, pointer, { id, output }) {
  return html`<div class="part-call">
    <span class="part-line">${shortField(form, pointer + id, t("Of which call"))}</span>
    ${jsonOrText(form, pointer + output, t("Result"))}
  </div>`;
}

function shortField(form, pointer, label) {
  return html`<input
    class="input input-sm mono"
    type="text"
    spellcheck="false"
    aria-label=${label}
    placeholder=${label}
    .value=${form.draft.string(pointer) ?? ""}
    @input=${(event) => form.set(pointer, spelled(event.target.value))}
  />`;
}

function jsonOrText(form, pointer, label) {
  if (form.draft.typeOf(pointer) === "string") return textIn(form, pointer, label);
  return jsonArea(form, { row: { name: label } }, pointer, form.draft.get(pointer));
}

function other(form, pointer) {
  return jsonArea(form, { row: { name: t("Part") } }, pointer, form.draft.get(pointer));
}

/** The plain text of a message's content, for estimates: what people and models wrote, no media. */
export function writtenIn(form, dialect, content) {
  if (form.draft.typeOf(content) === "string") return form.draft.string(content);
  return form.draft
    .items(content)
    .map((token) => childOf(content, token))
    .map((pointer) => ({ pointer, facts: dialect.read(form.draft, pointer) }))
    .filter(({ facts }) => facts.at)
    .map(({ pointer, facts }) => form.draft.string(pointer + facts.at) ?? "")
    .join("\n");
}
