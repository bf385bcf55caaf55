// The page behind a link to a run: the same answer pane, fed from a copy that lies in the page. Nothing is asked of the server.

import { Answer } from "./answer/answer.js";
import { Replay } from "./answer/replay.js";

/** Stands where pages of the team have a socket: tells the frozen frames and the end, once. */
class FrozenSocket extends EventTarget {
  constructor({ frames, state, metrics }) {
    super();
    Object.assign(this, { frames, state, metrics });
  }

  watch(run, watcher) {
    queueMicrotask(() => {
      watcher.onRun({ run, state: this.state, seq: this.frames.length });
      watcher.onFrames(this.frames);
      watcher.onEnd({ run, state: this.state, seq: this.frames.length, metrics: this.metrics });
    });
  }

  start() {}
  stop() {}
  unwatch() {}
}

const frozen = JSON.parse(document.getElementById("frozen").textContent);
const template = document.getElementById("frozen-pane");
const pane = document.importNode(template.content, true).querySelector("run-answer");
// What is not in the copy is not offered.
for (const tab of pane.querySelectorAll('[data-tab="events"], [data-tab="raw"], [data-tab="request"]')) tab.remove();
pane.querySelector('[data-part="kept"]').hidden = true;
pane.answer = new Answer(pane, new FrozenSocket(frozen));
const replay = new Replay(document.querySelector('[data-part="replay"]'), pane.answer);
pane.addEventListener("answer:end", () => replay.open());
template.replaceWith(pane);
pane.answer.watch("frozen");
