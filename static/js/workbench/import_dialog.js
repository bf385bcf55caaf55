// A request from elsewhere: a curl command pasted, a HAR or Postman file dropped. The server reads it; the form is laid out with it.

import { html, nothing, render } from "lit";
import { ask } from "../page.js";
import { carryKey, keyIn } from "../pasted_key.js";
import { t } from "../texts.js";
import { icon } from "./icons.js";

const LARGEST_FILE = 32 * 1024 * 1024;

/** The dialog; `onImport({operation, call})` lays the request out. */
export class ImportDialog {
  constructor({ operation, onImport }) {
    this.operation = operation;
    this.onImport = onImport;
    this.dialog = document.createElement("dialog");
    this.dialog.className = "import-dialog";
    this.dialog.setAttribute("aria-labelledby", "import-title");
    this.dialog.addEventListener("close", () => this.#forget());
    document.body.append(this.dialog);
  }

  open() {
    this.#forget();
    this.dialog.showModal();
    this.dialog.querySelector("textarea").focus();
  }

  // A pasted text may hold a key: it stays nowhere once the dialog is closed.
  #forget() {
    Object.assign(this, { text: "", problem: "", found: null });
    this.#draw();
    this.dialog.querySelector("textarea")?.form.reset();
  }

  async #read(event) {
    event?.preventDefault();
    const response = await ask("/import/", { method: "POST", json: { text: this.text, operation: this.operation() ?? "" } }).catch(() => null);
    const told = await response?.json().catch(() => null);
    this.found = response?.ok ? told : null;
    this.problem = response?.ok ? "" : (told?.message ?? t("The text could not be read: the site did not answer"));
    this.#draw();
    if (this.found && !this.found.left_out.length && !this.found.key_found) return this.#take();
    this.dialog.querySelector(this.found ? "[data-take]" : "textarea")?.focus();
  }

  #take() {
    const { found } = this;
    this.dialog.close();
    this.onImport(found);
  }

  // The key is read from what was pasted here: the server gave back no more than its mask.
  #addKey(event) {
    const secret = keyIn(this.text);
    if (!secret) return;
    event.preventDefault();
    carryKey(secret);
  }

  async #takeFile(file) {
    if (!file) return;
    if (file.size > LARGEST_FILE) {
      this.problem = t("This file is larger than {limit} MiB", { limit: LARGEST_FILE / 1024 / 1024 });
      return this.#draw();
    }
    this.text = await file.text();
    await this.#read();
  }

  #dropped(event) {
    const [file] = event.dataTransfer?.files ?? [];
    if (!file) return;
    event.preventDefault();
    this.#takeFile(file);
  }

  #draw() {
    render(this.found ? this.#report() : this.#form(), this.dialog);
  }

  #form() {
    return html`<form @submit=${(event) => this.#read(event)} @dragover=${(event) => event.preventDefault()} @drop=${(event) => this.#dropped(event)}>
      ${this.#title(t("Import a request"))}
      <p class="import-about">${t("Paste a curl command, or drop a HAR file or a Postman collection. Nothing is sent.")}</p>
      <textarea class="textarea mono" rows="9" spellcheck="false" autocomplete="off" aria-label=${t("What to import")} placeholder="curl https://…/v1/chat/completions -d '{…}'" .value=${this.text} @input=${(event) => (this.text = event.target.value)}></textarea>
      ${this.problem ? html`<p class="param-problem" role="alert">${icon("circle-alert", "small")}${this.problem}</p>` : nothing}
      <div class="import-acts">
        <label class="btn import-file">${icon("file-up", "small")}${t("Choose a file")}<input type="file" class="visually-hidden" accept=".har,.json,.txt,.sh" @change=${(event) => this.#takeFile(event.target.files[0])} /></label>
        <button class="btn btn-primary">${t("Read it")}</button>
      </div>
    </form>`;
  }

  #report() {
    const { title, left_out: leftOut, key_found: keyFound, key_mask: mask } = this.found;
    return html`<div>
      ${this.#title(t("Import into {operation}", { operation: title }))}
      ${keyFound ? html`<p class="import-key">${icon("key-round", "small")}<span>${t("The text holds the key {mask}. It was not kept.", { mask })} <a href="/keys/new/" @click=${(event) => this.#addKey(event)}>${t("Keep it safely under Keys")}</a></span></p>` : nothing}
      ${leftOut.length
        ? html`<h3>${t("Not taken over")}</h3>
            <ul class="import-left">${leftOut.map(({ what, why }) => html`<li><span class="mono">${what}</span><span>${why}</span></li>`)}</ul>`
        : nothing}
      <div class="import-acts">
        <button class="btn" type="button" @click=${() => ((this.found = null), this.#draw())}>${t("Back")}</button>
        <button class="btn btn-primary" type="button" data-take @click=${() => this.#take()}>${t("Fill in the form")}</button>
      </div>
    </div>`;
  }

  #title(text) {
    return html`<header class="import-head">
      <h2 id="import-title">${text}</h2>
      <button class="btn btn-ghost btn-square btn-sm" type="button" aria-label=${t("Close")} @click=${() => this.dialog.close()}>${icon("x", "small")}</button>
    </header>`;
  }
}
