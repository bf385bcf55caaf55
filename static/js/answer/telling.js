// What a screen reader is told of a run: that it began, that text comes, how it ended. Never the text itself.

import { duration, t } from "../texts.js";
import { whatHappened } from "./problems.js";
import { stateWord } from "./states.js";

export class Telling {
  #toldText = false;

  constructor(region) {
    this.region = region;
  }

  began() {
    this.#toldText = false;
    this.#say(t("The run has started."));
  }

  text(firstText) {
    if (this.#toldText || firstText === null) return;
    this.#toldText = true;
    this.#say(t("The first text has arrived after {length}.", { length: duration(firstText) }));
  }

  ended(state, total, problem) {
    const words = `${stateWord(state)}, ${duration(total)}.`;
    this.#say(problem ? `${words} ${whatHappened(problem)}` : words);
  }

  task({ state, error }) {
    this.#say(state === "succeeded" ? t("What was submitted is finished.") : `${t("What was submitted has failed.")} ${error}`);
  }

  saving(isPaused) {
    this.#say(isPaused ? t("Saving is paused; nothing is lost") : t("Saving goes on."));
  }

  refused(sentence) {
    this.#say(sentence);
  }

  #say(sentence) {
    this.region.textContent = sentence;
  }
}
