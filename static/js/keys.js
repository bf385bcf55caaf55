// Trying a key or a gateway: the steps come a line at a time and are shown as they come.

import { csrfToken, element, icon } from "./page.js";
import { carriedKey } from "./pasted_key.js";
import { duration, t } from "./texts.js";

const ICONS = { ok: "circle-check", warn: "triangle-alert", bad: "circle-x" };

for (const trial of document.querySelectorAll("[data-trial]")) {
  trial.querySelector("[data-trial-start]").addEventListener("click", () => run(trial));
}

takeCarried(document.querySelector('#key-form input[name="secret"]'));

// A key that was pasted elsewhere is filled in; it is sent only when the form is.
function takeCarried(field) {
  const secret = field && carriedKey();
  if (!secret || field.value) return;
  field.value = secret;
  field.after(element("p.hint", { role: "status" }, t("Filled in from what you pasted. It is kept only when you save.")));
  document.querySelector('#key-form input[name="name"]')?.focus();
}

async function run(trial) {
  const button = trial.querySelector("[data-trial-start]");
  const steps = trial.querySelector(".trial-steps");
  const verdict = trial.querySelector(".trial-verdict");
  trial.querySelector(".trial-empty").hidden = true;
  steps.replaceChildren();
  verdict.replaceChildren();
  verdict.className = "trial-verdict";
  button.disabled = true;
  const waiting = element("li.trial-step", {}, element("span.live-dot"), element("strong", {}, t("Waiting for the gateway")));
  steps.append(waiting);
  try {
    for await (const line of lines(await answer(trial))) {
      if (line.step === "verdict") tell(verdict, line);
      else waiting.before(drawn(line));
    }
  } catch {
    tell(verdict, { state: "bad", title: t("Not tested"), detail: t("This server gave no answer. Try again.") });
  }
  waiting.remove();
  button.disabled = false;
  button.querySelector("span").textContent = t("Test again");
}

/** The answer to pressing the button; a form beside it, such as that of a new key, is sent along. */
function answer(trial) {
  const form = document.getElementById(trial.dataset.trialForm ?? "");
  const body = form ? new URLSearchParams(new FormData(form)) : undefined;
  return fetch(trial.dataset.trial, { method: "POST", headers: { "X-CSRFToken": csrfToken() }, body, credentials: "same-origin" });
}

/** The lines of an answer as they arrive, each read as JSON. */
async function* lines(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    const whole = (rest + (value ?? "")).split("\n");
    rest = done ? "" : whole.pop();
    for (const line of whole) if (line.trim()) yield JSON.parse(line);
    if (done) return;
  }
}

function drawn({ state, title, detail, ms }) {
  return element(
    `li.trial-step.is-${state}`,
    {},
    icon(ICONS[state]),
    element("strong", {}, title),
    element("span.took", {}, ms === null || ms === undefined ? "" : duration(ms)),
    detail ? element("small", {}, detail) : null,
  );
}

function tell(verdict, { state, title, detail }) {
  verdict.className = `trial-verdict is-${state}`;
  verdict.replaceChildren(icon(ICONS[state]), element("div", {}, element("strong", {}, title), detail ?? ""));
}
