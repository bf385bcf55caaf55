// The control of one value, chosen by its shape. `form` is the `<param-form>`: it knows the draft and takes edits.

import { html, nothing } from "lit";
import { ref } from "lit/directives/ref.js";
import { decoded, parse } from "../../document/syntax.js";
import { isNumber, spelled } from "../../document/spelling.js";
import { t } from "../../texts.js";
import { words } from "../desk.js";
import { icon } from "../icons.js";
import { brandOf } from "../makers.js";
import "./combo_box.js";
import { fileControl, isFileShape } from "./file_field.js";

const FEW = 4;
const LONG_TEXT = 34;
const LONG_LIST = 64;
const WIDEST_SEGMENTS = 34;
/** What people write sentences into. */
const PROSE = new Set(["prompt", "negative_prompt", "input", "instructions", "query", "system", "text"]);

/** Whether a value is shown below its row, over the whole width, instead of at its right. */
export function isWide(field, shape, text) {
  if (!shape || isFileShape(shape)) return true;
  if (["object", "map", "any"].includes(shape.kind)) return true;
  if (shape.kind === "array") return text !== undefined && text.replace(/\s+/g, "").length > LONG_LIST;
  return shape.kind === "string" && !choicesOf(field.row).length && (isProse(field) || isLong(text));
}

function isProse(field) {
  return PROSE.has(field.key);
}

function isLong(text) {
  return text !== undefined && text.startsWith('"') && (text.includes("\\n") || text.length > LONG_TEXT);
}

/** The control for a scalar, a list of scalars, or any JSON where nothing better is known; `isLaidWide` has a whole line. */
export function control(form, field, pointer, shape, isLaidWide = false) {
  const text = form.draft.get(pointer);
  if (shape === null) return jsonArea(form, field, pointer, text);
  if (isFileShape(shape)) return fileControl(form, field, pointer, shape);
  if (shape.kind === "boolean") return booleanControl(form, field, pointer, text);
  if (shape.kind === "number" || shape.kind === "integer") return numberControl(form, field, pointer, text, shape);
  if (shape.kind === "array") return tags(form, field, pointer, shape);
  if (["object", "map", "any"].includes(shape.kind)) return jsonArea(form, field, pointer, text);
  return stringControl(form, field, pointer, text, isLaidWide);
}

function booleanControl(form, field, pointer, text) {
  const choice = (value) => ({ text: value, label: value });
  return segments(form, field, pointer, text, [choice("true"), choice("false")]);
}

function stringControl(form, field, pointer, text, isLaidWide) {
  const choices = field.key === "model" ? form.desk.modelChoices(choicesOf(field.row)) : choicesOf(field.row);
  if (field.row.enum?.length && isFew(choices)) {
    return segments(form, field, pointer, text, choices.map((choice) => ({ text: spelled(choice), label: String(choice) })));
  }
  const value = text?.startsWith('"') ? decodedText(text) : (text ?? "");
  if (choices.length) return combo(form, field, pointer, value, choices.map(String));
  if (isLaidWide) return textArea(form, field, pointer, value);
  return html`<input
    class="input param-text"
    type="text"
    aria-label=${field.row.name}
    spellcheck="false"
    placeholder=${placeholder(field.row)}
    .value=${value}
    @input=${(event) => form.set(pointer, spelled(event.target.value))}
  />`;
}

function choicesOf(row) {
  return row.enum?.length ? row.enum : (row.known_values ?? []);
}

function isFew(choices) {
  return choices.length <= FEW && choices.join("  ").length <= WIDEST_SEGMENTS;
}

function combo(form, field, pointer, value, choices) {
  return html`<combo-box
    .choices=${choices}
    .value=${value}
    .brand=${field.key === "model" ? brandOf(value) : ""}
    .note=${field.key === "model" ? form.desk.modelsNote : ""}
    label=${field.row.name}
    placeholder=${placeholder(field.row)}
    @pick=${({ detail }) => form.set(pointer, spelled(detail))}
  ></combo-box>`;
}

/** A few choices side by side, as a group of radio buttons that the arrow keys walk. */
export function segments(form, field, pointer, text, choices) {
  const chosen = choices.findIndex((choice) => choice.text === text);
  return html`<span class="segments" role="radiogroup" aria-label=${field.row.name} @keydown=${walkSegments}>
    ${choices.map(
      (choice, index) =>
        html`<button
          type="button"
          role="radio"
          aria-checked=${index === chosen}
          tabindex=${index === Math.max(0, chosen) ? 0 : -1}
          ?data-default=${chosen < 0 && field.row.has_default && spelled(field.row.default) === choice.text}
          @click=${() => form.set(pointer, choice.text)}
        >
          ${choice.label}
        </button>`,
    )}
  </span>`;
}

function walkSegments(event) {
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const buttons = [...event.currentTarget.querySelectorAll("button")];
  const next = buttons[(buttons.indexOf(document.activeElement) + step + buttons.length) % buttons.length];
  next.focus();
  next.click();
}

function numberControl(form, field, pointer, text, shape) {
  const { minimum, maximum } = field.row;
  const ranged = isFigure(minimum) && isFigure(maximum) && maximum > minimum;
  const stray = form.strayOf(pointer);
  const input = html`<input
    class="input param-number"
    type="text"
    inputmode="decimal"
    autocomplete="off"
    aria-label=${field.row.name}
    aria-invalid=${stray !== undefined}
    placeholder=${placeholder(field.row)}
    .value=${stray ?? text ?? ""}
    @input=${(event) => writeNumber(form, pointer, event.target.value)}
    @keydown=${(event) => stepNumber(form, pointer, event, field.row, shape)}
  />`;
  return ranged ? html`<span class="param-range">${slider(form, field, pointer, text, shape)}${input}</span>` : input;
}

function isFigure(value) {
  return typeof value === "number";
}

function writeNumber(form, pointer, typed) {
  const text = typed.trim();
  if (isNumber(text)) form.set(pointer, text);
  else form.stray(pointer, typed);
}

function stepNumber(form, pointer, event, row, shape) {
  const step = { ArrowUp: 1, ArrowDown: -1 }[event.key];
  if (!step || event.altKey) return;
  event.preventDefault();
  const size = stepOf(row, shape) * (event.shiftKey ? 10 : 1);
  const now = Number(form.draft.get(pointer) ?? row.default ?? row.minimum ?? 0) || 0;
  form.set(pointer, tidy(within(now + step * size, row)));
}

function within(value, { minimum, maximum }) {
  return Math.min(isFigure(maximum) ? maximum : value, Math.max(isFigure(minimum) ? minimum : value, value));
}

function stepOf({ minimum, maximum }, shape) {
  if (shape.kind === "integer") return 1;
  return maximum - minimum <= 1 ? 0.01 : 0.1;
}

function tidy(value) {
  return String(Number(value.toFixed(6)));
}

function slider(form, field, pointer, text, shape) {
  const { minimum, maximum } = field.row;
  const fallback = isFigure(field.row.default) ? field.row.default : minimum;
  const value = isNumber(text ?? "") ? Number(text) : fallback;
  const share = (figure) => `${(100 * (within(figure, field.row) - minimum)) / (maximum - minimum)}%`;
  const paint = (element) => {
    element?.style.setProperty("--share", share(value));
    element?.style.setProperty("--tick", share(fallback));
  };
  return html`<span class="slider" ?data-tick=${isFigure(field.row.default)} ${ref(paint)}>
    <input
      type="range"
      tabindex="-1"
      aria-label=${t("{name}, slider", { name: field.row.name })}
      min=${minimum}
      max=${maximum}
      step=${stepOf(field.row, shape)}
      .value=${String(value)}
      @input=${(event) => form.set(pointer, tidy(Number(event.target.value)))}
    />
  </span>`;
}

/** A list of scalars as tags: Enter or a comma adds, Backspace in the empty field takes the last away. */
function tags(form, field, pointer, shape) {
  const choices = choicesOf(field.row);
  const tokens = form.draft.items(pointer);
  const asText = shape.of[0].kind === "string" || shape.of[0].kind === "base64";
  if (choices.length && isFew(choices)) return toggles(form, field, pointer, choices, tokens);
  const add = (typed) => {
    const text = asText ? spelled(typed) : typed.trim();
    if (parse(text).broken) return false;
    form.edit((draft) => added(draft, pointer, text));
    return true;
  };
  return html`<span class="tags" @click=${(event) => event.currentTarget.querySelector(".tags-input")?.focus()}>
    ${tokens.map((token) => tag(form, field, `${pointer}/${token}`))}
    <input
      class="tags-input mono"
      type="text"
      spellcheck="false"
      aria-label=${t("Add to {name}", { name: field.row.name })}
      placeholder=${tokens.length ? nothing : placeholder(field.row)}
      list=${choices.length ? `${form.formId}-${field.key}` : nothing}
      @keydown=${(event) => tagKey(form, event, pointer, tokens, add)}
      @change=${(event) => event.target.value && add(event.target.value) && (event.target.value = "")}
    />
    ${choices.length
      ? html`<datalist id="${form.formId}-${field.key}">${choices.map((choice) => html`<option value=${choice}></option>`)}</datalist>`
      : nothing}
  </span>`;
}

function added(draft, pointer, text) {
  return draft.typeOf(pointer) === "array" ? draft.insert(pointer, draft.length(pointer), text) : draft.set(pointer, `[${text}]`);
}

function tag(form, field, pointer) {
  const label = form.draft.string(pointer) ?? form.draft.get(pointer);
  const reason = words(form.draft.off[pointer]?.reason);
  const off = pointer in form.draft.off;
  return html`<span class="tag ${off ? "is-off" : ""}" title=${reason || nothing}>
    ${off
      ? html`<button type="button" class="tag-name" title=${t("Send again")} @click=${() => form.edit((draft) => draft.switchOn(pointer))}>${label}</button>`
      : html`<span class="tag-name">${label}</span>`}
    <button type="button" aria-label=${t("Remove {name}", { name: label })} @click=${() => form.edit((draft) => draft.remove(pointer))}>
      ${icon("x", "small")}
    </button>
  </span>`;
}

function tagKey(form, event, pointer, tokens, add) {
  const { target, key } = event;
  if ((key === "Enter" || key === ",") && target.value && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    if (add(target.value)) target.value = "";
  } else if (key === "Backspace" && !target.value && tokens.length) {
    form.edit((draft) => draft.remove(`${pointer}/${tokens.at(-1)}`));
  }
}

// A few choices of which several may hold: each is sent, switched off with a reason, or absent.
function toggles(form, field, pointer, choices, tokens) {
  const tokenOf = (choice) => tokens.find((token) => form.draft.get(`${pointer}/${token}`) === spelled(choice));
  return html`<span class="segments" role="group" aria-label=${field.row.name}>
    ${choices.map((choice) => {
      const token = tokenOf(choice);
      const place = `${pointer}/${token}`;
      const sent = token !== undefined && !(place in form.draft.off);
      const press = () => {
        if (sent) form.edit((draft) => draft.remove(place));
        else if (token) form.edit((draft) => draft.switchOn(place));
        else form.edit((draft) => added(draft, pointer, spelled(choice)));
      };
      return html`<button type="button" aria-pressed=${sent} title=${words(form.draft.off[place]?.reason) || nothing} @click=${press}>${choice}</button>`;
    })}
  </span>`;
}

/** A text of several lines that grows with what is in it. */
export function textArea(form, field, pointer, value, kind = "") {
  return html`<textarea
    class="textarea grow ${kind}"
    rows="1"
    aria-label=${field.row.name}
    placeholder=${placeholder(field.row)}
    .value=${value}
    @input=${(event) => form.set(pointer, spelled(event.target.value))}
  ></textarea>`;
}

/** Any JSON as text; what is no JSON stays in the field and is not written. */
export function jsonArea(form, field, pointer, text) {
  const stray = form.strayOf(pointer);
  const margin = text === undefined ? "" : marginOf(text);
  const write = (typed) => {
    if (parse(typed).broken) form.stray(pointer, typed);
    else form.set(pointer, typed.replaceAll("\n", "\n" + margin));
  };
  return html`<textarea
    class="textarea grow mono param-json"
    rows="1"
    spellcheck="false"
    aria-label=${t("{name} as JSON", { name: field.row.name })}
    aria-invalid=${stray !== undefined}
    placeholder=${placeholder(field.row)}
    .value=${stray ?? (text ?? "").replaceAll("\n" + margin, "\n")}
    @input=${(event) => write(event.target.value)}
  ></textarea>`;
}

// A text inside a body is indented by what holds it; by itself it starts at the left.
function marginOf(text) {
  return /\n([ \t]*)[}\]]$/.exec(text)?.[1] ?? "";
}

/** What an empty field shows: the default when it is one. */
export function placeholder(row) {
  if (!row.has_default) return nothing;
  return typeof row.default === "string" ? row.default : spelled(row.default);
}

function decodedText(text) {
  const { root } = parse(text);
  return decoded(text, root);
}
