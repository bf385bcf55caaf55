// Naming somebody in a comment: behind an @ the people of the team who can see it are offered, by arrow keys or the pointer.

import { element } from "../page.js";
import { t } from "../texts.js";

const MOST = 8;

/** Let every field of `place` marked with data-mentions offer names. */
export function completeMentions(place) {
  if (!place) return;
  const names = place.dataset.mentionable.split("\n").filter(Boolean);
  for (const field of place.querySelectorAll("[data-mentions]")) if (names.length) new Mentions(field, names);
}

class Mentions {
  chosen = 0;
  found = [];

  constructor(field, names) {
    this.field = field;
    this.names = names;
    this.list = element("ul.mention-list", { role: "listbox", id: `mentions-${Math.random().toString(36).slice(2)}`, "aria-label": t("People to name"), hidden: true });
    field.after(this.list);
    field.setAttribute("role", "combobox");
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-controls", this.list.id);
    field.setAttribute("aria-expanded", "false");
    field.addEventListener("input", () => this.#look());
    field.addEventListener("click", () => this.#look());
    field.addEventListener("keydown", (event) => this.#key(event));
    field.addEventListener("blur", () => setTimeout(() => this.#show([]), 150));
  }

  /** What is being typed behind the last @ before the caret; null when no name is. */
  get #typed() {
    const before = this.field.value.slice(0, this.field.selectionStart);
    return before.match(/(?:^|[^A-Za-z0-9_])@([^@\n]{0,40})$/)?.[1] ?? null;
  }

  #look() {
    const typed = this.#typed?.toLowerCase();
    this.chosen = 0;
    this.#show(typed === undefined ? [] : this.names.filter((name) => name.toLowerCase().startsWith(typed) && name.toLowerCase() !== typed.trimEnd()).slice(0, MOST));
  }

  #show(found) {
    this.found = found;
    this.list.hidden = !found.length;
    this.field.setAttribute("aria-expanded", String(found.length > 0));
    const option = (name, place) =>
      element("li", { role: "option", id: `${this.list.id}-${place}`, "aria-selected": String(place === this.chosen), onpointerdown: (event) => (event.preventDefault(), this.#take(name)) }, name);
    this.list.replaceChildren(...found.map(option));
    if (found.length) this.field.setAttribute("aria-activedescendant", `${this.list.id}-${this.chosen}`);
    else this.field.removeAttribute("aria-activedescendant");
  }

  #key(event) {
    if (!this.found.length) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      this.chosen = (this.chosen + step + this.found.length) % this.found.length;
      this.#show(this.found);
    } else if (event.key === "Enter" || event.key === "Tab") this.#take(this.found[this.chosen]);
    else if (event.key === "Escape") this.#show([]);
    else return;
    event.preventDefault();
  }

  #take(name) {
    const end = this.field.selectionStart;
    this.field.setRangeText(`${name} `, end - this.#typed.length, end, "end");
    this.#show([]);
    this.field.focus();
  }
}
