// The raw events of a run: number, time, gap, name, data. Runs of the same delta fold into one line.

import { gaps, Timeline } from "../draw/timeline.js";
import { element, icon } from "../page.js";
import { count, duration, t } from "../texts.js";
import { copyButton } from "./copying.js";
import { jsonTextNode } from "./json_view.js";

const SHOWN_OF_RUN = 3;
const LEAST_FOLDED = 5;
const AT_ONCE = 200;
const CHUNK = 100;
const PREVIEW = 240;
const ALIKE = 40;

/** What an event is, told by its name or by the type its data names; events of one name fold together. */
export function nameOf({ event, data }) {
  if (event) return event;
  const type = /^\s*\{\s*"type"\s*:\s*"([^"]+)"/.exec(data)?.[1];
  if (type) return type;
  if (data === "[DONE]") return "[DONE]";
  return /^\s*\{[^]{0,400}?"object"\s*:\s*"([^"]+)"/.exec(data)?.[1] ?? "data";
}

/** The colour of an event, guessed from what it says: the dialect knows better, but keeps no colour for events. */
export function colourOf({ event, data }) {
  const begin = `${event ?? ""} ${data.slice(0, 600)}`;
  if (/thinking|reasoning_(?:content|text|summary)|"reasoning"\s*:\s*"|"thought"\s*:\s*true/.test(begin)) return "thinking";
  if (/tool_calls|input_json|function_call|functionCall|tool_use/.test(begin)) return "tool";
  if (/b64_json|inlineData|partial_image|"audio"\s*:\s*\{/.test(begin)) return "media";
  if (/text_delta|output_text\.delta|"content"\s*:\s*"[^"]|"text"\s*:\s*"[^"]/.test(begin)) return "text";
  return "control";
}

/** Groups of events that follow each other with the same name and colour, as `{from, to}` (places, `to` not included). */
export function runsOf(events, from = 0) {
  const groups = [];
  for (let at = from; at < events.length; at++) {
    const mark = `${nameOf(events[at])} ${colourOf(events[at])}`;
    const last = groups.at(-1);
    if (last?.mark === mark) last.to = at + 1;
    else groups.push({ mark, from: at, to: at + 1 });
  }
  return groups;
}

/** The Events tab. Rows that were written stay; only the last, still growing run of deltas is written again. */
export class Events {
  #rows = [];
  #groups = [];

  constructor(root) {
    this.timeline = new Timeline(root.querySelector('[data-part="event-arrivals"]'), {
      height: 52,
      axis: true,
      onChoose: (ms) => this.chooseAt(ms),
    });
    this.legend = root.querySelector('[data-part="event-legend"]');
    this.list = root.querySelector('[data-part="event-rows"]');
    this.empty = root.querySelector('[data-part="event-empty"]');
    this.reset();
  }

  reset() {
    this.events = [];
    this.#groups = [];
    this.#rows = [];
    this.list.replaceChildren();
  }

  /** Draw what is new of `events`, and the arrivals of frames over `span` ms. */
  draw(events, arrivals, span) {
    this.events = events;
    this.empty.hidden = events.length > 0;
    this.#drawArrivals(arrivals, span);
    const last = this.#groups.at(-1);
    const from = last ? last.from : 0;
    if (last && last.to === events.length) return;
    if (last) this.#take(this.#groups.pop());
    for (const group of runsOf(events, from)) this.#write(group);
  }

  /** Choose the event nearest to a time. */
  chooseAt(ms) {
    const at = this.events.findIndex((event) => event.at >= ms);
    const place = at < 0 ? this.events.length - 1 : at;
    const row = this.#rows.find(({ from, to }) => place >= from && place < to)?.node;
    if (!row) return;
    if (row.matches(".event-fold")) this.#unfold(row, place);
    const found = this.list.querySelector(`[data-n="${this.events[place].n}"]`) ?? row;
    found.scrollIntoView({ block: "center" });
    found.querySelector("button")?.focus({ preventScroll: true });
  }

  #drawArrivals(arrivals, span) {
    this.timeline.draw(arrivals, span);
    const kinds = { thinking: t("thinking"), text: t("text"), tool: t("tool input"), media: t("media"), control: t("control") };
    const counts = Object.entries(kinds).map(([kind, word]) => [kind, word, arrivals.filter((each) => each.kind === kind).length]);
    const longest = Math.max(0, ...gaps(arrivals, 1).map(({ length }) => length));
    this.legend.replaceChildren(
      ...counts.filter(([, , n]) => n).map(([kind, word, n]) => element("span", {}, element(`i.dot.dot-${kind}`), word, element("b.figure", {}, count(n)))),
      ...(longest ? [element("span.legend-gap", {}, t("longest pause"), element("b.figure", {}, duration(longest)))] : []),
    );
  }

  #write(group) {
    this.#groups.push(group);
    const length = group.to - group.from;
    const shown = length >= LEAST_FOLDED + SHOWN_OF_RUN ? SHOWN_OF_RUN : length;
    for (let at = group.from; at < group.from + shown; at++) this.#append({ from: at, to: at + 1, node: this.#row(at) });
    if (shown < length) {
      const from = group.from + shown;
      this.#append({ from, to: group.to, node: this.#fold(from, group.to) });
    }
  }

  #take(group) {
    while (this.#rows.at(-1)?.from >= group.from) this.#rows.pop().node.remove();
  }

  #append(row) {
    this.#rows.push(row);
    let chunk = this.list.lastElementChild;
    if (!chunk || chunk.childElementCount >= CHUNK) chunk = this.list.appendChild(element("div.event-chunk"));
    chunk.append(row.node);
  }

  #row(at) {
    const event = this.events[at];
    const gap = at ? event.at - this.events[at - 1].at : null;
    const button = element("button.event-row", { type: "button", "aria-expanded": "false" },
      element("span.figure", {}, event.n),
      element("span.figure", {}, duration(event.at)),
      element(`span.figure${gap > 500 ? ".is-long" : ""}`, {}, gap === null ? "—" : count(gap)),
      element("span.event-name", {}, element(`i.dot.dot-${colourOf(event)}`), nameOf(event)),
      element("span.event-data", {}, preview(event.data, this.events[at - 1]?.data ?? "")),
    );
    const item = element("div.event", { "data-n": event.n }, button);
    button.addEventListener("click", () => toggleDetail(item, button, event));
    return item;
  }

  #fold(from, to) {
    const span = `${duration(this.events[from].at)} – ${duration(this.events[to - 1].at)}`;
    const words = t("{n} more {name}, {span}", { n: count(to - from), name: nameOf(this.events[from]), span });
    const button = element("button.event-more", { type: "button" }, icon("chevron-right", "small"), words);
    const node = element("div.event.event-fold", { "data-from": from, "data-to": to }, button);
    button.addEventListener("click", () => this.#unfold(node, from));
    return node;
  }

  // A fold gives out a page of its rows, around the place that was asked for, and keeps folds before and after it.
  #unfold(node, place) {
    const index = this.#rows.findIndex((row) => row.node === node);
    const { from, to } = this.#rows[index];
    const begin = Math.max(from, Math.min(place - AT_ONCE / 2, to - AT_ONCE));
    const end = Math.min(to, begin + AT_ONCE);
    const rows = [];
    if (begin > from) rows.push({ from, to: begin, node: this.#fold(from, begin) });
    for (let at = begin; at < end; at++) rows.push({ from: at, to: at + 1, node: this.#row(at) });
    if (end < to) rows.push({ from: end, to, node: this.#fold(end, to) });
    node.replaceWith(...rows.map((row) => row.node));
    this.#rows.splice(index, 1, ...rows);
  }
}

/** The data of an event from where it differs from the one before: most events of a stream begin alike. */
export function preview(data, before) {
  let alike = 0;
  while (alike < data.length && data[alike] === before[alike]) alike++;
  if (alike < ALIKE || alike === data.length) return data.slice(0, PREVIEW);
  const from = Math.max(data.lastIndexOf("{", alike), data.lastIndexOf(",", alike) + 1);
  return from < ALIKE ? data.slice(0, PREVIEW) : `… ${data.slice(from, from + PREVIEW)}`;
}

function toggleDetail(item, button, event) {
  const open = item.querySelector(".event-detail");
  button.setAttribute("aria-expanded", !open);
  if (open) open.remove();
  else item.append(element("div.event-detail", {}, copyButton(() => event.data), jsonTextNode(event.data)));
}
