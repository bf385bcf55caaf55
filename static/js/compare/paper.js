// The document of a comparison: changed here, kept on the server a moment later, never written over what another page kept.

import { ask, toast } from "../page.js";
import { t } from "../texts.js";

const PAUSE_MS = 600;

/** What this tab is called, through reloads. */
function pageName() {
  if (!sessionStorage.getItem("page")) sessionStorage.setItem("page", crypto.randomUUID());
  return sessionStorage.getItem("page");
}

/** Says `change` when something of it changed, and `kept` with how its keeping stands. */
export class Paper extends EventTarget {
  #timer = null;
  #keeping = Promise.resolve(true);
  #isStale = false;

  constructor({ id, version, title, document, may_edit: mayEdit }) {
    super();
    Object.assign(this, { id, version, title, document, mayEdit });
  }

  get request() {
    return JSON.parse(this.document.call);
  }

  /** The request of a column: its own, when it has one. */
  requestOf(column) {
    return column.call ? JSON.parse(column.call) : this.request;
  }

  /** Change it: `change((document) => { … })`. Who may not edit changes what they see, and it is not kept. */
  change(act) {
    act(this.document);
    this.dispatchEvent(new Event("change"));
    this.#later();
  }

  rename(title) {
    this.title = title;
    this.#later();
  }

  /** Keep it now; whether it is kept. */
  keep() {
    clearTimeout(this.#timer);
    this.#timer = null;
    this.#keeping = this.#keeping.then(() => this.#send());
    return this.#keeping;
  }

  // A comparison that nobody has asked anything yet is not kept: looking at the page leaves nothing behind.
  #later() {
    if (!this.mayEdit || !this.id || this.#isStale) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.keep(), PAUSE_MS);
  }

  async #send() {
    if (!this.mayEdit || this.#isStale) return false;
    this.document.page = pageName();
    const json = { title: this.title, document: JSON.stringify(this.document), version: this.version };
    const response = await (this.id
      ? ask(`/compare/${this.id}/document.json`, { method: "PUT", json })
      : ask("/compare/new/", { method: "POST", json })
    ).catch(() => null);
    const told = response?.headers.get("content-type")?.includes("json") ? await response.json() : {};
    // This very tab kept it, just before it was loaded again: it may go on from there.
    if (response?.status === 409 && told.page === pageName() && told.version !== this.version) {
      this.version = told.version;
      return this.#send();
    }
    if (!response?.ok) return this.#refused(response?.status, told);
    this.version = told.version;
    if (told.url) {
      this.id = told.id;
      history.replaceState({}, "", told.url);
    }
    this.#tell("kept");
    return true;
  }

  #refused(status, told) {
    if (status === 409) {
      this.#isStale = true;
      toast(t("Changed in another window"), { detail: t("Load this page again to go on from there."), bad: true });
    } else toast(t("The comparison could not be kept"), { detail: told.message ?? t("Check the connection and try again."), bad: true });
    this.#tell("lost");
    return false;
  }

  #tell(state) {
    this.dispatchEvent(Object.assign(new Event("kept"), { state }));
  }
}
