// The page of one run: its answer, live or kept; its replay; the ways back into the builder.

import "./answer/answer.js";
import { addressOfAction } from "./answer/blocks/task.js";
import { Replay } from "./answer/replay.js";
import { stateMark } from "./answer/states.js";
import { completeMentions } from "./saved/mentions.js";
import { drawOnlookers } from "./answer/onlookers.js";
import { count, duration, money } from "./texts.js";

const page = document.querySelector(".run-page");
const { answer } = page.querySelector("run-answer");
const replay = new Replay(page.querySelector('[data-part="replay"]'), answer);
const stop = page.querySelector("[data-stop]");

stop.addEventListener("click", () => answer.stop());
completeMentions(document.getElementById("comments"));

page.addEventListener("answer:state", ({ detail: { state } }) => {
  stop.hidden = state !== "running";
  const told = page.querySelector('[data-side="state"]');
  if (!["waiting", "loading"].includes(state) && !told.querySelector(`.state-${state}`)) told.replaceChildren(stateMark(state));
});

page.addEventListener("answer:end", ({ detail: { metrics } }) => {
  page.querySelector("[data-share]").hidden = false;
  replay.open();
  const told = {
    first_sign: metrics.first_frame_ms ?? null,
    first_text: metrics.first_text_ms ?? null,
    total: metrics.total_ms ?? null,
  };
  for (const [name, ms] of Object.entries(told)) if (ms !== null) tell(name, duration(ms));
  if (metrics.output_tokens) tell("tokens", `${count(metrics.input_tokens ?? 0)} → ${count(metrics.output_tokens)}`);
  if (metrics.cost !== null && metrics.cost !== undefined) tell("cost", money(metrics.cost, metrics.currency || "USD"));
});

function tell(name, figure) {
  const place = page.querySelector(`[data-side="${name}"]`);
  if (place) place.textContent = figure;
}

// Trying again starts another run; every other way on leads into the builder, with the run's request filled in.
page.addEventListener("answer:remedy", ({ detail }) => {
  const again = page.querySelector("[data-again]");
  if (again && (detail.action === "retry" || detail.action === "wait")) return again.requestSubmit();
  const address = new URL(page.dataset.builder, location.origin);
  address.searchParams.set("do", detail.action);
  if (detail.field) address.searchParams.set("field", detail.field);
  location.assign(address);
});

page.addEventListener("answer:onlookers", ({ detail: { people } }) => drawOnlookers(page.querySelector("[data-onlookers]"), people));
page.addEventListener("answer:task-action", ({ detail }) => location.assign(addressOfAction(detail)));

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea, [contenteditable]")) return;
  if (event.key === "j") page.querySelector("[data-older]")?.click();
  else if (event.key === "k") page.querySelector("[data-newer]")?.click();
  else if (event.key === " " && !event.target.closest("button, a, summary") && !page.querySelector('[data-part="replay"]').hidden) {
    event.preventDefault();
    replay.toggle();
  }
});
