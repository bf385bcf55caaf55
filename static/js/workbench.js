// The workbench: wires catalogue, request and answer together. Each part lives in a file of its own below workbench/.

import "./answer/answer.js";
import { copy, toast } from "./page.js";
import { t } from "./texts.js";
import { Checking } from "./workbench/checking.js";
import { drawConflict } from "./workbench/conflict.js";
import { Desk, exampleOf } from "./workbench/desk.js";
import { Elsewhere } from "./workbench/elsewhere.js";
import { Foot } from "./workbench/foot.js";
import { Head } from "./workbench/head.js";
import { Keeping } from "./workbench/keeping.js";
import { Laying } from "./workbench/laying.js";
import { resizable } from "./workbench/panes.js";
import { Remedies } from "./workbench/remedies.js";
import { RequestTabs } from "./workbench/request_tabs.js";
import { Saving } from "./workbench/saving.js";
import { Sending } from "./workbench/sending.js";
import { Shelf } from "./workbench/shelf.js";
import { keysOf } from "./workbench/shortcuts.js";
import { Showing } from "./workbench/showing.js";
import { Tree } from "./workbench/tree.js";
import { Variables } from "./workbench/variables.js";
import "./workbench/form/param_form.js";

const page = document.getElementById("workbench");
const part = (name) => page.querySelector(`.request [data-part="${name}"]`);
const { owner, defaultKey, nonce, mayRun } = page.dataset;

const desk = new Desk();
const head = new Head(page.querySelector(".request"), desk, {
  defaultKey,
  keys: JSON.parse(document.getElementById("usable-keys").textContent),
});
const shelf = new Shelf();
desk.stock(shelf);
shelf.open(head.keyToSend);
part("key").addEventListener("change", () => shelf.open(head.keyToSend));

const form = document.createElement("param-form");
form.desk = desk;
const tabs = new RequestTabs(desk, { part, form, nonce, added: addedHeaders, call: callToSend });
const foot = new Foot(page.querySelector(".request-foot"), desk, { onProblems: () => tabs.showProblem() });
const keeping = new Keeping(desk, { owner, onState: (state) => (foot.kept(state), drawConflict(part("conflict"), keeping, desk)) });
const showing = new Showing(page);
const saving = new Saving(desk, { place: part("saved"), news: part("saved-news"), owner, onCurrent: () => variables.draw() });
const variables = new Variables(part("variables"), desk, { isSaved: () => Boolean(saving.current), show: () => showing.show("request") });
const tree = new Tree(page.querySelector(".catalogue"), { owner, onChoose: (id) => laying.choose(id) });
const answerElement = page.querySelector("run-answer");
const sending = new Sending({
  answerElement,
  buttons: mayRun === "yes" ? [part("send"), part("foot-send")] : [],
  call: startToSend,
  onStart: started,
});
const remedies = new Remedies(desk, { answerElement, tabs, variables, showing, sending, head });
const elsewhere = new Elsewhere(desk, { answerElement, onFollow: followHere });
const laying = new Laying(desk, { page, keeping, tree, showing, saving, tabs, answerElement, elsewhere, draw: drawOperation, useKey, onDeed: doAsked });
new Checking(desk);
resizable(page);

// --- opening ----------------------------------------------------------------------------------------------------------

function drawOperation() {
  part("form").replaceChildren(form);
  drawStar();
  offerTurning();
}

function useKey(id) {
  head.choose(id);
  shelf.open(head.keyToSend);
}

/** What a button on a run's page asked for. Trying again waits for a press of Send: an address alone must cost nothing. */
function doAsked({ action, field, run }) {
  if (action === "save") return saving.open();
  if (action === "retry" || action === "wait") {
    sending.retryOf = run;
    part("send").focus();
    return toast(t("Press Send to try it again"));
  }
  remedies.do(action, field);
}

answerElement.addEventListener("answer:task-action", async ({ detail: { operation, values } }) => {
  history.pushState({}, "", `?operation=${encodeURIComponent(operation)}`);
  showing.show("request");
  await laying.openFilled(operation, values);
});

// --- sending ----------------------------------------------------------------------------------------------------------

function callToSend() {
  if (desk.operation?.kind !== "operation") return null;
  const stream = desk.stream === null ? {} : { stream: desk.stream };
  return { operation: desk.operation.id, key: head.keyToSend, call: desk.call, ...stream };
}

function startToSend() {
  const call = callToSend();
  const filled = call && variables.toSend();
  return filled && { ...call, ...saving.mention, ...filled };
}

function followHere(run) {
  sessionStorage.setItem(`run:${desk.operation.id}`, run);
  answerElement.answer.watch(run);
}

function started(run) {
  sessionStorage.setItem(`run:${desk.operation.id}`, run);
  keeping.flush();
  showing.show("response");
}

function addedHeaders() {
  const { operation } = desk;
  const mask = head.key?.mask ?? "sk-…";
  const key = { bearer: ["Authorization", `Bearer ${mask}`], "x-api-key": ["x-api-key", mask], "x-goog-api-key": ["x-goog-api-key", mask] }[operation.auth];
  const type = { json: ["Content-Type", "application/json"], multipart: ["Content-Type", "multipart/form-data"] }[operation.content_type];
  return [key, type].filter(Boolean);
}

// --- menu, star, dialogs ----------------------------------------------------------------------------------------------

// Four dialects say the same things; of all others there is only one.
function offerTurning() {
  const has = ["openai-chat", "openai-responses", "anthropic-messages", "gemini"].includes(desk.operation.dialect) && desk.operation.kind === "operation";
  for (const button of page.querySelectorAll('.request [data-act="turn"]')) button.hidden = !has;
}

function drawStar() {
  const star = part("star");
  const starred = tree.isStarred(desk.operation.id);
  star.setAttribute("aria-pressed", starred);
  star.classList.toggle("is-starred", starred);
}

part("star").addEventListener("click", () => {
  tree.star(desk.operation.id);
  drawStar();
});

const acts = {
  save: () => saving.open(),
  compare: async () => {
    await keeping.flush();
    location.assign(`/compare/new/?operation=${encodeURIComponent(desk.operation.id)}`);
  },
  import: openImport,
  turn: openTurning,
  "export-curl": () => saveAs("curl"),
  "export-har": () => saveAs("har"),
  "export-postman": () => saveAs("postman"),
  "copy-body": () => copy(desk.draft.text),
  "start-over": async () => {
    const before = desk.request;
    desk.lay(exampleOf(desk.operation));
    saving.leave();
    await keeping.forget();
    toast(t("Started over from the example"), { undo: () => desk.lay(before) });
  },
};
for (const button of page.querySelectorAll('#request-menu [data-act], .request-head > [data-act="turn"]')) {
  button.addEventListener("click", () => {
    button.closest("[popover]")?.hidePopover();
    acts[button.dataset.act]();
  });
}

let turningDialog = null;

async function openTurning() {
  const { TurningDialog } = await import("./workbench/turning_dialog.js");
  const request = () => ({ operation: desk.operation.id, dialect: desk.operation.dialect, call: desk.call, stream: desk.stream });
  turningDialog ??= new TurningDialog({ request, onTake: takeTurned });
  turningDialog.open();
}

// The request that was switched stays the draft of its own operation.
async function takeTurned(turned) {
  await keeping.flush();
  await laying.take(turned, t("Switched the dialect"));
}

let importDialog = null;

async function openImport() {
  const { ImportDialog } = await import("./workbench/import_dialog.js");
  importDialog ??= new ImportDialog({ operation: () => desk.operation?.id, onImport: (imported) => laying.take(imported, t("Imported the request")) });
  importDialog.open();
}

async function saveAs(kind) {
  const { saveRequest } = await import("./workbench/exporting.js");
  await saveRequest(kind, callToSend());
}

page.addEventListener("removed", ({ detail }) => toast(t("Deleted"), { undo: detail.undo }));
page.addEventListener("show-json", ({ detail }) => tabs.showJson(detail.at));
keysOf({ part, sending, tree, showing });
laying.openAsked();
