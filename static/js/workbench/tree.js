// The catalogue pane: the document's tree with a filter, what was opened lately and what is starred. All by keyboard.

import { ask } from "../page.js";
import { count, t } from "../texts.js";

const RECENT = 12;

/** `new Tree(pane, {owner, onChoose})`; `onChoose(id)` is told the chosen operation. */
export class Tree {
  #rows = null;
  #list = "all";

  constructor(pane, { owner, onChoose }) {
    this.pane = pane;
    this.onChoose = onChoose;
    this.names = { recent: `recent:${owner}`, starred: `starred:${owner}` };
    this.tree = pane.querySelector('[role="tree"]');
    this.filter = pane.querySelector('input[type="search"]');
    this.empty = pane.querySelector(".catalogue-empty");
    this.leaves = [...this.tree.querySelectorAll(".tree-leaf")];
    this.folders = [...this.tree.querySelectorAll(".tree-folder")];
    this.filter.addEventListener("focus", () => this.#learn(), { once: true });
    this.filter.addEventListener("input", () => this.#narrow());
    this.filter.addEventListener("keydown", (event) => this.#filterKey(event));
    this.tree.addEventListener("click", (event) => this.#click(event));
    this.tree.addEventListener("keydown", (event) => this.#key(event));
    for (const button of pane.querySelectorAll("[data-list]")) {
      button.addEventListener("click", () => this.#show(button.dataset.list));
    }
  }

  /** Mark the row of an operation and remember it as recent. */
  choose(id) {
    for (const leaf of this.leaves) leaf.setAttribute("aria-selected", leaf.dataset.operation === id);
    const leaf = this.#leaf(id);
    for (let folder = leaf?.closest(".tree-folder"); folder; folder = folder.parentElement.closest(".tree-folder")) this.#open(folder, true);
    this.#rove(leaf);
    leaf?.scrollIntoView({ block: "nearest" });
    this.#keep("recent", [id, ...this.#kept("recent").filter((each) => each !== id)].slice(0, RECENT));
  }

  isStarred(id) {
    return this.#kept("starred").includes(id);
  }

  /** Star an operation, or no longer. */
  star(id) {
    const others = this.#kept("starred").filter((each) => each !== id);
    this.#keep("starred", this.isStarred(id) ? others : [...others, id]);
    if (this.#list === "starred") this.#narrow();
  }

  focusFilter() {
    this.filter.focus();
    this.filter.select();
  }

  #leaf(id) {
    return this.leaves.find((leaf) => leaf.dataset.operation === id);
  }

  // --- the filter and the lists ----------------------------------------------------------------------------------

  // What the filter looks into beside titles comes when it is first used.
  async #learn() {
    const response = await ask("/operations.json");
    if (!response.ok) return;
    const { operations } = await response.json();
    this.#rows = new Map(operations.map((row) => [row.id, searched(row)]));
    this.#narrow();
  }

  #show(list) {
    this.#list = list;
    for (const button of this.pane.querySelectorAll("[data-list]")) button.setAttribute("aria-pressed", button.dataset.list === list);
    this.#narrow();
  }

  #narrow() {
    const words = this.filter.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    const all = this.#list === "all";
    const listed = all ? null : this.#kept(this.#list);
    let shown = 0;
    for (const leaf of this.leaves) {
      const id = leaf.dataset.operation;
      const isShown = (!listed || listed.includes(id)) && this.#matches(leaf, words);
      leaf.hidden = !isShown;
      shown += isShown;
    }
    const narrowed = !all || words.length > 0;
    this.tree.classList.toggle("is-narrowed", narrowed);
    for (const folder of this.folders) {
      const has = folder.querySelector(".tree-leaf:not([hidden])") !== null;
      folder.hidden = narrowed && !has;
      this.#count(folder, narrowed);
    }
    this.#rove(this.#visible()[0]);
    this.empty.hidden = shown > 0;
    this.empty.textContent = shown ? "" : this.#nothing(words);
  }

  #matches(leaf, words) {
    const text = this.#rows?.get(leaf.dataset.operation) ?? leaf.textContent.toLowerCase();
    return words.every((word) => text.includes(word));
  }

  #count(folder, narrowed) {
    const leaves = folder.querySelectorAll(narrowed ? ".tree-leaf:not([hidden])" : ".tree-leaf");
    folder.querySelector(".tree-count").textContent = count(leaves.length);
  }

  #nothing(words) {
    if (words.length) return t("No operation has that in its name, path, parameters or models.");
    return this.#list === "starred" ? t("Star an operation and it stands here.") : t("What you open stands here.");
  }

  // --- the keyboard ----------------------------------------------------------------------------------------------

  #filterKey(event) {
    if (event.key === "ArrowDown" || event.key === "Enter") {
      const first = this.#visible().find((item) => event.key === "ArrowDown" || item.matches(".tree-leaf"));
      if (!first) return;
      event.preventDefault();
      if (event.key === "Enter") this.#pick(first);
      else this.#focus(first);
    } else if (event.key === "Escape" && this.filter.value) {
      event.preventDefault();
      event.stopPropagation();
      this.filter.value = "";
      this.#narrow();
    }
  }

  #key(event) {
    const items = this.#visible();
    const item = document.activeElement.closest('[role="treeitem"]');
    const at = items.indexOf(item);
    if (at < 0) return;
    const moves = {
      ArrowDown: () => items[at + 1],
      ArrowUp: () => items[at - 1],
      Home: () => items[0],
      End: () => items.at(-1),
      ArrowRight: () => this.#inward(item, items[at + 1]),
      ArrowLeft: () => this.#outward(item),
      Enter: () => this.#pick(item),
      " ": () => this.#pick(item),
    };
    if (moves[event.key] && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      this.#focus(moves[event.key]());
    } else if (event.key.length === 1 && /\S/.test(event.key) && event.key !== "/" && !event.ctrlKey && !event.metaKey) {
      this.#focus([...items.slice(at + 1), ...items].find((each) => nameOf(each).toLowerCase().startsWith(event.key.toLowerCase())));
    }
  }

  #inward(item, next) {
    if (!item.matches(".tree-folder")) return null;
    if (this.#isOpen(item)) return next;
    this.#open(item, true);
    return null;
  }

  #outward(item) {
    if (item.matches(".tree-folder") && this.#isOpen(item)) {
      this.#open(item, false);
      return null;
    }
    return item.parentElement.closest(".tree-folder");
  }

  #pick(item) {
    if (item.matches(".tree-folder")) this.#open(item, !this.#isOpen(item));
    else if (item.dataset.kind === "operation") this.onChoose(item.dataset.operation);
    // Guides and data models are pages of their own.
    else location.assign(item.href);
    return null;
  }

  #click(event) {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    const item = event.target.closest('[role="treeitem"]');
    if (!item) return;
    event.preventDefault();
    this.#rove(item);
    this.#pick(item);
  }

  #isOpen(folder) {
    return folder.getAttribute("aria-expanded") === "true" || this.tree.classList.contains("is-narrowed");
  }

  #open(folder, open) {
    folder.setAttribute("aria-expanded", open);
  }

  #visible() {
    return [...this.tree.querySelectorAll('[role="treeitem"]')].filter((item) => item.checkVisibility());
  }

  // One row only is in the tab order; it shows where the arrows go on from.
  #rove(item) {
    if (!item) return;
    for (const each of this.tree.querySelectorAll('[tabindex="0"]')) each.tabIndex = -1;
    item.tabIndex = 0;
  }

  #focus(item) {
    if (!item) return;
    this.#rove(item);
    item.focus();
  }

  // --- what this device remembers --------------------------------------------------------------------------------

  #kept(list) {
    try {
      return JSON.parse(localStorage.getItem(this.names[list])) ?? [];
    } catch {
      return [];
    }
  }

  #keep(list, ids) {
    try {
      localStorage.setItem(this.names[list], JSON.stringify(ids));
    } catch {
      // A full or closed store loses a convenience only.
    }
  }
}

function searched({ title, path, parameters, models, section }) {
  return [title.zh, title.en, path, ...parameters, ...models, ...section.zh, ...section.en].join("\n").toLowerCase();
}

function nameOf(item) {
  return item.querySelector(".tree-name").textContent;
}

