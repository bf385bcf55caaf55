// A field that offers a list and takes any text: the list opens in the top layer, the arrow keys walk it.

import { LitElement, html, nothing } from "lit";
import { t } from "../../texts.js";
import { icon } from "../icons.js";

const MOST_SHOWN = 200;
let made = 0;

/** `<combo-box .choices=${[…]} .value=${"…"} .note=${"…"} label="model">`; says `pick` with the text as detail. The note stands above the list. */
class ComboBox extends LitElement {
  static properties = {
    choices: { attribute: false },
    value: {},
    label: {},
    placeholder: {},
    brand: { attribute: false },
    note: { attribute: false },
    open: { state: true },
    typed: { state: true },
    active: { state: true },
  };

  constructor() {
    super();
    this.choices = [];
    this.value = "";
    this.placeholder = "";
    this.note = "";
    this.open = false;
    this.typed = null;
    this.active = -1;
    this.listId = `choices-${++made}`;
  }

  createRenderRoot() {
    return this;
  }

  // What is typed narrows the list; a value that only stands there does not.
  get shown() {
    const words = (this.typed ?? "").trim().toLowerCase();
    const found = words ? this.choices.filter((choice) => choice.toLowerCase().includes(words)) : this.choices;
    return found.slice(0, MOST_SHOWN);
  }

  render() {
    return html`
      <span class="combo">
        ${this.brand ? icon(this.brand) : nothing}
        <input
          class="combo-input mono"
          type="text"
          role="combobox"
          autocomplete="off"
          autocapitalize="off"
          spellcheck="false"
          aria-autocomplete="list"
          aria-label=${this.label}
          aria-expanded=${this.open}
          aria-controls=${this.listId}
          aria-activedescendant=${this.open && this.active >= 0 ? `${this.listId}-${this.active}` : nothing}
          placeholder=${this.placeholder || nothing}
          .value=${this.value}
          @input=${this.#type}
          @keydown=${this.#key}
          @click=${() => this.#show()}
          @blur=${() => this.#close()}
        />
        <button class="combo-open" type="button" tabindex="-1" aria-label=${t("Show choices")} @mousedown=${this.#toggle}>
          ${icon("chevron-down", "small")}
        </button>
      </span>
      <ul class="combo-list" id=${this.listId} role="listbox" aria-label=${this.label} popover="manual">
        ${this.open && this.note ? html`<li class="combo-note" role="option" aria-disabled="true" aria-selected="false" @mousedown=${(event) => event.preventDefault()}>${this.note}</li>` : nothing}
        ${this.open ? this.shown.map((choice, index) => this.#choice(choice, index)) : nothing}
      </ul>
    `;
  }

  #choice(choice, index) {
    return html`<li
      id="${this.listId}-${index}"
      role="option"
      aria-selected=${choice === this.value}
      ?data-active=${index === this.active}
      @mousedown=${(event) => (event.preventDefault(), this.#pick(choice))}
    >
      ${choice}
    </li>`;
  }

  #type(event) {
    this.typed = event.target.value;
    this.active = -1;
    this.#say(event.target.value);
    this.#show();
  }

  #key(event) {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!this.open) this.#show();
      const step = event.key === "ArrowDown" ? 1 : -1;
      this.active = Math.max(0, Math.min(this.shown.length - 1, this.active + step));
      this.updateComplete.then(() => this.querySelector("[data-active]")?.scrollIntoView({ block: "nearest" }));
    } else if (event.key === "Enter" && this.open && this.active >= 0 && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      this.#pick(this.shown[this.active]);
    } else if (event.key === "Escape" && this.open) {
      event.preventDefault();
      event.stopPropagation();
      this.#close();
    } else if (event.key === "Tab") this.#close();
  }

  #toggle(event) {
    event.preventDefault();
    if (this.open) return this.#close();
    this.querySelector("input").focus();
    this.#show();
  }

  async #show() {
    if (!this.choices.length || this.open) return;
    this.open = true;
    await this.updateComplete;
    const list = this.querySelector(".combo-list");
    list.showPopover?.();
    place(list, this.querySelector(".combo"));
    this.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  }

  #close() {
    if (!this.open) return;
    this.open = false;
    this.typed = null;
    this.active = -1;
    this.querySelector(".combo-list").hidePopover?.();
  }

  #pick(choice) {
    this.#say(choice);
    this.querySelector("input").value = choice;
    this.#close();
  }

  #say(value) {
    this.dispatchEvent(new CustomEvent("pick", { detail: value, bubbles: true }));
  }
}

/** Put a list that lies in the top layer under its field, or above it where below is no room. */
export function place(list, anchor) {
  const box = anchor.getBoundingClientRect();
  const below = innerHeight - box.bottom;
  const height = Math.min(320, Math.max(below, box.top) - 12);
  list.style.setProperty("max-height", `${height}px`);
  list.style.setProperty("min-width", `${box.width}px`);
  list.style.setProperty("left", `${Math.min(box.left, innerWidth - list.offsetWidth - 8)}px`);
  const above = below < Math.min(height, list.offsetHeight) + 8;
  list.style.setProperty("top", `${above ? box.top - list.offsetHeight - 4 : box.bottom + 4}px`);
}

customElements.define("combo-box", ComboBox);
