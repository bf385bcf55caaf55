// `<param-form>`: every parameter of an operation as a row, in groups, over one draft. Light DOM, so the page's styles hold.

import { LitElement, html, nothing } from "lit";
import { live } from "lit/directives/live.js";
import { repeat } from "lit/directives/repeat.js";
import { Draft } from "../../document/draft.js";
import { childOf, isWithin } from "../../document/pointer.js";
import { count, t } from "../../texts.js";
import { streamsByPath } from "../desk.js";
import { icon } from "../icons.js";
import { editorsOf } from "../messages/editors.js";
import { brokenNotice } from "./broken.js";
import { asSpelled, bodyFields, grouped, isAside, speaksOf, unknownField } from "./fields.js";
import { grow } from "./growing.js";
import { pathRows } from "./path_rows.js";
import { row } from "./row.js";
import { shapeAt } from "./shapes.js";
import { streamRow } from "./stream_row.js";
import { firstText, textOfShape } from "./values.js";

const GROUP_WORDS = {
  common: t("Common"),
  sampling: t("Sampling"),
  output: t("Output"),
  tools: t("Tools"),
  advanced: t("Advanced"),
};
const LEAVES = ["string", "number", "true", "false", "null"];
let made = 0;

/** `<param-form .desk=${desk}>`; says `removed` with an `undo` when an item of a list was taken away. */
class ParamForm extends LitElement {
  static properties = {
    desk: { attribute: false },
    words: { state: true },
    onlySet: { state: true },
  };

  #revision = 0;
  #open = new Set();
  #unfoldedAsides = new Set();
  #foldedGroups = new Set();
  #strays = new Map();
  #otherShapes = new Map();
  #fields = [];
  #groups = [];
  #writing = null;

  constructor() {
    super();
    this.words = "";
    this.onlySet = false;
    this.formId = `form-${++made}`;
    this.addEventListener("focusin", (event) => this.#entered(event.target));
    this.addEventListener("focusout", () => this.#left());
  }

  createRenderRoot() {
    return this;
  }

  connectedCallback() {
    super.connectedCallback();
    this.desk.addEventListener("open", this.#opened);
    this.desk.addEventListener("change", this.#changed);
    this.desk.addEventListener("problems", this.#redraw);
    this.desk.addEventListener("stock", this.#redraw);
    this.#opened();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.desk.removeEventListener("open", this.#opened);
    this.desk.removeEventListener("change", this.#changed);
    this.desk.removeEventListener("problems", this.#redraw);
    this.desk.removeEventListener("stock", this.#redraw);
  }

  #opened = () => {
    const { table, operation, example } = this.desk;
    this.#fields = bodyFields(table);
    this.#groups = grouped(this.#fields);
    this.editors = operation ? editorsOf(operation.dialect) : {};
    this.exampleDraft = example ? new Draft(example.text, example.off) : null;
    for (const kept of [this.#open, this.#unfoldedAsides, this.#foldedGroups, this.#strays, this.#otherShapes]) kept.clear();
    this.words = "";
    this.onlySet = false;
    this.#writing = null;
    this.#redraw();
  };

  #changed = () => this.requestUpdate();

  // What is not in the draft has changed: rows that did not are drawn again too.
  #redraw = () => {
    this.#revision++;
    this.requestUpdate();
  };

  // --- what rows ask ---------------------------------------------------------------------------------------------

  /** The draft that is shown: while the text is broken, the last good one. */
  get draft() {
    return this.desk.draft.broken ? (this.desk.lastGood ?? this.desk.draft) : this.desk.draft;
  }

  get objects() {
    return this.desk.table.objects;
  }

  /** What the drawing of a value depends on: itself, what is switched off, and what the form was told. */
  standing(pointer) {
    return [this.draft.get(pointer), this.draft.sends(pointer), this.draft.off, this.#revision, this.words, this.laidOut(pointer)];
  }

  /** The editor that a value has of its own, such as messages. */
  editorOf(pointer) {
    return this.editors[pointer];
  }

  /** Whether a value differs from the example's, in what it is or in being sent. */
  isChanged(pointer) {
    const { draft, exampleDraft } = this;
    return draft.get(pointer) !== exampleDraft?.get(pointer) || draft.sends(pointer) !== exampleDraft?.sends(pointer);
  }

  /** The sentences that stand beside a value; those about what it holds too, while it is folded. */
  problemsOf(pointer) {
    const stray = this.#strays.has(pointer) ? [t("This is no such value; the last one is kept.")] : [];
    return [...stray, ...this.problemsWithin(pointer, { onlyHere: this.isOpen(pointer) || Boolean(this.editorOf(pointer)) })];
  }

  /** The sentences about a value and, if wanted, all it holds. */
  problemsWithin(pointer, { onlyHere = false } = {}) {
    const found = this.desk.problems.filter((each) => (onlyHere ? each.pointer === pointer : isWithin(each.pointer, pointer)));
    return found.map((problem) => problem.message);
  }

  isOpen(pointer) {
    return this.#open.has(pointer) || (this.words !== "" && this.#isFoundInside(pointer));
  }

  // While a filter looks for a nested parameter, what holds it stands open.
  #isFoundInside(pointer) {
    const field = this.#fields.find((each) => each.pointer === pointer);
    return Boolean(field?.children.some((child) => speaksOf(child, this.words)));
  }

  toggle(pointer) {
    if (!this.#open.delete(pointer)) this.#open.add(pointer);
    this.#redraw();
  }

  /** Whether the text that is being written has a line of its own; undefined for all others. A field stays where it is under the cursor. */
  laidOut(pointer) {
    return this.#writing?.pointer === pointer ? this.#writing.isWide : undefined;
  }

  #entered(field) {
    if (!field.matches(".param-control > input.param-text, .param-wide > textarea, .tags-input")) return;
    this.#writing = { pointer: field.closest(".param").dataset.pointer, isWide: Boolean(field.closest(".param-wide")) };
  }

  #left() {
    if (!this.#writing) return;
    this.#writing = null;
    this.requestUpdate();
  }

  strayOf(pointer) {
    return this.#strays.get(pointer);
  }

  /** A text with what the filter looks for marked in it. */
  marked(text) {
    const at = this.words ? text.toLowerCase().indexOf(this.words) : -1;
    if (at < 0) return text;
    const end = at + this.words.length;
    return html`${text.slice(0, at)}<mark>${text.slice(at, end)}</mark>${text.slice(end)}`;
  }

  // --- what rows do ----------------------------------------------------------------------------------------------

  edit(change) {
    this.desk.edit(change);
  }

  set(pointer, text) {
    this.#settled(pointer);
    this.edit((draft) => draft.set(pointer, text));
  }

  /** Keep what was typed but is no value. */
  stray(pointer, typed) {
    this.#strays.set(pointer, typed);
    this.#redraw();
  }

  #settled(pointer) {
    if (this.#strays.delete(pointer)) this.#revision++;
  }

  #unfold(pointer) {
    this.#open.add(pointer);
    this.#redraw();
  }

  /** Send a value or not; one that never was gets something to start with. */
  send(field, pointer, wanted) {
    if (!wanted) return this.edit((draft) => draft.switchOff(pointer));
    if (pointer in this.draft.off) return this.edit((draft) => draft.switchOn(pointer));
    this.set(pointer, firstText(field, this.objects));
    if (!LEAVES.includes(this.draft.typeOf(pointer))) this.#unfold(pointer);
  }

  /** Put a value back to what it is in the example. */
  reset(pointer) {
    this.#settled(pointer);
    const text = this.exampleDraft.get(pointer);
    const waiting = this.exampleDraft.off[pointer];
    this.edit((draft) => {
      if (text === undefined) return draft.remove(pointer);
      const same = draft.set(pointer, text);
      if (waiting) return same.sends(pointer) ? same.switchOff(pointer, waiting.reason) : same;
      return same.switchOn(pointer);
    });
  }

  /** Make a value one of its other shapes; what it was comes back when its shape does. */
  reshape(field, pointer, shape) {
    const before = shapeAt(this.draft, pointer, field.shapes, this.objects);
    const texts = this.#otherShapes.get(pointer) ?? new Map();
    if (before) texts.set(before, this.draft.get(pointer));
    this.#otherShapes.set(pointer, texts);
    this.set(pointer, texts.get(shape) ?? textOfShape(shape, this.objects));
    this.#unfold(pointer);
  }

  append(list, text) {
    this.edit((draft) => (draft.typeOf(list) === "array" ? draft.insert(list, draft.length(list), text) : draft.set(list, `[${text}]`)));
    this.#unfold(childOf(list, this.draft.length(list) - 1));
  }

  duplicate(list, index) {
    this.edit((draft) => draft.insert(list, index + 1, draft.get(childOf(list, index))));
  }

  move(list, from, to) {
    this.edit((draft) => draft.move(list, from, to));
  }

  /** Take an item of a list away, with a way back. */
  removeItem(pointer) {
    const before = this.draft;
    this.edit((draft) => draft.remove(pointer));
    this.dispatchEvent(new CustomEvent("removed", { bubbles: true, detail: { undo: () => this.edit(() => before) } }));
  }

  // --- drawing ---------------------------------------------------------------------------------------------------

  render() {
    if (!this.desk?.operation) return nothing;
    if (!this.desk.hasBody) return this.#withoutBody();
    const groups = this.#groups.map((group) => ({ ...group, fields: this.#withUnknown(group) }));
    if (!groups.some((group) => group.name === "advanced")) groups.push({ name: "advanced", fields: this.#unknown() });
    const shown = groups.map((group) => ({ ...group, shown: group.fields.filter((field) => this.#isShown(field)) }));
    const drawn = shown.filter((group) => (this.#isFiltered ? group.shown.length : group.fields.length));
    return html`
      ${this.#bar(groups, shown)} ${brokenNotice(this.desk)}
      <div class="param-scroll" ?inert=${!this.desk.canEdit}>
        ${repeat(drawn, (group) => group.name, (group, index) => this.#group(group, index))}
        ${drawn.length ? nothing : html`<p class="form-empty">${t("No parameter is called that.")}</p>`}
      </div>
    `;
  }

  #withoutBody() {
    const places = pathRows(this.desk);
    return html`<div class="param-scroll">
      ${places} ${places.length ? nothing : html`<p class="form-empty">${t("This call has no body: the address and the key are all it needs.")}</p>`}
    </div>`;
  }

  updated() {
    grow(this);
  }

  get #isFiltered() {
    return this.words !== "" || this.onlySet;
  }

  #isShown(field) {
    if (this.onlySet && !this.draft.sends(field.pointer)) return false;
    return this.words === "" || speaksOf(field, this.words);
  }

  #withUnknown(group) {
    const fields = asSpelled(group.fields, this.draft.keys(""));
    return group.name === "advanced" ? [...fields, ...this.#unknown()] : fields;
  }

  #unknown() {
    const keys = this.draft.keys("");
    const known = new Set(asSpelled(this.#fields, keys).map((field) => field.path[0]));
    return keys.filter((key) => !known.has(key)).map(unknownField);
  }

  #bar(groups, shown) {
    const all = groups.reduce((sum, group) => sum + group.fields.length, 0);
    const found = shown.reduce((sum, group) => sum + group.shown.length, 0);
    const filter = (event) => (this.words = event.target.value.trim().toLowerCase());
    return html`<div class="param-bar">
      <label class="search-field">
        ${icon("search", "small")}
        <input type="search" autocomplete="off" aria-label=${t("Filter parameters")} placeholder=${all === 1 ? t("Filter 1 parameter") : t("Filter {n} parameters", { n: count(all) })} .value=${this.words} @input=${filter} />
      </label>
      <label class="only-set">
        <input class="toggle" type="checkbox" role="switch" .checked=${live(this.onlySet)} @change=${(event) => (this.onlySet = event.target.checked)} />
        <span>${t("Only set")}</span>
      </label>
      ${this.#isFiltered ? html`<span class="param-found" role="status">${t("{n} of {all} shown", { n: count(found), all: count(all) })}</span>` : this.#jumps(groups)}
    </div>`;
  }

  #jumps(groups) {
    const jump = (name) => {
      this.#foldedGroups.delete(name);
      this.requestUpdate();
      this.querySelector(`[data-group="${name}"]`)?.scrollIntoView({ block: "start" });
    };
    return html`<nav class="param-jumps" aria-label=${t("Groups of parameters")}>
      ${groups.filter((group) => group.fields.length).map((group) => html`<button type="button" @click=${() => jump(group.name)}>${GROUP_WORDS[group.name]}</button>`)}
    </nav>`;
  }

  #group(group, index) {
    const folded = this.#foldedGroups.has(group.name) && !this.#isFiltered;
    const set = group.fields.filter((field) => this.draft.sends(field.pointer)).length;
    const fold = () => {
      if (!this.#foldedGroups.delete(group.name)) this.#foldedGroups.add(group.name);
      this.requestUpdate();
    };
    return html`<section class="param-group" data-group=${group.name}>
      <h3 class="param-group-head">
        <button type="button" aria-expanded=${!folded} @click=${fold}>
          ${icon(folded ? "chevron-right" : "chevron-down", "small")}<b>${GROUP_WORDS[group.name]}</b>
          <span class="figure" title=${t("Fields that are sent, of all")}>${this.#isFiltered ? count(group.shown.length) : `${set} / ${group.fields.length}`}</span>
        </button>
        ${index === 0 ? html`<span class="param-group-note">${t("Defaults are not sent")}</span>` : nothing}
      </h3>
      ${folded ? nothing : this.#rows(group)}
    </section>`;
  }

  #rows(group) {
    const isHidden = (field) => isAside(field) && !this.#isFiltered && this.draft.get(field.pointer) === undefined;
    const near = group.shown.filter((field) => !isHidden(field));
    const aside = group.shown.filter(isHidden);
    const open = this.#unfoldedAsides.has(group.name);
    const draw = (fields) => repeat(fields, (field) => field.pointer, (field) => row(this, field));
    return html`
      ${group.name === this.#groups[0]?.name ? pathRows(this.desk, this.words) : nothing}
      ${group.name === "common" && streamsByPath(this.desk.operation) && !this.#isFiltered ? streamRow(this.desk) : nothing}
      ${draw(near)} ${aside.length ? this.#asideHead(group.name, aside, open) : nothing} ${open ? draw(aside) : nothing}
    `;
  }

  #asideHead(name, fields, open) {
    const fold = () => {
      if (!this.#unfoldedAsides.delete(name)) this.#unfoldedAsides.add(name);
      this.requestUpdate();
    };
    const names = fields.map((field) => field.row.name).join(", ");
    return html`<button class="param-aside" type="button" aria-expanded=${open} @click=${fold}>
      ${icon(open ? "chevron-down" : "chevron-right", "small")}
      <span>${t("{n} newer than the document, beta or of gateways", { n: count(fields.length) })}</span>
      <span class="mono">${names}</span>
    </button>`;
  }
}

customElements.define("param-form", ParamForm);
