// Pages to read: their blocks are copied by a press.

import { copy } from "./page.js";

for (const button of document.querySelectorAll("[data-copy]")) {
  button.addEventListener("click", () => copy(document.getElementById(button.dataset.copy).textContent, button));
}
for (const select of document.querySelectorAll(".guide-choices select")) {
  select.addEventListener("change", () => select.form.submit());
}
