// The frame of every page: theme, time zone, htmx, toasts, ages, the way into the palette.

import htmx from "htmx.org";
import { csrfToken, leaveLater, remember } from "./page.js";
import "./palette.js";
import { refuseKeys } from "./refusing_keys.js";
import { tellAges } from "./times.js";

globalThis.htmx = htmx;

document.addEventListener("htmx:configRequest", ({ detail }) => {
  detail.headers["X-CSRFToken"] = csrfToken();
});
refuseKeys();
document.addEventListener("htmx:afterSwap", ({ target }) => tellAges(target));

/** The theme that is seen now, whether chosen or the system's. */
function theme() {
  const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  return document.documentElement.dataset.theme ?? system;
}

function switchTheme() {
  const next = theme() === "dark" ? "light" : "dark";
  document.documentElement.dataset.theme = next;
  remember("theme", next);
  document.dispatchEvent(new CustomEvent("theme", { detail: next }));
}

for (const button of document.querySelectorAll("[data-theme-toggle]")) button.addEventListener("click", switchTheme);
for (const card of document.querySelectorAll(".toast-card")) leaveLater(card);

// The server names days by the person's own calendar.
remember("timezone", Intl.DateTimeFormat().resolvedOptions().timeZone);

tellAges();
setInterval(() => tellAges(), 30_000);
