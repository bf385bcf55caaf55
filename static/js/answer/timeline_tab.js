// The Timeline tab: what happened when, from the call's first byte to its last, and how much of each kind came.

import { gaps, Timeline } from "../draw/timeline.js";
import { drawn, element } from "../page.js";
import { count, duration, t } from "../texts.js";

/** Stretches of a run, in order: waiting, then each kind of block, as `{kind, from, to}`. */
export function stretches(arrivals) {
  const found = arrivals.length ? [{ kind: "control", from: 0, to: arrivals[0].at }] : [];
  for (const { at, kind } of arrivals) {
    const last = found.at(-1);
    if (kind === "control") continue;
    if (last.kind === kind) last.to = at;
    else found.push({ kind, from: at, to: at });
  }
  return found;
}

export class TimelineTab {
  constructor(root) {
    this.timeline = new Timeline(root.querySelector('[data-part="timeline"]'), { height: 96, axis: true, named: true });
    this.parts = root.querySelector('[data-part="timeline-parts"]');
  }

  draw(frames, arrivals, span) {
    this.timeline.draw(arrivals, span);
    const rows = stretches(arrivals).map((stretch) => partRow(stretch, span));
    const pauses = gaps(arrivals).map(({ from, length }) => factRow(t("pause"), `${duration(length)} · ${t("at {time}", { time: duration(from) })}`, "is-long"));
    this.parts.replaceChildren(...rows, ...pauses, ...totals(frames));
  }
}

const WORDS = () => ({ thinking: t("thinking"), text: t("text"), tool: t("tool input"), media: t("media"), control: t("waiting for the first byte") });

function partRow({ kind, from, to }, span) {
  const bar = drawn("svg", { class: "part-bar", "aria-hidden": "true" });
  const share = (ms) => `${((ms / span) * 100).toFixed(2)}%`;
  bar.append(drawn("rect", { class: `bar-${kind}`, x: share(from), width: share(Math.max(to - from, span / 300)), height: "100%", rx: 2 }));
  const row = factRow(WORDS()[kind], duration(to - from));
  row.insertBefore(bar, row.lastChild);
  return row;
}

function factRow(name, value, mark = "") {
  return element(`div.part-row${mark && `.${mark}`}`, {}, element("span", {}, name), element("b.figure", {}, value));
}

/** How much text of each kind came, and in how many pieces. */
function totals(frames) {
  const words = { reasoning: t("thinking"), text: t("text"), tool_call: t("tool input") };
  return Object.entries(words).flatMap(([kind, word]) => {
    const pieces = frames.filter((frame) => frame.kind === kind);
    const characters = pieces.reduce((sum, { text, arguments: given }) => sum + (text ?? given ?? "").length, 0);
    const figures = { n: count(characters), pieces: count(pieces.length) };
    return pieces.length ? [factRow(word, t("characters: {n}, pieces: {pieces}", figures))] : [];
  });
}
