// One parameter: sent or not, its name and meaning, its control, the way back to the example.

import { html, nothing } from "lit";
import { guard } from "lit/directives/guard.js";
import { live } from "lit/directives/live.js";
import { t } from "../../texts.js";
import { words } from "../desk.js";
import { icon } from "../icons.js";
import { control, isWide } from "./controls.js";
import { nested, nestedSummary } from "./nested.js";
import { shapeAt, shapeName, typeWord } from "./shapes.js";

/**
 * The row of a field whose holder stands at `base`. `plain` rows (inside lists) show no change against the example.
 * A row whose value, switches and surroundings are as they were is not drawn again: one letter draws one row.
 */
export function row(form, field, base = "", { plain = false } = {}) {
  const pointer = base + field.pointer;
  return guard([field, pointer, ...form.standing(pointer)], () => drawn(form, field, pointer, plain));
}

function drawn(form, field, pointer, plain) {
  const facts = factsOf(form, field, pointer, plain);
  const editor = form.editorOf(pointer);
  if (editor) return editorRow(form, field, pointer, facts, editor);
  const inside = facts.shape && nested(form, field, pointer, facts.shape);
  const wide = form.laidOut(pointer) ?? (!inside && isWide(field, facts.shape, facts.text) && facts.text !== undefined);
  return html`<div class="param ${facts.classes}" data-pointer=${pointer}>
    <div class="param-line">
      ${sendSwitch(form, field, pointer, facts)} ${about(form, field, pointer, facts)}
      ${inside ? nestedSummary(form, field, pointer, facts.shape) : wide ? html`<span></span>` : html`<div class="param-control">${control(form, field, pointer, facts.shape)}</div>`}
      ${resetButton(form, field, pointer, facts)}
    </div>
    ${wide ? html`<div class="param-wide">${control(form, field, pointer, facts.shape, true)}</div>` : nothing}
    ${inside && form.isOpen(pointer) ? html`<div class="param-inside">${inside()}</div>` : nothing}
  </div>`;
}

// A value with an editor of its own (messages) takes the whole width.
function editorRow(form, field, pointer, facts, editor) {
  return html`<div class="param is-editor ${facts.classes}" data-pointer=${pointer}>
    <div class="param-line">
      ${sendSwitch(form, field, pointer, facts)} ${about(form, field, pointer, facts)}
      <span class="param-summary">${editor.summary(form, pointer)}</span>
      ${resetButton(form, field, pointer, facts)}
    </div>
    <div class="param-editor">${editor.draw(form, pointer)}</div>
  </div>`;
}

function factsOf(form, field, pointer, plain) {
  const text = form.draft.get(pointer);
  const sent = form.draft.sends(pointer);
  const off = form.draft.offAt(pointer);
  const shape = text === undefined ? field.shapes[0] : shapeAt(form.draft, pointer, field.shapes, form.objects);
  const changed = !plain && form.isChanged(pointer);
  const problems = form.problemsOf(pointer);
  // Inside what is switched off nothing is sent, but that is said once, by the holder.
  const waits = text === undefined || off === pointer;
  const classes = [waits && "is-off", changed && "is-changed", problems.length && "is-bad"].filter(Boolean).join(" ");
  return { text, sent, off, shape, changed, problems, waits, reason: words(form.draft.off[pointer]?.reason), classes };
}

function sendSwitch(form, field, pointer, { waits, text }) {
  if (field.row.required && !waits) {
    return html`<span class="param-lock" title=${t("Required")}>${icon("lock", "small")}<span class="visually-hidden">${t("Required")}</span></span>`;
  }
  return html`<input
    class="toggle"
    type="checkbox"
    role="switch"
    aria-label=${t("Send {name}", { name: field.row.name })}
    .checked=${live(!waits)}
    @change=${(event) => form.send(field, pointer, event.target.checked)}
  />`;
}

function about(form, field, pointer, facts) {
  return html`<div class="param-about">
    <div class="param-head">
      ${name(form, field)}
      ${kind(form, field, pointer, facts)} ${range(field.row)} ${marks(field.row)}
    </div>
    ${meaning(form, field, facts)}
  </div>`;
}

// A member that stands outside its object shows where it belongs.
function name(form, field) {
  const cut = field.row.name.lastIndexOf(".") + 1;
  const holder = cut ? html`<span class="param-holder">${form.marked(field.row.name.slice(0, cut))}</span><wbr />` : nothing;
  return html`<span class="param-name">${holder}${form.marked(field.row.name.slice(cut))}</span>`;
}

// Where a value may be several things its type is a choice.
function kind(form, field, pointer, { shape }) {
  const { shapes } = field;
  if (shapes.length < 2 || form.editorOf(pointer)) return html`<span class="param-type">${typeWord(field.row.type)}</span>`;
  const choose = (event) => form.reshape(field, pointer, shapes[event.target.selectedIndex]);
  return html`<select class="param-kind" aria-label=${t("Kind of {name}", { name: field.row.name })} @change=${choose}>
    ${shapes.map((each) => html`<option ?selected=${each === shape} .selected=${live(each === shape)}>${shapeName(each, form.objects)}</option>`)}
  </select>`;
}

function range({ minimum, maximum }) {
  const known = (figure) => figure !== null && figure !== undefined;
  if (known(minimum) && known(maximum)) return html`<span class="param-type">${signed(minimum)} – ${signed(maximum)}</span>`;
  if (known(minimum) && minimum > 1) return html`<span class="param-type">≥ ${minimum}</span>`;
  return nothing;
}

function signed(figure) {
  return String(figure).replace("-", "−");
}

function marks(row) {
  const found = [
    row.unknown && [t("not in the document"), ""],
    row.deprecated && [t("old"), ""],
    row.newer && [t("newer"), t("Newer than the document of November 2025")],
    row.beta && [t("beta"), t("Needs a beta header")],
    row.gateway && [t("gateway"), t("What gateways and vendors add")],
  ].filter(Boolean);
  return found.map(([word, title]) => html`<span class="badge badge-outline" title=${title || nothing}>${word}</span>`);
}

function meaning(form, field, { problems, reason, text }) {
  if (problems.length) return html`<p class="param-problem">${icon("circle-alert", "small")}${problems[0]}</p>`;
  if (reason) return html`<p class="param-reason">${icon("triangle-alert", "small")}${reason}</p>`;
  const { row } = field;
  const extra = [row.has_default && t("default {value}", { value: short(row.default) }), words(row.applies_to)].filter(Boolean);
  const line = [form.marked(words(row)), ...extra.map((part) => html`<span class="param-extra"> · ${part}</span>`)];
  const note = words(row.note);
  return words(row) || extra.length ? html`<p class="param-meaning" title=${note || nothing}>${line}</p>` : nothing;
}

function short(value) {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > 40 ? text.slice(0, 40) + "…" : text;
}

function resetButton(form, field, pointer, { changed, waits }) {
  if (!changed) return html`<span class="param-reset"></span>`;
  return html`<button class="param-reset" type="button" title=${t("Back to the example")} aria-label=${t("Put {name} back to the example", { name: field.row.name })} @click=${() => form.reset(pointer)}>
    ${icon("rotate-ccw", "small")}
  </button>`;
}
