// A problem in three parts: what happened · whose fault it is · what to do, with buttons that do it.

import { element, icon } from "../../page.js";
import { t } from "../../texts.js";
import { copyButton } from "../copying.js";
import { jsonNode } from "../json_view.js";
import { ownWords, waysOn, whatHappened, whatToDo, whoseFault } from "../problems.js";

// Having waited, one tries again.
const DOES = { wait: "retry" };
const PLAIN = new Set(["kind", "seq", "at", "code", "fault", "retry", "remedies", "retry_after_ms", "message"]);

export class ProblemBlock {
  node = element("section.problem", { role: "group", "aria-label": t("What went wrong") });

  draw({ problem }, { isFresh }) {
    this.node.replaceChildren(
      part("circle-alert", "bad", t("What happened"), whatHappened(problem), ownWords(problem)),
      part("users", "violet", t("Whose fault"), whoseFault(problem)),
      this.#waysOn(problem, isFresh),
      details(problem),
    );
  }

  #waysOn(problem, isFresh) {
    const buttons = waysOn(problem, isFresh).map(({ label, icon: name, remedy }, index) => {
      const button = element(`button.btn${index ? "" : ".btn-primary"}`, { type: "button" }, icon(name), element("span", {}, label));
      button.addEventListener("click", () =>
        this.node.dispatchEvent(new CustomEvent("answer:remedy", { bubbles: true, detail: { ...remedy, action: DOES[remedy.action] ?? remedy.action, problem } })),
      );
      if (remedy.action === "wait" && problem.retry_after_ms) countDown(button, problem.retry_after_ms);
      return button;
    });
    const shown = part("wrench", "accent", t("What to do"), whatToDo(problem));
    if (buttons.length) shown.lastChild.append(element("div.problem-buttons", {}, ...buttons));
    return shown;
  }
}

function part(name, tone, label, sentence, words) {
  const body = element("div", {}, element("small", {}, label), element("b", {}, sentence));
  if (words) body.append(element("p", {}, words));
  return element("div.problem-part", {}, element(`span.problem-icon.tone-${tone}`, {}, icon(name)), body);
}

function details(problem) {
  const facts = [problem.code, problem.status && `HTTP ${problem.status}`, problem.upstream_code, problem.request_id].filter(Boolean);
  const value = Object.fromEntries(Object.entries(problem).filter(([name]) => !PLAIN.has(name)));
  const shown = { code: problem.code, message: problem.message, ...value };
  const head = element("summary", {}, icon("chevron-right", "small"), element("b", {}, t("Details")), element("span.mono", {}, facts.join(" · ")));
  const copying = copyButton(() => JSON.stringify(shown, null, 2));
  return element("div.problem-details", {}, element("details", {}, head, jsonNode(shown)), copying);
}

/** The button counts the gateway's own waiting time down; it may be pressed at any time after it. */
function countDown(button, ms) {
  const until = performance.now() + ms;
  const label = button.lastElementChild;
  button.disabled = true;
  const tick = () => {
    const left = until - performance.now();
    button.disabled = left > 0;
    label.textContent = left > 0 ? t("Retry in {seconds} s", { seconds: Math.ceil(left / 1000) }) : t("Retry");
    if (left > 0 && (button.isConnected || left === ms)) setTimeout(tick, 500);
  };
  setTimeout(tick);
}
