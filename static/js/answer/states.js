// The states of a run: icon and word, so that colour never speaks alone.

import { element, icon } from "../page.js";
import { t } from "../texts.js";

const ICONS = {
  succeeded: "circle-check",
  failed: "circle-x",
  cut_short: "split",
  stopped: "circle-stop",
  interrupted: "zap",
};

/** The word for a state, in the page's language. */
export function stateWord(state) {
  const words = {
    idle: t("Ready"),
    waiting: t("Sending"),
    loading: t("Loading"),
    running: t("Running"),
    succeeded: t("Succeeded"),
    failed: t("Failed"),
    cut_short: t("Cut short"),
    stopped: t("Stopped"),
    interrupted: t("Interrupted"),
  };
  return words[state] ?? state;
}

/** The mark of a state: a breathing dot while it runs, an icon once it is over, and the word. */
export function stateMark(state) {
  const drawing = ICONS[state] ? icon(ICONS[state]) : element(state === "idle" ? "span.idle-dot" : "span.live-dot");
  return element(`span.state.state-${state}`, {}, drawing, stateWord(state));
}
