// The field of a file: picked, dropped or pasted, uploaded while its progress shows, named in the body by its mark.

import { LitElement, html, nothing } from "lit";
import { live } from "lit/directives/live.js";
import { repeat } from "lit/directives/repeat.js";
import { spelled } from "../../document/spelling.js";
import { t } from "../../texts.js";
import { icon } from "../icons.js";
import { upload } from "../uploads.js";
import { sampleFor } from "./sample_files.js";

/** The field of a value that is a file, or a list of files. */
export function fileControl(form, field, pointer, shape) {
  const isList = shape.kind === "array";
  const takesList = field.shapes.some((each) => each.kind === "array");
  const write = (marks) => {
    if (!marks.length) form.set(pointer, isList ? "[]" : '"@file:"');
    else form.set(pointer, isList || marks.length > 1 ? `[${marks.map(spelled).join(", ")}]` : spelled(marks[0]));
  };
  return html`<file-field
    label=${field.row.name}
    .marks=${marksAt(form, pointer, isList)}
    .takesList=${isList || takesList}
    @files=${({ detail }) => write(detail)}
  ></file-field>`;
}

/** Whether a value of this shape is a file or a list of files. */
export function isFileShape(shape) {
  return shape?.kind === "file" || (shape?.kind === "array" && shape.of.some((each) => each.kind === "file"));
}

function marksAt(form, pointer, isList) {
  const places = isList ? form.draft.items(pointer).filter((token) => !token.startsWith("off:")).map((token) => `${pointer}/${token}`) : [pointer];
  return places.map((place) => form.draft.string(place)).filter((text) => text && text !== "@file:");
}

/** `<file-field .marks=${["@file:…"]} label="image">`; says `files` with the new list of marks as detail. */
class FileField extends LitElement {
  static properties = {
    marks: { attribute: false },
    takesList: { attribute: false },
    label: {},
    waiting: { state: true },
    problem: { state: true },
    isOver: { state: true },
  };

  constructor() {
    super();
    this.marks = [];
    this.takesList = false;
    this.waiting = [];
    this.problem = "";
    this.isOver = false;
  }

  createRenderRoot() {
    return this;
  }

  render() {
    const sample = this.waiting.length ? null : sampleFor(this.marks);
    return html`<div
      class="file-field ${this.isOver ? "is-over" : ""}"
      tabindex="0"
      role="group"
      aria-label=${this.label}
      @dragover=${this.#over}
      @dragleave=${() => (this.isOver = false)}
      @drop=${this.#drop}
      @paste=${(event) => this.#take(event, event.clipboardData)}
    >
      ${repeat(this.marks, (mark, at) => `${at} ${mark}`, (mark, at) => this.#kept(mark, at))}
      ${this.waiting.map((each) => this.#coming(each))}
      <div class="file-ways">
        <label class="file-pick">
          ${icon("paperclip", "small")}<span>${t("Choose a file, drop or paste it here")}</span>
          <input type="file" ?multiple=${this.takesList} aria-label=${t("File for {name}", { name: this.label })} .value=${live("")} @change=${this.#picked} />
        </label>
        ${sample ? html`<button class="btn btn-sm" type="button" @click=${async () => this.#upload([await sample.make()])}>${sample.label}</button>` : nothing}
      </div>
      ${this.problem ? html`<p class="param-problem" role="alert">${icon("circle-alert", "small")}${this.problem}</p>` : nothing}
    </div>`;
  }

  #kept(mark, at) {
    const remove = () => this.#say(this.marks.filter((_, place) => place !== at));
    return html`<div class="file-row">
      <uploaded-file .mark=${mark}></uploaded-file>
      <button class="btn btn-ghost btn-square btn-sm" type="button" title=${t("Remove this file")} aria-label=${t("Remove this file")} @click=${remove}>${icon("x", "small")}</button>
    </div>`;
  }

  #coming({ name, share }) {
    return html`<div class="file-row">
      <span class="part-facts"><b>${name}</b><progress class="progress" max="1" .value=${share} aria-label=${t("Uploading {name}", { name })}></progress></span>
    </div>`;
  }

  #picked({ target }) {
    const files = [...target.files];
    target.value = "";
    this.#upload(files);
  }

  #over(event) {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    this.isOver = true;
  }

  #drop(event) {
    this.isOver = false;
    this.#take(event, event.dataTransfer);
  }

  #take(event, transfer) {
    if (!transfer?.files.length) return;
    event.preventDefault();
    event.stopPropagation();
    this.#upload([...transfer.files]);
  }

  async #upload(files) {
    this.problem = "";
    for (const file of this.takesList ? files : files.slice(0, 1)) await this.#one(file);
  }

  async #one(file) {
    const coming = { name: file.name, share: 0 };
    this.waiting = [...this.waiting, coming];
    try {
      const { mark } = await upload(file, (share) => this.#progress(coming, share));
      // What only stands there by its name, as in examples, makes place for the file it asks for.
      const there = this.marks.filter((each) => /^@file:[0-9a-f-]{36}$/.test(each));
      this.#say(this.takesList ? [...there, mark] : [mark]);
    } catch (error) {
      this.problem = error.message;
    }
    this.waiting = this.waiting.filter((each) => each !== coming);
  }

  #progress(coming, share) {
    coming.share = share;
    this.requestUpdate();
  }

  #say(marks) {
    this.marks = marks;
    this.dispatchEvent(new CustomEvent("files", { detail: marks }));
  }
}

customElements.define("file-field", FileField);
