// Requests from elsewhere laid on the desk: an operation's example, a stored run, a saved request, a link, an import.

import { ask, toast } from "../page.js";
import { spelled } from "../document/spelling.js";
import { t } from "../texts.js";
import { exampleOf } from "./desk.js";
import { deedIn, operationOf } from "./opening.js";
import { facts } from "./saving.js";

/** Opens what the address asks for and what people choose; `draw()` draws what belongs to an operation, `useKey(id)` sends with another key. */
export class Laying {
  constructor(desk, { page, keeping, tree, showing, saving, tabs, answerElement, elsewhere, draw, useKey, onDeed }) {
    Object.assign(this, { desk, keeping, tree, showing, saving, tabs, answerElement, elsewhere, draw, useKey, onDeed, first: page.dataset });
    addEventListener("popstate", () => this.#goneBack());
  }

  /** Open what the page's address asks for. */
  openAsked() {
    const asked = new URLSearchParams(location.search);
    const { operation, hasDraft } = this.first;
    if (asked.get("run")) this.#openRun(asked.get("run"));
    else if (asked.get("saved")) this.#openSaved(asked.get("saved"), asked.get("version"));
    else if (asked.get("shared")) this.#openShared(asked.get("shared"));
    else if (asked.get("model")) this.#openWithModel(operation, asked.get("model"), asked.get("key"));
    else if (asked.get("fill")) this.openFilled(operation, filledIn(asked.get("fill")));
    else this.open(operation, { isNew: hasDraft === "no" }).then(() => this.#showLastRun(operation));
  }

  /** Lay an operation out with its draft; `request` stands in for that, as when a stored run is opened. */
  async open(id, { request = null, isNew = false } = {}) {
    const found = await operationOf(id);
    if (!found) return toast(t("This operation could not be fetched"), { detail: t("Check the connection and choose it again"), bad: true });
    this.keeping.pause();
    this.desk.open(found);
    this.tree.choose(id);
    this.draw();
    this.tabs.offer();
    await this.keeping.restore({ isNone: isNew });
    if (request) this.desk.lay(request);
  }

  /** Open another operation as a person does: it gets an address of its own and shows the last run it had here. */
  async choose(id) {
    this.showing.closeDrawer();
    this.showing.show("request");
    if (id === this.desk.operation?.id) return;
    history.pushState({}, "", addressOf(id));
    this.answerElement.answer.clear();
    await this.open(id);
    this.#showLastRun(id);
  }

  /** Open an operation with its example and these values in it, as a button under a picture asks for. */
  async openFilled(operation, values) {
    const isLaid = await this.#layOver(operation, () => exampleOf(this.desk.operation), t("Filled in from the task"), (desk) => {
      desk.edit((draft) => Object.entries(values).reduce((next, [name, value]) => next.set(`/${name}`, spelled(value)), draft));
    });
    if (isLaid) this.tabs.choose("form");
  }

  /** Lay a call over what is being written; a call of another operation leaves this one's draft where it was. */
  async take({ operation, call }, words) {
    this.showing.show("request");
    await this.choose(operation);
    if (this.#lay(operation, () => requestOfCall(call, this.desk), words)) this.tabs.choose("form");
  }

  async #openRun(run) {
    const response = await fetch(`/runs/${encodeURIComponent(run)}/request.json`, { headers: { Accept: "application/json" } });
    if (!response.ok) return toast(t("This run could not be opened"), { bad: true });
    const { operation, call } = await response.json();
    await this.open(operation, { request: requestOfCall(call, this.desk) });
    this.answerElement.answer.watch(run);
    const deed = deedIn(location.search);
    if (deed) this.onDeed(deed);
  }

  // What was being written of the saved request's operation can be brought back.
  async #openSaved(id, version) {
    const asked = version ? `?version=${encodeURIComponent(version)}` : "";
    const response = await ask(`/saved/${encodeURIComponent(id)}/call.json${asked}`).catch(() => null);
    if (!response?.ok) {
      toast(t("This saved request could not be opened"), { detail: t("It may be gone, or no longer shared with you"), bad: true });
      return this.open(this.first.operation);
    }
    const told = await response.json();
    await this.#layOver(told.operation, () => JSON.parse(told.call), t("Opened {name}", { name: told.name }));
    this.saving.took({ ...facts(told), right: told.right });
  }

  // The request behind a link to a run is sent with a key of one's own.
  async #openShared(token) {
    const response = await ask(`/shared/${encodeURIComponent(token)}/call.json`).catch(() => null);
    if (!response?.ok) {
      toast(t("This link opens nothing"), { bad: true });
      return this.open(this.first.operation);
    }
    const { operation, call } = await response.json();
    await this.#layOver(operation, () => requestOfCall(call, this.desk), t("Filled in from the shared run"));
    this.saving.leave();
  }

  // A model is sent with the key that has it.
  async #openWithModel(operation, model, key) {
    this.useKey(key);
    await this.#layOver(operation, () => exampleOf(this.desk.operation), t("Filled in {model}", { model }), (desk) => {
      if (desk.operation.path.includes("{model}")) desk.amend((it) => (it.path = { ...it.path, model }));
      else desk.edit((draft) => draft.set("/model", spelled(model)));
    });
  }

  async #layOver(operation, request, words, amend = () => {}) {
    await this.open(operation);
    const isLaid = this.#lay(operation, request, words, amend);
    if (isLaid) history.replaceState({}, "", addressOf(operation));
    return isLaid;
  }

  // Whoever chose something else in the meantime keeps it.
  #lay(operation, request, words, amend = () => {}) {
    const { desk } = this;
    if (desk.operation?.id !== operation) return false;
    const before = desk.request;
    desk.lay(request());
    amend(desk);
    toast(words, { undo: () => desk.lay(before) });
    return true;
  }

  // A page that is loaded again goes on showing the run it showed; one that showed none tells of a run elsewhere.
  #showLastRun(id) {
    const run = sessionStorage.getItem(`run:${id}`);
    if (run) this.answerElement.answer.watch(run);
    else this.elsewhere.look();
  }

  async #goneBack() {
    const id = new URLSearchParams(location.search).get("operation");
    if (!id || id === this.desk.operation?.id) return;
    await this.open(id);
    this.answerElement.answer.clear();
    this.#showLastRun(id);
  }
}

function addressOf(operation) {
  return `?operation=${encodeURIComponent(operation)}`;
}

function requestOfCall(call, { stream }) {
  const rows = (pairs) => Object.entries(pairs ?? {}).flatMap(([name, value]) => [value].flat().map((one) => ({ name, value: String(one), sent: true })));
  const text = call.body_text ?? (call.body === undefined || call.body === null ? "" : JSON.stringify(call.body, null, 2));
  return { text, off: {}, path: call.path ?? {}, query: rows(call.query), headers: rows(call.headers), stream: call.stream ?? stream };
}

/** Values of an address; what is no object of texts fills in nothing. */
function filledIn(text) {
  try {
    return Object.fromEntries(Object.entries(JSON.parse(text) ?? {}).filter(([, value]) => typeof value === "string"));
  } catch {
    return {};
  }
}
