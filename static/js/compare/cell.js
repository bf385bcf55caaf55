// One answer in a comparison: an ordinary run, streaming in a column.

import { prepareMarkdown } from "../answer/blocks/text.js";
import { Figures } from "../answer/figures.js";
import { jsonNode } from "../answer/json_view.js";
import { Rendered } from "../answer/rendered.js";
import { stateMark } from "../answer/states.js";
import { RunStore } from "../answer/store.js";
import { arrivalsOf, Timeline } from "../draw/timeline.js";
import { drawn, element, icon } from "../page.js";
import { runs } from "../socket.js";
import { duration, t } from "../texts.js";
import { Bars } from "./bars.js";
import { jsonDifferences, jsonOf, wordDifferences } from "./differences.js";

const ARRIVALS_EVERY_MS = 250;
const TICK_MS = 500;

/**
 * The answer at one place of the board. Says on its node, bubbling: `cell:changed`, `cell:ended`, and `cell:vote`, `cell:run`
 * when those buttons are pressed.
 */
export class Cell {
  #pending = [];
  #frame = null;
  #drawnAt = 0;
  #began = null;
  #shownView = "text";
  #timer = null;
  #shownState = null;

  constructor({ column, row, mayRun }) {
    Object.assign(this, { column, row, store: null, figures: new Figures(), arrivals: [], isMissing: false, isRefused: false, isOpen: true });
    this.context = { run: null, usage: null, isFresh: false, continues: false };
    this.#build(mayRun);
    this.rendered = new Rendered(this.text, this.context);
    this.timeline = new Timeline(this.graph, { height: 18 });
    this.#changed();
  }

  get place() {
    return `${this.column}/${this.row}`;
  }

  get run() {
    return this.store?.run ?? null;
  }

  /** The run's state; `idle` where there is none. */
  get state() {
    return this.isMissing || !this.store ? "idle" : this.store.state;
  }

  get isRunning() {
    return ["waiting", "running"].includes(this.state);
  }

  /** Figures as the bars show them; null before there is an answer. */
  get shownFigures() {
    if (["idle", "loading"].includes(this.state)) return null;
    return this.figures.now(this.#elapsed(), this.store.metrics);
  }

  /** What was said, as plain text. */
  get said() {
    return this.rendered.text();
  }

  /** The JSON of the answer, or undefined. */
  get json() {
    return jsonOf(this.rendered.blocks.all);
  }

  start(message) {
    this.#take(message.run);
    this.store.start(message);
    this.#changed();
  }

  watch(run) {
    this.#take(run);
    this.store.watch();
    this.#changed();
  }

  stop() {
    if (this.isRunning) this.store.stop();
  }

  leave() {
    this.store?.leave();
    clearInterval(this.#timer);
    cancelAnimationFrame(this.#frame);
    this.#frame = null;
  }

  /** It could not be asked: say why. */
  refuse(message) {
    this.leave();
    this.store = null;
    this.#reset();
    this.isRefused = true;
    this.rendered.add([{ kind: "problem", code: "bad_call", fault: "person", message, at: 0, retry: false, remedies: [] }]);
    this.#changed(t("Not asked"));
  }

  /** Wait for its turn: it will be started soon. */
  wait() {
    this.leave();
    this.store = null;
    this.#reset();
    this.#changed(t("Waiting its turn"));
  }

  /** Measure it against the answers beside it. */
  measure(standing) {
    this.bars.draw(this.shownFigures, standing, this.state === "succeeded");
  }

  /** Show its text, how it differs from `other`, or its JSON. */
  show(view, other) {
    this.#shownView = view;
    this.text.hidden = view !== "text";
    this.besides.hidden = view === "text";
    if (view === "differences") this.besides.replaceChildren(...this.#differences(other));
    if (view === "json") this.besides.replaceChildren(this.#jsonShown());
    this.empty.hidden = this.state !== "idle" || view !== "text";
  }

  /** Who liked this answer best; `isOpen` once names may be seen. */
  tellVotes(votes, { isOpen, mayVote }) {
    const mine = votes.some((vote) => vote.is_mine);
    this.isOpen = isOpen;
    this.#tellOpener();
    this.best.hidden = !mayVote || this.state === "idle" || this.isRunning;
    this.best.setAttribute("aria-pressed", mine);
    this.best.querySelector("span").textContent = mine ? t("Your choice") : t("Best answer");
    const names = votes.map((vote) => (vote.is_blind ? t("{name} (blind)", { name: vote.person }) : vote.person));
    this.voters.textContent = isOpen && votes.length ? names.join(", ") : "";
    this.node.classList.toggle("is-chosen", mine);
  }

  #build(mayRun) {
    this.mark = element("span.cell-state");
    this.saving = element("span.cell-saving", { hidden: true, title: t("Saving is paused; nothing is lost") }, icon("save-off", "small"), t("Saving paused"));
    this.opener = element("a.icon-button.cell-open", { hidden: true, title: t("Open this run"), "aria-label": t("Open this run") }, icon("external-link", "small"));
    this.again = element("button.icon-button.cell-again", { type: "button", title: t("Run this one"), "aria-label": t("Run this one"), onclick: () => this.#say("cell:run") }, icon("play", "small"));
    this.stopper = element("button.icon-button.cell-stop", { type: "button", hidden: true, title: t("Stop this one"), "aria-label": t("Stop this one"), onclick: () => this.stop() }, icon("square", "filled", "small"));
    this.bars = new Bars();
    this.graph = drawn("svg", { class: "timeline", role: "img", "aria-label": t("Arrivals over time") });
    this.text = element("div.rendered.is-empty");
    this.besides = element("div.cell-besides", { hidden: true });
    this.empty = element("p.cell-empty", {}, t("Not asked yet"));
    this.body = element("div.cell-body", { tabindex: "0", role: "region", "aria-label": t("Answer") }, this.empty, this.text, this.besides);
    this.best = element("button.btn.btn-sm.cell-best", { type: "button", "aria-pressed": "false", hidden: true, onclick: () => this.#say("cell:vote") }, icon("thumbs-up", "small"), element("span", {}, t("Best answer")));
    this.voters = element("span.cell-voters");
    const head = element("div.cell-head", {}, element("div.cell-line", {}, this.mark, this.saving, this.stopper, mayRun && this.again, this.opener), this.bars.node, this.graph);
    this.node = element("section.cell", { "data-column": this.column, "data-row": this.row }, head, this.body, element("div.cell-foot", {}, this.best, this.voters));
  }

  #take(run) {
    this.leave();
    this.#reset();
    this.context.run = run;
    prepareMarkdown();
    const store = (this.store = new RunStore(run, runs()));
    const mine = (act) => (event) => store === this.store && act(event.detail);
    store.addEventListener("run", mine(() => this.#changed()));
    store.addEventListener("frames", mine((frames) => this.#arrived(frames)));
    store.addEventListener("end", mine(() => this.#ended()));
    store.addEventListener("saving", mine(() => this.#tellSaving()));
    store.addEventListener("task", mine(({ task }) => this.rendered.learn(task)));
    store.addEventListener("again", mine(() => this.#reset()));
    store.addEventListener("refused", mine((error) => this.#refused(error)));
    this.#began = performance.now();
    this.#timer = setInterval(() => this.isRunning && this.#schedule(), TICK_MS);
  }

  #reset() {
    this.#pending = [];
    this.isMissing = this.isRefused = false;
    this.figures = new Figures();
    this.arrivals = [];
    this.context.usage = null;
    this.#shownState = null;
    this.rendered?.reset();
    this.besides.replaceChildren();
  }

  #elapsed() {
    if (this.store?.metrics?.total_ms) return this.store.metrics.total_ms;
    if (this.store?.isOver || this.#began === null) return this.figures.lastAt;
    return Math.max(this.figures.lastAt, performance.now() - this.#began);
  }

  #arrived(frames) {
    this.figures.see(frames);
    this.context.usage = this.figures.usage;
    this.#began = performance.now() - frames.at(-1).at;
    this.arrivals.push(...arrivalsOf(frames));
    this.#pending.push(...frames);
    this.#schedule();
  }

  #ended() {
    clearInterval(this.#timer);
    this.context.usage = { ...this.figures.usage, ...this.store.metrics };
    this.#draw();
    this.rendered.finish();
    this.#changed();
    this.#say("cell:ended");
  }

  // A run of this name was never begun, or is gone: the place is free. Everything else is told as it is.
  #refused({ code, message }) {
    this.store.leave();
    clearInterval(this.#timer);
    this.store.state = "failed";
    if (code === "not_found" && this.rendered.isEmpty) this.isMissing = true;
    else this.rendered.add([{ kind: "problem", code, fault: code === "busy" ? "us" : "person", message, at: 0, retry: false, remedies: [] }]);
    this.#changed();
    this.#say("cell:ended");
  }

  #schedule() {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = null;
      this.#draw();
      this.#say("cell:changed");
    });
  }

  #draw() {
    const isAtEnd = this.body.scrollHeight - this.body.scrollTop - this.body.clientHeight < 60;
    const fresh = this.#pending;
    this.#pending = [];
    if (fresh.length) this.rendered.add(fresh);
    if (fresh.length && isAtEnd) this.body.scrollTop = this.body.scrollHeight;
    const now = performance.now();
    if (this.isRunning && now - this.#drawnAt < ARRIVALS_EVERY_MS) return;
    this.#drawnAt = now;
    const elapsed = this.#elapsed();
    this.timeline.draw(this.arrivals, this.isRunning ? Math.max(elapsed, 3000) : Math.max(1, elapsed));
    this.#tellState();
  }

  #tellState(waiting = null) {
    const state = this.state;
    const isThinking = state === "running" && this.figures.firstText === null && this.figures.firstSign !== null;
    const words = waiting ?? (state === "running" ? (isThinking ? t("thinking") : duration(this.#elapsed())) : null);
    const shown = `${state} ${words}`;
    if (shown === this.#shownState) return;
    this.#shownState = shown;
    if (state === "idle" && !waiting) this.mark.replaceChildren();
    else this.mark.replaceChildren(words ? element(`span.state.state-${waiting ? "waiting" : "running"}`, {}, element("span.live-dot"), words) : stateMark(state));
  }

  #changed(waiting = null) {
    this.node.dataset.state = this.state;
    this.#tellState(waiting);
    this.stopper.hidden = !this.isRunning;
    this.#tellSaving();
    this.again.hidden = this.isRunning;
    this.#tellOpener();
    this.empty.hidden = this.state !== "idle" || this.#shownView !== "text" || Boolean(waiting);
    this.timeline.draw(this.arrivals, Math.max(1, this.#elapsed()));
    this.#say("cell:changed");
  }

  #tellSaving() {
    this.saving.hidden = !this.store?.isSavingPaused;
  }

  // A run's page tells its model: no way there while names are hidden.
  #tellOpener() {
    this.opener.hidden = !this.run || this.isMissing || !this.isOpen;
    if (this.opener.hidden) this.opener.removeAttribute("href");
    else this.opener.href = `/runs/${this.run}/`;
  }

  #differences(other) {
    if (other === this) return [element("p.cell-note", {}, t("The others are compared with this one."))];
    if (!other || other.state === "idle" || this.state === "idle") return [element("p.cell-note", {}, t("Nothing to compare yet."))];
    const [before, after] = [other.json, this.json];
    if (before !== undefined && after !== undefined) return [pathsNode(jsonDifferences(before, after))];
    return [wordsNode(wordDifferences(other.said, this.said))];
  }

  #jsonShown() {
    const value = this.json;
    if (value === undefined) return element("p.cell-note", {}, this.state === "idle" ? t("Not asked yet") : t("No JSON in this answer."));
    return jsonNode(value);
  }

  #say(type) {
    this.node.dispatchEvent(new CustomEvent(type, { bubbles: true, detail: this }));
  }
}

const TAGS = { added: "ins", removed: "del" };

function wordsNode(pieces) {
  if (pieces.every(({ kind }) => kind === "same")) return element("p.cell-note", {}, icon("equal", "small"), t("Word for word the same."));
  const nodes = pieces.map(({ kind, text }) => (kind === "same" ? text : element(TAGS[kind], {}, text)));
  return element("div.cell-words", {}, ...nodes);
}

function pathsNode(changes) {
  if (!changes.length) return element("p.cell-note", {}, icon("equal", "small"), t("The JSON is the same."));
  const side = (tag, value) => value !== undefined && element(tag, {}, JSON.stringify(value));
  const rows = changes.map(({ path, before, after }) => element("div.cell-path", {}, element("code", {}, path), side("del", before), side("ins", after)));
  return element("div.cell-paths", {}, ...rows);
}
