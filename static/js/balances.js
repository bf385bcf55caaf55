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

/** Rows that a refresh brings take the places of the old ones; those that the filters leave out have none. */
document.addEventListener("htmx:afterSwap", () => {
  const brought = document.querySelector("#refresh > template");
  if (!brought) return;
  for (const row of brought.content.querySelectorAll(".balance-row")) document.getElementById(row.id)?.replaceWith(row);
  brought.remove();
  tellAges(list);
});
