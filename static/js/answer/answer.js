// The answer to one call: strip, tabs, panels. One element for workbench, run page, shared page and comparing.

import { arrivalsOf } from "../draw/timeline.js";
import { copy, element, icon } from "../page.js";
import { runs } from "../socket.js";
import { t } from "../texts.js";
import { prepareMarkdown } from "./blocks/text.js";
import { Events } from "./events.js";
import { Figures } from "./figures.js";
import { Follow } from "./follow.js";
import { headersTable } from "./headers.js";
import { Raw } from "./raw.js";
import { Rendered } from "./rendered.js";
import { bodyOf, requestNodes, requestOf } from "./request.js";
import { RunStore } from "./store.js";
import { Strip } from "./strip.js";
import { Tabs } from "./tabs.js";
import { Telling } from "./telling.js";
import { TimelineTab } from "./timeline_tab.js";
import { Waiting } from "./waiting.js";

const ARRIVALS_EVERY_MS = 250;

/**
 * The response pane below `root`, which is drawn by `templates/response/pane.html`.
 *
 *     answer.start({run, operation, key, call})   starts a run and shows it
 *     answer.watch(uuid)                          shows a run, running or over
 *     answer.stop()  answer.clear()
 *
 * Says on `root`, bubbling: `answer:state` {run, state}, `answer:end` {run, state, metrics}, `answer:refused`
 * {run, code, message, field}, `answer:remedy` {action, problem}, `answer:continue` {id, name, arguments} or {text}, `answer:task-action`
 * {operation, values}: the next call, its fields filled in.
 */
export class Answer {
  #pending = [];
  #frame = null;
  #ticking = null;
  #arrivalsDrawn = 0;
  #isKeyNamed = false;
  #anchor = null;
  #requestShown = null;
  #played = 0;
  #task = null;

  constructor(root, socket = runs()) {
    this.root = root;
    this.socket = socket;
    this.store = null;
    this.figures = new Figures();
    this.arrivals = [];
    this.context = { run: null, usage: null, isFresh: false, asked: null, continues: "continues" in root.dataset };
    this.strip = new Strip(root);
    this.rendered = new Rendered(this.#part("rendered"), this.context);
    this.follow = new Follow(this.#part("scroller"), this.#part("follow"));
    this.waiting = new Waiting(this.#part("waiting"));
    this.telling = new Telling(this.#part("told"));
    this.events = new Events(root);
    this.raw = new Raw(root);
    this.timeline = new TimelineTab(root);
    this.tabs = new Tabs(root.querySelector('[role="tablist"]'), (name) => this.#show(name));
    this.#part("copy")?.addEventListener("click", (event) => copy(this.#copied(), event.currentTarget));
    this.#listenToSocket();
  }

  get run() {
    return this.store?.run ?? null;
  }

  get state() {
    return this.store?.state ?? "idle";
  }

  /** Start a run. `message` is the socket's `start`: run, operation, key, call… */
  start(message) {
    this.#take(message.run);
    this.#isKeyNamed = message.key != null;
    this.#anchor = { at: 0, seen: performance.now() };
    this.store.start(message);
    this.telling.began();
    this.#changed();
  }

  /** Show a run from its first frame, live if it still goes on. */
  watch(run) {
    if (run === this.run) return;
    this.#take(run);
    this.store.watch();
    this.#changed();
  }

  stop() {
    this.store?.stop();
  }

  /** Show nothing: the pane as it was before the first run. */
  clear() {
    this.store?.leave();
    this.store = null;
    this.#reset();
    this.#changed();
  }

  /** Show the answer as it stood `ms` after the call was sent; with `Infinity`, whole. For replays of ended runs. */
  showUntil(ms) {
    const frames = this.store.frames;
    const upTo = frames.findIndex((frame) => frame.at > ms);
    const end = upTo < 0 ? frames.length : upTo;
    if (end < this.#played) {
      this.rendered.reset();
      this.#played = 0;
    }
    if (end > this.#played) this.rendered.add(frames.slice(this.#played, end));
    this.#played = end;
    if (upTo < 0) {
      this.rendered.finish();
      if (this.#task) this.rendered.learn(this.#task);
    }
    this.follow.grew();
  }

  /** How long the run has lasted, in ms since its call was sent. */
  elapsed() {
    if (this.store?.metrics?.total_ms) return this.store.metrics.total_ms;
    if (this.store?.isOver || !this.#anchor) return this.figures.lastAt;
    return Math.max(this.figures.lastAt, this.#anchor.at + performance.now() - this.#anchor.seen);
  }

  #take(run) {
    this.store?.leave();
    this.#reset();
    this.context.run = run;
    prepareMarkdown();
    const store = new RunStore(run, this.socket);
    this.store = store;
    if (this.socket.isOpen) this.#tellLost("");
    const mine = (act) => (event) => store === this.store && act(event.detail);
    store.addEventListener("run", mine(() => this.#changed()));
    store.addEventListener("run", mine(() => this.#tellLost("")));
    store.addEventListener("busy", mine(() => this.#tellLost(t("This site is busy; the page asks again by itself"))));
    store.addEventListener("frames", mine((frames) => this.#arrived(frames)));
    store.addEventListener("events", mine(() => this.#redraw()));
    store.addEventListener("end", mine((end) => this.#ended(end)));
    store.addEventListener("saving", mine(({ paused }) => this.#toldOfSaving(paused)));
    store.addEventListener("task", mine(({ task }) => this.#learned(task)));
    store.isSeen = "presence" in this.root.dataset;
    store.addEventListener("onlookers", mine(({ people }) => this.#say("answer:onlookers", { run, people })));
    store.addEventListener("again", mine(() => this.#reset()));
    store.addEventListener("refused", mine((error) => this.#refused(error)));
    if (["events", "raw"].includes(this.tabs.chosen)) store.raw = true;
  }

  #reset() {
    this.#pending = [];
    this.#task = null;
    this.arrivals = [];
    this.#anchor = null;
    this.figures = new Figures();
    Object.assign(this.context, { usage: null, isFresh: false, asked: null });
    this.#played = 0;
    this.rendered.reset();
    this.events.reset();
    this.raw.reset();
    this.#requestShown = null;
    this.#part("headers").replaceChildren();
    this.#part("request").replaceChildren();
  }

  #arrived(frames) {
    this.figures.see(frames);
    this.context.usage = this.figures.usage;
    this.#anchor = { at: frames.at(-1).at, seen: performance.now() };
    for (const arrival of arrivalsOf(frames)) this.arrivals.push(arrival);
    for (const frame of frames) this.#pending.push(frame);
    this.telling.text(this.figures.firstText);
    this.#redraw();
  }

  #ended({ state, metrics }) {
    if (this.root.dataset.state === state) {
      this.#draw();
      return;
    }
    this.context.usage = { ...this.figures.usage, ...metrics };
    this.#draw();
    this.rendered.finish();
    const problem = this.store.frames.findLast((frame) => frame.kind === "problem");
    this.telling.ended(state, metrics?.total_ms ?? this.figures.lastAt, problem);
    this.#changed();
    this.#learnRequest();
    this.#say("answer:end", { run: this.run, state, metrics });
  }

  // What was asked for tells how an answer is shown: against which schema, beside which texts, with which sound.
  async #learnRequest() {
    const isOffered = this.tabs.tabs.some(({ dataset }) => dataset.tab === "request");
    if (!isOffered || !this.rendered.wantsRequest) return;
    const { run } = this;
    const request = await requestOf(run);
    if (!request || run !== this.run) return;
    this.context.asked = bodyOf(request);
    this.rendered.knowRequest();
    this.follow.grew();
  }

  // What was submitted goes on at the gateway after the run has ended; the site follows it and tells.
  #learned(task) {
    const wasOver = this.#task?.over;
    this.#task = task;
    this.#draw();
    this.rendered.learn(task);
    this.follow.grew();
    if (task.over && wasOver === false) this.telling.task(task);
  }

  #toldOfSaving(isPaused) {
    this.telling.saving(isPaused);
    this.#drawFoot();
  }

  // Refused by the site itself, before any gateway was asked: what it says of keys and rights is the whole story.
  #refused({ code, message, field }) {
    this.store.state = "failed";
    this.store.leave();
    const fault = { busy: "us", too_many: "us" }[code] ?? "person";
    const told = ["forbidden", "not_found"].includes(code) ? "refused" : code;
    const remedies = [];
    if (field && code === "bad_call") remedies.push({ action: "edit_field", field });
    if (field === "key") remedies.push({ action: this.#isKeyNamed ? "choose_key" : "add_key" });
    this.rendered.add([{ kind: "problem", code: told, fault, message, at: 0, retry: fault === "us", remedies }]);
    this.telling.refused(message);
    this.#tellLost("");
    this.#changed();
    this.#say("answer:refused", { run: this.run, code, message, field });
  }

  // State changes are rare: they draw at once and set what depends on them.
  #changed() {
    const isGrowing = this.store?.isOver === false;
    this.context.isFresh ||= this.state === "running";
    if (this.root.dataset.state !== this.state) {
      this.root.dataset.state = this.state;
      this.follow.isGrowing = isGrowing;
      this.#say("answer:state", { run: this.run, state: this.state });
    }
    clearInterval(this.#ticking);
    if (isGrowing) this.#ticking = setInterval(() => this.#tick(), 100);
    this.#draw();
  }

  // A kept run is drawn once, when all of it is here.
  #redraw() {
    if (this.state === "loading") return;
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = null;
      this.#draw();
    });
  }

  #draw() {
    const fresh = this.#pending;
    this.#pending = [];
    if (fresh.length) this.rendered.add(fresh);
    this.#played += fresh.length;
    this.#part("empty").hidden = this.state !== "idle";
    this.follow.grew();
    this.#tick();
    this.#drawFoot();
  }

  #tick() {
    const elapsed = this.elapsed();
    this.strip.draw(this.state, this.figures.now(elapsed, this.store?.metrics));
    this.waiting.draw({ state: this.state, elapsed, lastAt: this.figures.lastAt, hasSign: this.figures.firstSign !== null });
    const now = performance.now();
    if (this.store?.isOver === false && now - this.#arrivalsDrawn < ARRIVALS_EVERY_MS) return;
    this.#arrivalsDrawn = now;
    this.strip.drawArrivals(this.arrivals, elapsed, this.state === "running");
    write(this.#part("event-count"), String((this.store?.raw ? this.store.seenEvent : this.store?.seen) || ""));
    this.#show(this.tabs.chosen);
  }

  #show(name) {
    const frames = this.store?.frames ?? [];
    const span = Math.max(1, this.elapsed());
    if (name === "events" || name === "raw") this.store?.askForEvents();
    if (name === "events") this.events.draw(this.store?.events ?? [], this.arrivals, span);
    else if (name === "raw") this.raw.draw(this.store?.events ?? []);
    else if (name === "timeline") this.timeline.draw(frames, this.arrivals, span);
    else if (name === "headers") this.#drawHeaders(frames);
    else if (name === "request") this.#drawRequest();
  }

  #drawHeaders(frames) {
    const status = frames.find((frame) => frame.kind === "status");
    const place = this.#part("headers");
    if (!status || place.childElementCount) return;
    place.replaceChildren(headersTable(status.headers));
  }

  async #drawRequest() {
    if (!this.run || this.#requestShown === this.run || this.state === "waiting") return;
    const run = (this.#requestShown = this.run);
    const request = await requestOf(run);
    if (run !== this.run) return;
    if (request) this.#part("request").replaceChildren(...requestNodes(request));
    else this.#requestShown = null;
  }

  #drawFoot() {
    const seen = this.store?.seen ?? 0;
    const isPaused = this.store?.isSavingPaused ?? false;
    this.strip.drawSaving(isPaused);
    const cached = this.context.usage?.cached_tokens;
    const saved = !seen ? "" : this.store.isOver ? t("Kept in History") : t("Kept up to frame {n}", { n: seen });
    write(this.#part("kept"), isPaused ? t("Saving is paused; nothing is lost") : saved);
    write(this.#part("cached"), cached ? t("{n} tokens from the cache", { n: cached }) : "");
  }

  #copied() {
    if (this.tabs.chosen === "raw" || this.tabs.chosen === "events") return this.raw.text ?? "";
    if (this.tabs.chosen === "headers" || this.tabs.chosen === "request") return this.#part(this.tabs.chosen).innerText;
    const whole = this.store?.frames.find((frame) => frame.kind === "json");
    return this.rendered.text() || (whole ? JSON.stringify(whole.value, null, 2) : "");
  }

  #listenToSocket() {
    const lost = this.#part("offline").querySelector("span").textContent;
    this.socket.addEventListener("down", ({ detail }) => this.#tellLost(detail || lost));
    this.socket.addEventListener("up", () => this.#tellLost(""));
  }

  // Why nothing comes from the site at the moment; nothing to say when all is well, or the run is over.
  #tellLost(sentence) {
    const place = this.#part("offline");
    place.hidden = !sentence || !this.store || this.store.isOver;
    if (sentence) write(place.querySelector("span"), sentence);
  }

  #part(name) {
    return this.root.querySelector(`[data-part="${name}"]`);
  }

  /** Offer to go on from an answer in words: `answer:continue` {text} is said when the button is pressed. */
  offerNext() {
    const text = this.rendered.text(0);
    if (!text || !["succeeded", "cut_short", "stopped"].includes(this.state) || this.rendered.callsTools) return;
    const button = element("button.btn.btn-sm", { type: "button" }, icon("corner-down-left"), t("Continue the conversation"));
    button.addEventListener("click", () => this.#say("answer:continue", { text }));
    this.rendered.end.append(element("div.answer-next", {}, button));
  }

  #say(type, detail) {
    this.root.dispatchEvent(new CustomEvent(type, { bubbles: true, detail }));
  }
}

function write(node, text) {
  if (node && node.textContent !== text) node.textContent = text;
}

/** `<run-answer data-run="uuid">`: the pane as an element; `element.answer` is its `Answer`. */
export class RunAnswer extends HTMLElement {
  connectedCallback() {
    this.answer ??= new Answer(this);
    if (this.dataset.run) this.answer.watch(this.dataset.run);
  }
}

if (!customElements.get("run-answer")) customElements.define("run-answer", RunAnswer);
