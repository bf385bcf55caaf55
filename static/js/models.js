// The page of models: choosing narrows at once, the slash key searches, a refresh says that it is under way.

import { t } from "./texts.js";
import { tellAges } from "./times.js";

const filters = document.querySelector("[data-filters]");

for (const choice of document.querySelectorAll("[data-now]")) {
  choice.addEventListener("change", () => {
    // Another key has other vendors: what narrowed the first one's list does not narrow this one's.
    if (choice.dataset.now === "key") for (const other of filters.elements) other.disabled = other !== choice;
    filters.noValidate = true;
    location.assign(`${filters.getAttribute("action")}?${told(filters)}`);
  });
}

/** The filters that say something, as an address carries them. */
function told(form) {
  const given = [...new FormData(form)].filter(([, value]) => value);
  return new URLSearchParams(given);
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, select, textarea, [contenteditable]")) return;
  event.preventDefault();
  document.getElementById("model-q")?.focus();
});

document.querySelector("[data-refresh]")?.addEventListener("submit", ({ target }) => {
  const button = target.querySelector("button");
  button.disabled = true;
  button.querySelector(".icon").classList.add("icon-turning");
  button.querySelector("span").textContent = t("Asking the gateway…");
});

document.addEventListener("htmx:afterSwap", () => tellAges(document.body));
