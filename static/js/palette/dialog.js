// The command palette: one field over everything, by keyboard alone.

import { element, icon } from "../page.js";
import { holdsSecret, isKey } from "../pasted_key.js";
import { t } from "../texts.js";
import { tellAges } from "../times.js";
import { matched, pieces } from "./matching.js";
import { addKey, fittingActions, fittingOperations, found, learnOperations } from "./sources.js";

const PAUSE_MS = 120;
const NOTHING = { saved: [], runs: [], keys: [], people: [] };
const KINDS = ["all", "saved", "runs", "operations", "keys", "people", "actions"];

/** The palette's dialog; `open()` shows it, `close()` leaves it. */
export class Palette {
  #asking = null;
  #timer = null;
  #entries = [];
  #at = 0;
  #kind = "all";
  #told = NOTHING;
  #isAsking = false;
  #isLearning = false;
  #hasFailed = false;
  #hasMoved = false;

  constructor() {
    this.names = {
      all: t("All"), saved: t("Saved requests"), runs: t("Runs"), operations: t("Operations"), keys: t("Keys"), people: t("People"), actions: t("Commands"), history: t("History"),
    };
    this.input = element("input", {
      type: "text", role: "combobox", "aria-expanded": "true", "aria-controls": "palette-list", "aria-autocomplete": "list",
      "aria-label": t("Search operations, saved requests, runs, keys, people and commands"), placeholder: t("Search, or type > for commands"),
      autocomplete: "off", autocapitalize: "off", spellcheck: "false", maxlength: 100,
    });
    this.list = element("div.palette-list", { id: "palette-list", role: "listbox", "aria-label": t("Found") });
    this.status = element("p.visually-hidden", { role: "status" });
    this.waiting = element("span.palette-waiting", { hidden: true }, element("span.live-dot"), t("Searching…"));
    this.kinds = element("div.palette-kinds", { role: "group", "aria-label": t("What is searched") }, ...KINDS.map((kind) => this.#kindButton(kind)));
    this.dialog = element(
      "dialog.palette", { id: "palette", "aria-label": t("Search and commands") },
      element("div.palette-head", {}, icon("search", "large"), this.input, this.waiting),
      this.kinds, this.list, this.#foot(), this.status,
    );
    document.body.append(this.dialog);
    this.#listen();
  }

  get isOpen() {
    return this.dialog.open;
  }

  open() {
    this.input.value = "";
    this.#kind = "all";
    this.dialog.showModal();
    this.input.focus();
    this.#isLearning = true;
    learnOperations().then(() => {
      this.#isLearning = false;
      this.#draw();
    });
    this.#changed(0);
  }

  close() {
    this.#asking?.abort();
    clearTimeout(this.#timer);
    this.dialog.close();
  }

  // `>` asks for actions alone, as in editors.
  get #asked() {
    return this.input.value.trim().replace(/^[>＞]\s*/, "");
  }

  get #isSecret() {
    return isKey(this.#asked) || holdsSecret(this.#asked);
  }

  get #kindNow() {
    return /^\s*[>＞]/.test(this.input.value) ? "actions" : this.#kind;
  }

  #listen() {
    this.input.addEventListener("input", () => this.#changed(PAUSE_MS));
    this.dialog.addEventListener("keydown", (event) => this.#key(event));
    this.dialog.addEventListener("click", (event) => event.target === this.dialog && this.close());
    this.list.addEventListener("pointermove", (event) => this.#point(event));
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (!option || (event.button === 0 && (event.ctrlKey || event.metaKey))) return;
      event.preventDefault();
      this.#take(Number(option.dataset.at));
    });
  }

  #changed(pause) {
    clearTimeout(this.#timer);
    this.#asking?.abort();
    this.#at = 0;
    this.#hasMoved = false;
    this.#hasFailed = false;
    this.#isAsking = !this.#isSecret;
    this.#told = this.#stillFitting();
    this.#draw();
    this.#timer = setTimeout(() => this.#ask(), pause);
  }

  async #ask() {
    // A key goes nowhere: what is asked stands in addresses, and addresses stand in logs.
    if (this.#isSecret) return this.#learn(NOTHING);
    const asking = (this.#asking = new AbortController());
    const told = await found(this.#asked, asking.signal);
    if (asking === this.#asking && !asking.signal.aborted) this.#learn(told);
  }

  /** What was found for the words before and holds those that stand there now: it is true until the answer comes. */
  #stillFitting() {
    const asked = this.#asked;
    const fits = (entry) => asked && matched(asked, `${entry.title} ${entry.detail ?? ""}`);
    return Object.fromEntries(Object.entries(this.#told).map(([kind, entries]) => [kind, entries.filter(fits)]));
  }

  #learn(told) {
    this.#isAsking = false;
    this.#hasFailed = told === null;
    this.#told = told ?? NOTHING;
    this.#draw();
    this.#say();
  }

  // --- what is shown ----------------------------------------------------------------------------------------------

  #groups() {
    const [asked, kind] = [this.#asked, this.#kindNow];
    if (isKey(asked)) return [["actions", [addKey(asked)]]];
    if (this.#isSecret) return [];
    const { saved, runs, keys, people } = this.#told;
    const isAlone = kind !== "all";
    const all = [
      ["saved", saved],
      ["runs", isAlone && asked ? [...runs, this.#searchAll(asked)] : runs],
      ["operations", fittingOperations(asked, isAlone)],
      ["keys", keys],
      ["people", people],
      ["actions", fittingActions(asked, isAlone)],
    ]
      .filter(([name, entries]) => entries.length && (!isAlone || kind === name))
      // What stands as it was typed comes before what is only guessed from letters.
      .sort(([, [one]], [, [other]]) => Boolean(one.isGuess) - Boolean(other.isGuess));
    return asked && !isAlone ? [...all, ["history", [this.#searchAll(asked)]]] : all;
  }

  #searchAll(asked) {
    return { kind: "runs", title: t("Search all runs for “{words}”", { words: asked }), texts: [], icon: "search", url: `/history/?q=${encodeURIComponent(asked)}`, isPlain: true };
  }

  #draw() {
    const kind = this.#kindNow;
    for (const button of this.kinds.children) button.setAttribute("aria-pressed", button.dataset.kind === kind);
    const groups = this.#groups();
    const chosen = this.#hasMoved ? this.#entries[this.#at] : null;
    this.#entries = groups.flatMap(([, entries]) => entries);
    // What was chosen stays chosen when more comes before it.
    if (chosen) this.#at = Math.max(0, this.#entries.findIndex(({ title, url }) => title === chosen.title && url === chosen.url));
    this.#at = Math.max(0, Math.min(this.#at, this.#entries.length - 1));
    let at = 0;
    this.list.replaceChildren(
      ...groups.map(([name, entries]) => {
        const head = element("div.palette-group", { id: `palette-${name}`, role: "presentation" }, this.names[name]);
        return element("div", { role: "group", "aria-labelledby": head.id }, head, ...entries.map((entry) => this.#option(entry, at++)));
      }),
    );
    if (!groups.some(([name]) => name !== "history")) this.list.prepend(this.#nothing());
    this.waiting.hidden = !this.#isWaiting;
    tellAges(this.list);
    this.#mark();
  }

  #nothing() {
    const why = this.#hasFailed ? t("The site did not answer. Type on, or try again in a moment.") : t("Nothing fits. Fewer letters find more.");
    if (this.#isSecret) return this.#saying(t("This looks like a key. It was not sent: search words stand in addresses and logs."));
    const sentence = this.#isWaiting ? t("Searching operations, saved requests, runs, keys and people…") : why;
    return this.#saying(sentence);
  }

  #saying(sentence) {
    return element("div.palette-nothing", { role: "option", "aria-disabled": "true", "aria-selected": "false" }, sentence);
  }

  // Commands stand in the page: they wait for nobody.
  get #isWaiting() {
    return (this.#isAsking || this.#isLearning) && this.#kindNow !== "actions";
  }

  #option(entry, at) {
    const title = element("span.palette-title", {}, ...this.#marked(entry.title, entry.isPlain));
    const hit = entry.hit?.length ? element("span.palette-detail", {}, ...entry.hit.map(([text, fits]) => (fits ? element("mark", {}, text) : text))) : null;
    const detail = entry.detail && element("span.palette-detail", {}, ...this.#marked(entry.detail));
    const side = element("span.palette-side", {}, entry.hint ?? "", entry.moment && element("time", { datetime: entry.moment, "data-ago": true }, entry.clock));
    return element(
      "a.palette-option", { id: `palette-option-${at}`, role: "option", "data-at": at, href: entry.url ?? null, tabindex: "-1", "aria-selected": "false" },
      entry.avatar ? element("span.avatar-letter", { "data-hue": entry.avatar.hue, "aria-hidden": "true" }, entry.avatar.letter) : icon(entry.icon),
      element("span.palette-words", {}, title, hit ?? detail), side,
    );
  }

  #marked(text, isPlain = false) {
    const fit = !isPlain && this.#asked ? matched(this.#asked, text) : null;
    return fit ? pieces(text, fit.places).map(([piece, fits]) => (fits ? element("mark", {}, piece) : piece)) : [text];
  }

  #mark() {
    const options = this.list.querySelectorAll(".palette-option");
    for (const [at, option] of options.entries()) option.setAttribute("aria-selected", at === this.#at);
    const chosen = options[this.#at];
    if (chosen) {
      this.input.setAttribute("aria-activedescendant", chosen.id);
      chosen.scrollIntoView({ block: "nearest" });
      if (this.#at === 0) this.list.scrollTop = 0;
    } else this.input.removeAttribute("aria-activedescendant");
  }

  #say() {
    this.status.textContent = this.#hasFailed ? t("The site did not answer. Type on, or try again in a moment.") : t("{n} found", { n: this.#entries.length });
  }

  // --- what is pressed --------------------------------------------------------------------------------------------

  #key(event) {
    const { key } = event;
    const last = this.#entries.length - 1;
    const moves = { ArrowDown: this.#at >= last ? 0 : this.#at + 1, ArrowUp: this.#at <= 0 ? last : this.#at - 1, PageDown: Math.min(last, this.#at + 8), PageUp: Math.max(0, this.#at - 8) };
    if (event.isComposing) return;
    if (key === "Tab") this.#narrow(event.shiftKey ? -1 : 1);
    else if (key in moves) this.#move(moves[key]);
    else if (key === "Enter" && !event.target.closest("button")) this.#enter(event);
    else if (key === "Escape") this.close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #move(to) {
    this.#hasMoved = true;
    this.#at = Math.max(0, to);
    this.#mark();
  }

  #enter({ shiftKey, ctrlKey, metaKey }) {
    if (shiftKey && this.#asked && !this.#isSecret) location.assign(`/history/?q=${encodeURIComponent(this.#asked)}`);
    else if ((ctrlKey || metaKey) && this.#entries[this.#at]?.open) this.#go(this.#entries[this.#at].open);
    else this.#take(this.#at);
  }

  #narrow(step) {
    const next = KINDS[(KINDS.indexOf(this.#kindNow) + step + KINDS.length) % KINDS.length];
    this.#choose(next);
  }

  #choose(kind) {
    this.#kind = kind;
    this.input.value = this.input.value.replace(/^\s*[>＞]\s*/, "");
    this.#at = 0;
    this.#draw();
    this.input.focus();
  }

  #point(event) {
    const option = event.target.closest(".palette-option");
    if (!option || Number(option.dataset.at) === this.#at) return;
    this.#hasMoved = true;
    this.#at = Number(option.dataset.at);
    this.#mark();
  }

  #take(at) {
    const entry = this.#entries[at];
    if (!entry) return;
    if (entry.url) this.#go(entry.url);
    else {
      this.close();
      entry.act();
    }
  }

  #go(url) {
    this.close();
    location.assign(url);
  }

  // --- the pieces -------------------------------------------------------------------------------------------------

  #kindButton(kind) {
    return element("button", { type: "button", tabindex: "-1", "data-kind": kind, "aria-pressed": kind === "all", onclick: () => this.#choose(kind) }, this.names[kind]);
  }

  #foot() {
    const key = (name, words) => element("span", {}, element("kbd.kbd", {}, name), ` ${words}`);
    return element("div.palette-foot", {}, key("↑↓", t("move")), key("↵", t("open")), key("⇥", t("narrow")), key(">", t("commands only")), key("⇧↵", t("search the history")));
  }
}
