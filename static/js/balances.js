// The board of balances: whole rows open, ages stay true while rows are replaced.

import { tellAges } from "./times.js";

const list = document.getElementById("balance-list");

list?.addEventListener("click", (event) => {
  const row = event.target.closest(".balance-row");
  if (!row || event.target.closest("a") || String(getSelection())) return;
  const address = row.querySelector(".balance-link").href;
  if (event.ctrlKey || event.metaKey) open(address, "_blank", "noopener");
  else location.assign(address);
});

// Rows that a refresh brings are put into the page beside what htmx was asked for.
document.addEventListener("htmx:oobAfterSwap", () => tellAges(list));
