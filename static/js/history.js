// The list of runs: whole rows open, the keyboard moves, running rows stay true.

import { ask } from "./page.js";
import { t } from "./texts.js";
import { tellAges } from "./times.js";

const NEWS_EVERY_MS = 3000;

const list = document.getElementById("runs");
const fresh = document.querySelector("[data-fresh]");
const choosing = document.querySelector("[data-choosing]");

/** While rows are chosen, a row that is pressed is chosen instead of opened. */
list.addEventListener("click", (event) => {
  const row = event.target.closest(".run-row");
  if (!row || !isChoosing()) return;
  event.stopImmediatePropagation();
  if (event.target.matches(".run-choose")) return;
  event.preventDefault();
  choose(row);
}, { capture: true });

list.addEventListener("click", (event) => {
  const row = event.target.closest(".run-row");
  if (!row || event.target.closest("a") || String(getSelection())) return;
  const address = row.querySelector(".run-link").href;
  if (event.ctrlKey || event.metaKey) open(address, "_blank", "noopener");
  else location.assign(address);
});

/** The way back leads to the row that was opened, also where it came by scrolling: the list then begins with it. */
list.addEventListener("click", (event) => {
  const row = event.target.closest(".run-row");
  if (!row || event.ctrlKey || event.metaKey) return;
  const here = new URL(location.href);
  here.hash = row.id;
  if (row.matches(".older-page ~ .run-row")) {
    for (const name of ["before", "after", "day"]) here.searchParams.delete(name);
    here.searchParams.set("at", row.dataset.run);
  }
  history.replaceState(history.state, "", here);
}, { capture: true });

function showOpened() {
  const row = location.hash.startsWith("#run-") && document.getElementById(location.hash.slice(1));
  if (!row) return;
  row.scrollIntoView({ block: "center" });
  row.querySelector(".run-link").focus({ preventScroll: true });
}
showOpened();

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea, [contenteditable]")) return;
  if (event.key === "x") choose(document.activeElement.closest(".run-row"));
  if (event.key === "Escape" && isChoosing()) letChoose(false);
  if (event.key !== "/") return;
  event.preventDefault();
  document.querySelector(".history-search input")?.focus();
});

function isChoosing() {
  return list.classList.contains("is-choosing");
}

/** Show the boxes by which rows are chosen, or choose none any longer. */
function letChoose(may) {
  list.classList.toggle("is-choosing", may);
  choosing?.setAttribute("aria-pressed", String(may));
  if (!may) for (const box of list.querySelectorAll(".run-choose:checked")) box.checked = false;
  tellChosen();
}

/** Choose a row for export, or no longer. Without chosen rows all that fit are exported. */
function choose(row) {
  if (!row) return;
  if (!isChoosing()) letChoose(true);
  const box = row.querySelector(".run-choose");
  box.checked = !box.checked;
  tellChosen();
}

function chosenRuns() {
  return [...list.querySelectorAll(".run-choose:checked")].map((box) => box.closest(".run-row").dataset.run);
}

/** Say how many are chosen; some of them may be laid side by side. */
function tellChosen() {
  const chosen = chosenRuns();
  document.querySelector("[data-chosen]").textContent = chosen.length ? t("{count} chosen", { count: chosen.length }) : "";
  const link = document.querySelector("[data-compare]");
  if (!link) return;
  link.hidden = !chosen.length;
  link.search = chosen.slice(0, 8).map((run) => `run=${run}`).join("&");
}

choosing?.addEventListener("click", () => letChoose(!isChoosing()));
list.addEventListener("change", tellChosen);
document.addEventListener("htmx:afterSettle", tellChosen);

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-export]");
  const chosen = chosenRuns();
  if (!link || !chosen.length) return;
  event.preventDefault();
  location.assign(`${link.pathname}?runs=${chosen.join(",")}`);
});

document.addEventListener("keydown", (event) => {
  const step = { j: 1, k: -1 }[event.key];
  if (!step || event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea, [contenteditable]")) return;
  const links = [...list.querySelectorAll(".run-link")];
  const at = links.indexOf(document.activeElement);
  const to = links[Math.min(links.length - 1, Math.max(0, at + step))];
  to?.focus();
  to?.closest("tr").scrollIntoView({ block: "nearest" });
});

fresh.addEventListener("click", () => location.reload());

async function tellNews() {
  const table = list.querySelector("[data-news]");
  if (!table || document.hidden) return;
  const running = [...table.querySelectorAll('[data-state="running"]')].map((row) => row.dataset.run);
  const address = `${table.dataset.news}&after=${table.dataset.newest}&running=${running.join(",")}`;
  const response = await ask(address).catch(() => null);
  if (!response?.ok) return;
  const news = await response.json();
  for (const [run, html] of Object.entries(news.rows)) replaceRow(run, html);
  fresh.hidden = !news.fresh;
  fresh.querySelector("span").textContent = news.fresh;
}

function replaceRow(run, html) {
  const old = document.getElementById(`run-${run}`);
  if (!old) return;
  const template = document.createElement("template");
  template.innerHTML = html;
  const row = template.content.querySelector("tr");
  const hadFocus = old.contains(document.activeElement);
  row.querySelector(".run-choose").checked = old.querySelector(".run-choose").checked;
  old.replaceWith(row);
  tellAges(row);
  if (hadFocus) row.querySelector(".run-link").focus();
}

setInterval(tellNews, NEWS_EVERY_MS);
