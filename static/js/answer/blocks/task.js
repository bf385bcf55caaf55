// A task that goes on at the gateway: its state, how far it is, what came of it, and what can be done with it.

import { drawn, element, icon } from "../../page.js";
import { bytes, t } from "../../texts.js";
import { copyButton, keepLink } from "../copying.js";
import { sound } from "../remote.js";

const SHOWN_PICTURE = /^image\/(?:png|jpeg|gif|webp|avif)$/;

/** Draws a task: as the run's frame told it, then as the site, which follows it, tells it. */
export class TaskBlock {
  node = element("section.task");
  #results = new Map();

  draw({ task: told, news }) {
    const task = news ?? told;
    const [kind, word] = standing(task);
    const mark = { ok: icon("circle-check"), bad: icon("circle-x"), warn: icon("pencil"), accent: element("span.live-dot") }[kind];
    const head = element(
      "header",
      {},
      element(`span.badge.badge-${kind}`, {}, mark, word),
      element("span.task-id.mono.muted", { title: task.id }, task.id),
      copyButton(() => task.id),
    );
    const percent = Number.parseFloat(task.progress);
    this.node.replaceChildren(head);
    if (Number.isFinite(percent) && !isDone(task)) this.node.append(progress(percent, task.progress));
    if (task.error) this.node.append(element("p.task-error", {}, task.error));
    if (isDone(task) && news && !news.over && !news.results.length) this.node.append(element("p.muted", {}, t("Fetching the result, so that it is kept here…")));
    // Nodes are kept: a film that is being watched goes on when something else changes.
    for (const result of task.results ?? []) this.node.append(this.#result(result));
    if (task.text) this.node.append(element("p.task-text", {}, task.text), copyButton(() => task.text));
    if (task.state === "waiting") this.node.append(this.#window(task));
    if (task.buttons?.length) this.node.append(this.#buttons(task));
  }

  #result(result) {
    if (!this.#results.has(result.url)) this.#results.set(result.url, shown(result));
    return this.#results.get(result.url);
  }

  #buttons(task) {
    const buttons = task.buttons.map((button) => {
      const label = [button.emoji, button.label || verbOf(button.customId)].filter(Boolean).join(" ") || "…";
      return this.#button(label, "mj-action", { taskId: task.id, customId: button.customId ?? "" });
    });
    return element("div.task-buttons", { role: "group", "aria-label": t("What can be done with this") }, ...buttons);
  }

  #window(task) {
    const words = element("p.muted", {}, t("Midjourney waits for your prompt or mask before it goes on."));
    return element("div", {}, words, element("div.task-buttons", {}, this.#button(t("Fill in and go on"), "mj-modal", { taskId: task.id })));
  }

  #button(label, operation, values) {
    const button = element("button.btn.btn-sm", { type: "button" }, label);
    button.addEventListener("click", () =>
      this.node.dispatchEvent(new CustomEvent("answer:task-action", { bubbles: true, detail: { operation, values } })),
    );
    return button;
  }
}

/** The address at which the builder opens `operation` with `values` filled in. */
export function addressOfAction({ operation, values }) {
  return `/?${new URLSearchParams({ operation, fill: JSON.stringify(values) })}`;
}

// Some buttons have but a picture; their id names what they do: `MJ::JOB::pan_left::1::…`.
function verbOf(customId = "") {
  return (customId.split("::")[2] ?? "").replaceAll("_", " ");
}

function isDone({ state }) {
  return state === "succeeded";
}

function standing(task) {
  const words = {
    queued: ["accent", t("Waiting in line")],
    running: ["accent", t("In progress")],
    waiting: ["warn", t("Waits for you")],
    succeeded: ["ok", t("Finished")],
    failed: ["bad", t("Failed")],
  };
  return words[task.state] ?? ["accent", task.state || t("Submitted")];
}

function shown({ url, mime, name, size }) {
  const caption = element("figcaption", {}, element("span.mono", {}, mime), element("span.figure", {}, bytes(size)), keepLink(`${url}?download`, name));
  const media = SHOWN_PICTURE.test(mime)
    ? element("img", { src: url, alt: t("Picture of the answer"), loading: "lazy" })
    : mime.startsWith("video/")
      ? element("video", { src: url, controls: true, playsinline: true, preload: "metadata" })
      : mime.startsWith("audio/")
        ? sound(url)
        : element("p", {}, icon("file"), " ", name);
  return element("figure.media", {}, media, caption);
}

function progress(percent, words) {
  const figure = String(words).includes("%") ? words : `${percent} %`;
  const bar = drawn("svg", { class: "ranking-bar", role: "img", "aria-label": String(figure) });
  bar.append(drawn("rect", { class: "bar-ground", width: "100%", height: "100%", rx: 2 }));
  bar.append(drawn("rect", { class: "bar-fill", width: `${Math.min(100, percent)}%`, height: "100%", rx: 2 }));
  return element("div.task-progress", {}, bar, element("span.figure", {}, figure));
}
