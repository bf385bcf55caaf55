// The dialect switch: the request said in another chat dialect, with what can be carried and what cannot, before anything is opened.

import { html, nothing, render } from "lit";
import { ask } from "../page.js";
import { count, t } from "../texts.js";
import { icon } from "./icons.js";

export const DIALECTS = {
  "openai-chat": "Chat completions",
  "openai-responses": "Responses",
  "anthropic-messages": "Messages",
  gemini: "Gemini",
};

/** The dialog; `onTake({operation, call})` opens the other operation with the request in it. */
export class TurningDialog {
  constructor({ request, onTake }) {
    this.request = request;
    this.onTake = onTake;
    this.dialog = document.createElement("dialog");
    this.dialog.className = "import-dialog turning-dialog";
    this.dialog.setAttribute("aria-labelledby", "turning-title");
    document.body.append(this.dialog);
  }

  /** Open with the first dialect that is another than the request's. */
  async open() {
    const { dialect } = this.request();
    Object.assign(this, { from: dialect, found: null, problem: "" });
    this.dialog.showModal();
    await this.#turn(Object.keys(DIALECTS).find((name) => name !== dialect));
  }

  async #turn(to) {
    this.to = to;
    this.#draw();
    const { operation, call, stream } = this.request();
    const response = await ask(`/operations/${encodeURIComponent(operation)}/turn/`, { method: "POST", json: { to, call, stream } }).catch(() => null);
    const told = await response?.json().catch(() => null);
    // Another dialect may have been chosen while this one was asked for.
    if (this.to !== to) return;
    this.found = response?.ok ? told : null;
    this.problem = response?.ok ? "" : (told?.message ?? t("The site did not answer"));
    this.#draw();
  }

  #take() {
    this.dialog.close();
    this.onTake(this.found);
  }

  #draw() {
    const { found, problem } = this;
    render(
      html`<div>
        <header class="import-head">
          <h2 id="turning-title">${t("Switch dialect")}</h2>
          <button class="btn btn-ghost btn-square btn-sm" type="button" aria-label=${t("Close")} @click=${() => this.dialog.close()}>${icon("x", "small")}</button>
        </header>
        <p class="import-about">${t("The same request as another API spells it. This one stays as it is.")}</p>
        <div class="segments turning-choice" role="radiogroup" aria-label=${t("Dialect")}>
          ${Object.entries(DIALECTS)
            .filter(([name]) => name !== this.from)
            .map(([name, label]) => html`<button type="button" role="radio" aria-checked=${name === this.to} @click=${() => this.#turn(name)}>${label}</button>`)}
        </div>
        ${problem ? html`<p class="param-problem" role="alert">${icon("circle-alert", "small")}${problem}</p>` : nothing}
        ${found ? this.#report(found) : nothing}
        <div class="import-acts">
          <button class="btn" type="button" @click=${() => this.dialog.close()}>${t("Cancel")}</button>
          <button class="btn btn-primary" type="button" data-take ?disabled=${!found} @click=${() => this.#take()}>${t("Open as {dialect}", { dialect: DIALECTS[this.to] })}</button>
        </div>
      </div>`,
      this.dialog,
    );
  }

  #report({ carried, left, added }) {
    return html`<div class="turning-report" aria-live="polite">
      <p class="turning-sum"><span class="is-ok">${icon("check", "small")}${carried === 1 ? t("1 value carried over") : t("{n} values carried over", { n: count(carried) })}</span>${left.length ? nothing : html` <span class="is-ok">${t("nothing is left behind")}</span>`}</p>
      ${this.#list(t("Not carried over"), left, "left")} ${this.#list(t("Added"), added, "added")}
    </div>`;
  }

  #list(title, rows, kind) {
    if (!rows.length) return nothing;
    return html`<h3>${title} <span class="count">${rows.length}</span></h3>
      <ul class="turning-list" data-kind=${kind}>
        ${rows.map(({ pointer, value, why }) => html`<li><code>${pointer}</code><span class="mono turning-value">${value}</span><span class="turning-why">${why}</span></li>`)}
      </ul>`;
  }
}
