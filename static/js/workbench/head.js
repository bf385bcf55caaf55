// The head of the request: which operation, where it goes, with which key.

import { copy } from "../page.js";
import { pathOf, queryOf } from "./address.js";
import { words } from "./desk.js";
import { keepBelow } from "./menu.js";

/** Draws the head below `root` and keeps it up with the desk. */
export class Head {
  constructor(root, desk, { keys, defaultKey }) {
    this.root = root;
    this.desk = desk;
    this.keys = keys;
    this.select = this.#part("key");
    this.defaultKey = defaultKey;
    this.choose(defaultKey);
    this.select.addEventListener("change", () => {
      keepChoice(this.select.value);
      this.#drawAddress();
    });
    root.querySelector('[data-act="copy-path"]').addEventListener("click", (event) => copy(this.address, event.currentTarget));
    keepBelow(root.querySelector("#request-menu"), root.querySelector('[popovertarget="request-menu"]'));
    desk.addEventListener("open", () => this.#drawTitle());
    desk.addEventListener("change", () => this.#drawAddress());
  }

  /** The chosen key, or null while nobody chose another than the default. */
  get key() {
    return this.keys.find((key) => key.id === this.select.value) ?? null;
  }

  /** The id to send; the server's default where nothing else was chosen. */
  get keyToSend() {
    return this.key?.id ?? null;
  }

  get address() {
    return `${this.#base}${pathOf(this.desk)}${queryOf(this.desk)}`;
  }

  focusKey() {
    this.select.focus();
    this.select.showPicker?.();
  }

  get #base() {
    return this.key?.base_url ?? "";
  }

  /** Send with this key, if it may be used here, until another one is chosen. */
  choose(id) {
    if (this.keys.some((key) => key.id === id)) this.select.value = id;
  }

  #drawTitle() {
    const { operation } = this.desk;
    document.title = `${words(operation.title)} · Team Playground`;
    this.#part("title").textContent = words(operation.title);
    this.#part("section").textContent = words(operation.section).join(" / ");
    const isCall = operation.kind === "operation";
    this.#part("path-row").hidden = !isCall;
    this.root.querySelector(".request-key").hidden = !isCall;
    for (const button of this.root.querySelectorAll(".send-button")) button.hidden = !isCall;
    this.#drawAddress();
  }

  #drawAddress() {
    const { operation } = this.desk;
    if (operation?.kind !== "operation") return;
    this.#part("method").textContent = operation.method;
    this.#part("base").textContent = this.#base;
    this.#part("path").replaceChildren(...breakable(pathOf(this.desk) + queryOf(this.desk)));
    this.#part("gateway").textContent = this.key?.gateway ?? "";
  }

  #part(name) {
    return this.root.querySelector(`[data-part="${name}"]`);
  }
}

// A path that needs a second line begins it with a whole word.
function breakable(path) {
  return path.split(/(?=[/:?&])/).flatMap((piece) => [document.createElement("wbr"), piece]);
}

/** The person's calls go out with this key from now on, everywhere; the bar above tells so. */
function keepChoice(id) {
  globalThis.htmx.ajax("POST", `/keys/${id}/choose/`, { target: ".key-chip", swap: "outerHTML" });
}
