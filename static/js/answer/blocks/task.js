// A task that goes on at the gateway: its state, how far it is, and what can be done with it.

import { drawn, element, icon } from "../../page.js";
import { t } from "../../texts.js";
import { copyButton } from "../copying.js";

const OVER = /^(?:success|succeed|succeeded|completed|done|finished)$/i;
const LOST = /^(?:fail|failed|failure|error|cancel|cancelled|canceled)$/i;

export class TaskBlock {
  node = element("section.task");

  draw({ task }) {
    const state = OVER.test(task.state) ? "ok" : LOST.test(task.state) ? "bad" : "accent";
    const mark = { ok: icon("circle-check"), bad: icon("circle-x"), accent: element("span.live-dot") }[state];
    const badge = element(`span.badge.badge-${state}`, {}, mark, task.state || t("submitted"));
    const head = element("header", {}, badge, element("span.mono.muted", {}, task.id), copyButton(() => task.id));
    const percent = Number.parseFloat(task.progress);
    this.node.replaceChildren(head);
    if (Number.isFinite(percent)) this.node.append(progress(percent, task.progress));
    if (task.buttons?.length) this.node.append(this.#buttons(task));
  }

  #buttons(task) {
    const buttons = task.buttons.map((button) => {
      const label = button.label || button.emoji || button.customId || "…";
      const pressed = element("button.btn.btn-sm", { type: "button" }, label);
      pressed.addEventListener("click", () =>
        this.node.dispatchEvent(new CustomEvent("answer:task-action", { bubbles: true, detail: { task: task.id, button } })),
      );
      return pressed;
    });
    return element("div.task-buttons", {}, ...buttons);
  }
}

function progress(percent, words) {
  const bar = drawn("svg", { class: "ranking-bar", role: "img", "aria-label": String(words) });
  bar.append(drawn("rect", { class: "bar-ground", width: "100%", height: "100%", rx: 2 }));
  bar.append(drawn("rect", { class: "bar-fill", width: `${Math.min(100, percent)}%`, height: "100%", rx: 2 }));
  return element("div.task-progress", {}, bar, element("span.figure", {}, String(words).includes("%") ? words : `${percent} %`));
}
