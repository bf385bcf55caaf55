// The page of comparing: one request at several models, keys and values at once.

import { exampleOf } from "./workbench/desk.js";
import { operationOf } from "./workbench/opening.js";
import { ask, copy, element, toast } from "./page.js";
import { t } from "./texts.js";
import { saidIn, saying } from "./compare/asking.js";
import { Board, MOST_COLUMNS } from "./compare/board.js";
import { namesIn } from "./compare/filling.js";
import { Paper } from "./compare/paper.js";

const page = document.getElementById("compare");
const part = (name) => page.querySelector(`[data-part="${name}"]`) ?? document.querySelector(`[data-part="${name}"]`);
const told = JSON.parse(document.getElementById("comparison").textContent);
const paper = new Paper(told);

// --- the request ------------------------------------------------------------------------------------------------------

const operation = await operationOf(paper.document.operation);
if (!paper.document.call) paper.document.call = JSON.stringify(operation ? exampleOf(operation.operation) : { text: "{}", off: {}, path: {}, query: [], headers: [], stream: null });

let board = null;
board = new Board(part("board"), part("tabs"), paper, {
  keys: told.keys,
  votes: told.votes,
  person: told.person,
  models: told.models,
  dialects: told.dialects,
  dialect: told.dialect,
  isBlinded: told.is_blinded,
  waiting: told.waiting,
  onChange: () => drawTools(),
});

function changeRequest(request) {
  paper.change((document) => (document.call = JSON.stringify(request)));
  drawRequest();
}

function drawRequest() {
  const { request } = paper;
  const said = saidIn(request);
  const field = part("said");
  if (document.activeElement !== field) field.value = said ?? "";
  field.readOnly = !paper.mayEdit || said === null;
  field.placeholder = said === null ? t("This request has no text of a person; open Edit to see it whole.") : "";
  part("title").placeholder = said ? said.slice(0, 80) : t("Untitled");
  const names = namesIn(request);
  const { rows } = paper.document;
  const chips = rows.length === 1 ? names.map((name) => element("span.badge.badge-teal", {}, `${name} = ${rows[0].values[name] || "…"}`)) : [element("span.badge.badge-teal", {}, t("{n} rows", { n: rows.length }))];
  part("values").replaceChildren(...chips);
  if (part("variable-count")) part("variable-count").textContent = names.length || "";
}

part("said").addEventListener("input", (event) => changeRequest(saying(paper.request, event.target.value)));
part("title").addEventListener("input", (event) => paper.rename(event.target.value));
part("edit")?.addEventListener("click", async () => {
  const { editRequest } = await import("./compare/dialogs.js");
  editRequest(paper.request, { operation: paper.document.operation, onDone: changeRequest });
});
part("variables")?.addEventListener("click", async () => {
  const { editValues } = await import("./compare/dialogs.js");
  editValues(paper.request, paper.document.rows, { onDone: takeRows });
});

function takeRows(rows) {
  const ids = new Set(rows.map(({ id }) => id));
  paper.change((document) => {
    document.rows = rows;
    for (const place of Object.keys(document.runs)) if (!ids.has(place.split("/")[1])) delete document.runs[place];
  });
  board.draw();
  drawRequest();
}

// --- the tools --------------------------------------------------------------------------------------------------------

function drawTools() {
  if (!board) return;
  const { columns, view, blind } = paper.document;
  const running = board.count;
  page.dataset.view = view;
  part("standing").textContent = columns.length === 1 ? t("1 column") : t("{n} columns", { n: columns.length });
  for (const button of page.querySelectorAll("button[data-view]")) button.setAttribute("aria-pressed", button.dataset.view === view);
  part("blind").checked = blind;
  part("blind").disabled = board.isBlinded;
  part("stop-all").hidden = !running;
  const { open } = board;
  if (part("run-all")) {
    part("run-all").hidden = running > 0;
    const isPartly = !running && open.length > 0 && open.length < Object.keys(paper.document.columns).length * paper.document.rows.length;
    part("rest").hidden = !isPartly;
    part("rest").querySelector("span").textContent = t("Run the other {n}", { n: open.length });
    part("add").disabled = columns.length >= MOST_COLUMNS;
  }
  const { cost } = board;
  part("cost").textContent = cost && t("so far {cost}", { cost });
}

for (const button of page.querySelectorAll("button[data-view]")) {
  button.addEventListener("click", () => {
    paper.change((document) => (document.view = button.dataset.view));
    board.draw();
  });
}
part("blind").addEventListener("change", ({ target }) => {
  paper.change((document) => (document.blind = target.checked));
  board.draw();
});
part("run-all")?.addEventListener("click", () => board.run());
part("rest")?.addEventListener("click", () => board.run(board.open));
part("stop-all").addEventListener("click", () => board.stopAll());
part("add")?.addEventListener("click", () => board.addColumn());

paper.addEventListener("change", () => (part("kept").textContent = ""));
paper.addEventListener("kept", ({ state }) => (part("kept").textContent = state === "kept" ? t("Kept") : t("Not kept")));

// --- sharing ----------------------------------------------------------------------------------------------------------

const shared = part("shared");
if (shared) {
  shared.checked = told.is_shared;
  shared.addEventListener("change", async () => {
    const isKept = paper.id ? true : await paper.keep();
    const response = isKept && (await ask(`/compare/${paper.id}/share/`, { method: "POST", json: { is_shared: shared.checked } }).catch(() => null));
    if (response?.ok) toast(shared.checked ? t("Your team sees this comparison") : t("Only you see this comparison"));
    else {
      shared.checked = !shared.checked;
      toast(t("Sharing was not changed"), { bad: true });
    }
  });
  part("copy-link").addEventListener("click", async (event) => {
    const button = event.currentTarget;
    if (paper.id || (await paper.keep())) copy(new URL(`/compare/${paper.id}/`, location.origin).href, button);
  });
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input:not([type=checkbox]), select, textarea, dialog")) return;
  if (/^[1-8]$/.test(event.key)) board.vote(board.cellAt(Number(event.key)));
});

drawRequest();
drawTools();
