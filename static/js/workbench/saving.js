// Saving the request under a name: the dialog, and which saved request lies on the desk.
//
// What is saved is the page's own text of the request, so nothing of it is dropped. A version counts up only from the one
// this page knows: what somebody else saved since is shown, and both are kept.

import { html, nothing, render } from "lit";
import { ask, toast } from "../page.js";
import { t } from "../texts.js";
import { icon } from "./icons.js";
import { SavedNews } from "./saved_news.js";

/** Saves what is on `desk`; draws which saved request it is into `place`. */
export class Saving {
  // {id, name, version, right, operation, url}: what the desk's request was opened from or saved as.
  current = null;

  constructor(desk, { place, news, owner, onCurrent }) {
    this.desk = desk;
    this.place = place;
    this.owner = owner;
    this.onCurrent = onCurrent;
    this.news = new SavedNews(news, this);
    this.dialog = document.createElement("dialog");
    this.dialog.className = "save-dialog";
    this.dialog.setAttribute("aria-labelledby", "save-title");
    document.body.append(this.dialog);
    desk.addEventListener("open", () => this.#remember());
  }

  /** What a `start` says of where its request comes from. */
  get mention() {
    return this.current ? { saved: this.current.id } : {};
  }

  /** Open the dialog. */
  async open() {
    Object.assign(this, { problem: "", conflict: null, way: this.#ways[0], folders: [] });
    this.#draw();
    this.dialog.showModal();
    const response = await ask("/saved/folders.json").catch(() => null);
    if (response?.ok) this.folders = (await response.json()).folders;
    this.#draw();
  }

  /** The desk's request is this saved one. */
  took(facts) {
    this.current = facts;
    write(this.#name(facts.operation), facts);
    this.#drawPlace();
  }

  /** The desk's request goes on by itself. */
  leave() {
    if (this.current) write(this.#name(this.current.operation), null);
    this.current = null;
    this.#drawPlace();
  }

  /** Show how the version saved elsewhere differs from what is here, with the ways on. */
  async compare() {
    const response = await ask(`/saved/${this.current.id}/differences/`, { method: "POST", json: { call: this.#call } }).catch(() => null);
    if (!response?.ok) return toast(t("This saved request could not be opened"), { bad: true });
    Object.assign(this, { problem: "", conflict: await response.json(), note: "" });
    this.#draw();
    this.dialog.showModal();
  }

  // What one may do with what is on the desk: another version, a suggestion to those who edit, a request of one's own.
  get #ways() {
    if (!this.current) return ["another"];
    return this.current.right === "edit" ? ["version", "another"] : ["suggest", "another"];
  }

  #name(operation) {
    return `saved:${this.owner}:${operation}`;
  }

  // A page that is loaded again still knows which saved request its draft came from.
  #remember() {
    this.current = read(this.#name(this.desk.operation.id));
    this.#drawPlace();
  }

  #drawPlace() {
    const { current } = this;
    this.place.hidden = !current;
    this.news.look();
    this.onCurrent();
    render(
      current
        ? html`${icon("bookmark", "small")}<a href=${current.url}>${current.name} · v${current.version}</a>
            <button class="btn btn-ghost btn-square btn-sm" type="button" aria-label=${t("Go on without it")} title=${t("Go on without it")} @click=${() => this.leave()}>${icon("x", "small")}</button>`
        : nothing,
      this.place,
    );
  }

  get #call() {
    return JSON.stringify(this.desk.request);
  }

  async #submit(event) {
    event.preventDefault();
    const given = Object.fromEntries(new FormData(event.target));
    if (this.way === "another") await this.#post("/saved/new/", { ...given, operation: this.desk.operation.id, call: this.#call });
    else if (this.way === "suggest") await this.#post(`/saved/${this.current.id}/suggestions/`, { after: this.current.version, message: given.message, call: this.#call });
    else await this.#addVersion(this.current.version, given.note ?? "");
  }

  async #addVersion(after, note) {
    this.note = note;
    await this.#post(`/saved/${this.current.id}/versions/`, { after, note, call: this.#call });
  }

  async #post(address, json) {
    const response = await ask(address, { method: "POST", json }).catch(() => null);
    const told = await response?.json().catch(() => null);
    if (response?.ok && told) return this.way === "suggest" ? this.#suggested() : this.#saved(told);
    this.conflict = told?.code === "changed_elsewhere" ? told : null;
    this.problem = this.conflict ? "" : (told?.message ?? t("It could not be saved: the site did not answer"));
    this.#draw();
  }

  #suggested() {
    this.dialog.close();
    toast(t("Your change was suggested"), { detail: t("Those who may edit {name} were told", { name: this.current.name }) });
  }

  #saved(told) {
    this.dialog.close();
    this.took({ ...told, right: "edit" });
    toast(t("Saved as {name}, v{version}", { name: told.name, version: told.version }));
  }

  #takeTheirs() {
    const { conflict, desk } = this;
    const before = desk.request;
    this.dialog.close();
    desk.lay(JSON.parse(conflict.call));
    this.took({ ...this.current, ...facts(conflict) });
    toast(t("The version saved elsewhere is here"), { undo: () => desk.lay(before) });
  }

  #draw() {
    this.dialog.classList.toggle("is-wide", Boolean(this.conflict));
    render(this.conflict ? this.#conflict() : this.#form(), this.dialog);
  }

  #form() {
    const { way } = this;
    const title = { another: t("Save this request"), version: t("Save {name}", { name: this.current?.name }), suggest: t("Suggest a change of {name}", { name: this.current?.name }) }[way];
    const fields = { another: () => this.#anotherFields(), version: () => this.#versionFields(), suggest: () => this.#suggestFields() }[way];
    const act = { another: t("Save"), version: t("Save as v{version}", { version: (this.current?.version ?? 0) + 1 }), suggest: t("Suggest the change") }[way];
    const other = this.#ways.find((each) => each !== way);
    const turn = { another: t("Save as another request"), version: t("Save as a new version instead"), suggest: t("Suggest it as a change instead") }[other];
    return html`<form @submit=${(event) => this.#submit(event)}>
      ${this.#title(title)} ${fields()}
      ${this.problem ? html`<p class="param-problem" role="alert">${icon("circle-alert", "small")}${this.problem}</p>` : nothing}
      <div class="save-acts">
        ${other ? html`<button class="btn" type="button" @click=${() => (Object.assign(this, { way: other, problem: "" }), this.#draw())}>${turn}</button>` : nothing}
        <button class="btn btn-primary">${act}</button>
      </div>
    </form>`;
  }

  #suggestFields() {
    return html`<div class="field">
      <label for="save-message">${t("What you would change, and why")}</label><textarea class="textarea" id="save-message" name="message" rows="3" required maxlength="1000" autofocus></textarea>
      <div class="hint">${t("Those who may edit it see what differs; accepted, it becomes a version of yours.")}</div>
    </div>`;
  }

  #anotherFields() {
    return html`<div class="field"><label for="save-name">${t("Name")}</label><input class="input" id="save-name" name="name" required maxlength="120" autocomplete="off" autofocus /></div>
      <div class="field">
        <label for="save-folder">${t("Folder")}</label><input class="input" id="save-folder" name="folder" maxlength="200" list="save-folders" autocomplete="off" placeholder=${t("None")} />
        <datalist id="save-folders">${(this.folders ?? []).map((name) => html`<option value=${name}></option>`)}</datalist>
      </div>
      <div class="field">
        <label for="save-visibility">${t("Who sees it")}</label>
        <select class="select" id="save-visibility" name="visibility"><option value="me">${t("Only me")}</option><option value="team">${t("The whole team")}</option></select>
        <div class="hint">${t("Named people are chosen on its page, once it is saved.")}</div>
      </div>`;
  }

  #versionFields() {
    return html`<div class="field"><label for="save-note">${t("What changed")}</label><input class="input" id="save-note" name="note" maxlength="200" autocomplete="off" autofocus /></div>`;
  }

  #conflict() {
    const { conflict } = this;
    const mayEdit = this.current.right === "edit";
    return html`<div role="alert">
      ${this.#title(t("Changed elsewhere"))}
      <p>${t("{author} saved v{version} since you opened this.", { author: conflict.author || t("Somebody"), version: conflict.version })} <a class="link" href="${conflict.url}?version=${conflict.version}" target="_blank">${t("Look at v{version}", { version: conflict.version })}</a></p>
      ${this.#rows(conflict)}
      ${this.problem ? html`<p class="param-problem" role="alert">${icon("circle-alert", "small")}${this.problem}</p>` : nothing}
      <div class="save-acts">
        <button class="btn" type="button" @click=${() => this.#takeTheirs()}>${t("Take the other")}</button>
        <button class="btn" type="button" @click=${() => (Object.assign(this, { conflict: null, way: "another" }), this.#draw())}>${t("Save as another request")}</button>
        ${mayEdit ? html`<button class="btn btn-primary" type="button" @click=${() => this.#keepBoth(conflict)}>${t("Keep both: save mine as v{version}", { version: conflict.version + 1 })}</button>` : nothing}
      </div>
    </div>`;
  }

  #keepBoth(conflict) {
    this.way = "version";
    return this.#addVersion(conflict.version, this.note ?? "");
  }

  #rows({ rows, version }) {
    if (!rows.length) return html`<p class="muted">${t("They send the same.")}</p>`;
    const value = (text, kind) => (text === null ? html`<span class="muted">${t("not sent")}</span>` : html`<span class="mono ${kind}">${text}</span>`);
    return html`<div class="difference-scroll" tabindex="0"><table class="difference-table">
      <thead><tr><th scope="col">${t("Parameter")}</th><th scope="col">v${version}</th><th scope="col">${t("Here")}</th></tr></thead>
      <tbody>${rows.map((row) => html`<tr><td class="mono difference-name">${row.name}</td><td data-side="v${version}">${value(row.before, "is-gone")}</td><td data-side=${t("Here")}>${value(row.after, "is-added")}</td></tr>`)}</tbody>
    </table></div>`;
  }

  #title(text) {
    return html`<header class="import-head">
      <h2 id="save-title">${text}</h2>
      <button class="btn btn-ghost btn-square btn-sm" type="button" aria-label=${t("Close")} @click=${() => this.dialog.close()}>${icon("x", "small")}</button>
    </header>`;
  }
}

/** What the page keeps of an answer about a saved request. */
export function facts({ id, name, version, operation, url }) {
  return { id, name, version, operation, url };
}

function read(name) {
  try {
    return JSON.parse(sessionStorage.getItem(name));
  } catch {
    return null;
  }
}

function write(name, value) {
  try {
    if (value) sessionStorage.setItem(name, JSON.stringify(value));
    else sessionStorage.removeItem(name);
  } catch {
    // The page then forgets it when it is loaded again.
  }
}
