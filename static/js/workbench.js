// The workbench: wires catalogue, request and answer together. Each part lives in a file of its own below workbench/.

import "./answer/answer.js";
import { ask, copy, toast } from "./page.js";
import { t } from "./texts.js";
import { Tabs } from "./answer/tabs.js";
import { Checking } from "./workbench/checking.js";
import { drawConflict } from "./workbench/conflict.js";
import { CodeTab } from "./workbench/code_tab.js";
import { canContinue, continueWith } from "./workbench/continuing.js";
import { Desk, exampleOf } from "./workbench/desk.js";
import { bodyFields } from "./workbench/form/fields.js";
import { drawDocs } from "./workbench/docs_tab.js";
import { Foot } from "./workbench/foot.js";
import { Head } from "./workbench/head.js";
import { HeadersTab } from "./workbench/headers_tab.js";
import { JsonTab } from "./workbench/json_tab.js";
import { Keeping } from "./workbench/keeping.js";
import { spelled } from "./document/spelling.js";
import { deedIn, operationOf } from "./workbench/opening.js";
import { resizable } from "./workbench/panes.js";
import { facts, Saving } from "./workbench/saving.js";
import { Sending } from "./workbench/sending.js";
import { Shelf } from "./workbench/shelf.js";
import { Showing } from "./workbench/showing.js";
import { Tree } from "./workbench/tree.js";
import { keysOf } from "./workbench/shortcuts.js";
import { Variables } from "./workbench/variables.js";
import { showField } from "./workbench/finding.js";
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
const foot = new Foot(page.querySelector(".request-foot"), desk, { onProblems: () => showProblem() });
const keeping = new Keeping(desk, { owner, onState: (state) => (foot.kept(state), drawConflict(part("conflict"), keeping, desk)) });
const showing = new Showing(page);
const saving = new Saving(desk, { place: part("saved"), news: part("saved-news"), owner, onCurrent: () => variables.draw() });
const variables = new Variables(part("variables"), desk, { isSaved: () => Boolean(saving.current), show: () => showing.show("request") });
const tree = new Tree(page.querySelector(".catalogue"), { owner, onChoose: (id) => choose(id) });
const answerElement = page.querySelector("run-answer");
const headersTab = new HeadersTab(part("headers"), desk, { added: () => addedHeaders() });
const codeTab = new CodeTab(part("code"), desk, { call: callToSend });
const jsonTab = new JsonTab(part("json"), desk, { nonce });
const tabs = new Tabs(part("tabs"), (name) => shown(name));
new Checking(desk);
resizable(page);

const form = document.createElement("param-form");
form.desk = desk;

const sending = new Sending({
  answerElement,
  buttons: mayRun === "yes" ? [part("send"), part("foot-send")] : [],
  call: startToSend,
  onStart: started,
});

// --- opening ----------------------------------------------------------------------------------------------------------

/** Lay an operation out with its draft; `request` stands in for that, as when a stored run is opened. */
async function open(id, { request = null, isNew = false } = {}) {
  const found = await operationOf(id);
  if (!found) return toast(t("This operation could not be fetched"), { detail: t("Check the connection and choose it again"), bad: true });
  keeping.pause();
  desk.open(found);
  tree.choose(id);
  part("form").replaceChildren(form);
  drawStar();
  offerTabs();
  await keeping.restore({ isNone: isNew });
  if (request) desk.lay(request);
}

async function choose(id) {
  showing.closeDrawer();
  showing.show("request");
  if (id === desk.operation?.id) return;
  history.pushState({}, "", `?operation=${encodeURIComponent(id)}`);
  answerElement.answer.clear();
  await open(id);
  showLastRun(id);
}

async function openRun(run) {
  const response = await fetch(`/runs/${encodeURIComponent(run)}/request.json`, { headers: { Accept: "application/json" } });
  if (!response.ok) return toast(t("This run could not be opened"), { bad: true });
  const { operation, call } = await response.json();
  await open(operation, { request: requestOfCall(call) });
  answerElement.answer.watch(run);
  const deed = deedIn(location.search);
  if (deed) doAsked(deed);
}

/** What a button on a run's page asked for. Trying again waits for a press of Send: an address alone must cost nothing. */
function doAsked({ action, field, run }) {
  if (action === "save") return saving.open();
  if (action === "retry" || action === "wait") {
    sending.retryOf = run;
    part("send").focus();
    return toast(t("Press Send to try it again"));
  }
  remedy(action, field);
}

/** Open a saved request; what was being written of its operation can be brought back. */
async function openSaved(id, version) {
  const asked = version ? `?version=${encodeURIComponent(version)}` : "";
  const response = await ask(`/saved/${encodeURIComponent(id)}/call.json${asked}`).catch(() => null);
  if (!response?.ok) {
    toast(t("This saved request could not be opened"), { detail: t("It may be gone, or no longer shared with you"), bad: true });
    return open(page.dataset.operation);
  }
  const told = await response.json();
  await layOver(told.operation, () => JSON.parse(told.call), t("Opened {name}", { name: told.name }));
  saving.took({ ...facts(told), right: told.right });
}

/** Open the request behind a link to a run, to be sent with a key of one's own. */
async function openShared(token) {
  const response = await ask(`/shared/${encodeURIComponent(token)}/call.json`).catch(() => null);
  if (!response?.ok) {
    toast(t("This link opens nothing"), { bad: true });
    return open(page.dataset.operation);
  }
  const { operation, call } = await response.json();
  await layOver(operation, () => requestOfCall(call), t("Filled in from the shared run"));
  saving.leave();
}

async function layOver(operation, request, words) {
  await open(operation);
  if (desk.operation?.id !== operation) return;
  const before = desk.request;
  desk.lay(request());
  history.replaceState({}, "", `?operation=${encodeURIComponent(operation)}`);
  toast(words, { undo: () => desk.lay(before) });
}

/** Open an operation with its example and these values in it, as a button under a picture asks for. */
async function openFilled(operation, values) {
  await open(operation);
  if (desk.operation?.id !== operation) return;
  const before = desk.request;
  desk.lay(exampleOf(desk.operation));
  desk.edit((draft) => Object.entries(values).reduce((next, [name, value]) => next.set(`/${name}`, spelled(value)), draft));
  tabs.choose("form");
  toast(t("Filled in from the task"), { undo: () => desk.lay(before) });
}

/** Open an operation with its example and a model in it, sent with the key that has it. */
async function openWithModel(operation, model, key) {
  head.choose(key);
  shelf.open(head.keyToSend);
  await open(operation);
  if (desk.operation?.id !== operation) return;
  const before = desk.request;
  desk.lay(exampleOf(desk.operation));
  if (desk.operation.path.includes("{model}")) desk.amend((it) => (it.path = { ...it.path, model }));
  else desk.edit((draft) => draft.set("/model", spelled(model)));
  history.replaceState({}, "", `?operation=${encodeURIComponent(operation)}`);
  toast(t("Filled in {model}", { model }), { undo: () => desk.lay(before) });
}

let turningDialog = null;

async function openTurning() {
  const { TurningDialog } = await import("./workbench/turning_dialog.js");
  const request = () => ({ operation: desk.operation.id, dialect: desk.operation.dialect, call: desk.call, stream: desk.stream });
  turningDialog ??= new TurningDialog({ request, onTake: takeTurned });
  turningDialog.open();
}

// The request that was switched stays the draft of its own operation.
async function takeTurned({ operation, call }) {
  await keeping.flush();
  showing.show("request");
  await choose(operation);
  if (desk.operation?.id !== operation) return;
  const before = desk.request;
  desk.lay(requestOfCall(call));
  tabs.choose("form");
  toast(t("Switched the dialect"), { undo: () => desk.lay(before) });
}

function requestOfCall(call) {
  const rows = (pairs) => Object.entries(pairs ?? {}).flatMap(([name, value]) => [value].flat().map((one) => ({ name, value: String(one), sent: true })));
  const { stream } = desk;
  const text = call.body_text ?? (call.body === undefined || call.body === null ? "" : JSON.stringify(call.body, null, 2));
  return { text, off: {}, path: call.path ?? {}, query: rows(call.query), headers: rows(call.headers), stream: call.stream ?? stream };
}

// A page that is loaded again goes on showing the run it showed.
function showLastRun(id) {
  const run = sessionStorage.getItem(`run:${id}`);
  if (run) answerElement.answer.watch(run);
}

let importDialog = null;

async function openImport() {
  const { ImportDialog } = await import("./workbench/import_dialog.js");
  importDialog ??= new ImportDialog({ operation: () => desk.operation?.id, onImport: takeImported });
  importDialog.open();
}

async function saveAs(kind) {
  const { saveRequest } = await import("./workbench/exporting.js");
  await saveRequest(kind, callToSend());
}

async function takeImported({ operation, call }) {
  showing.show("request");
  if (operation !== desk.operation?.id) await choose(operation);
  const before = desk.request;
  desk.lay(requestOfCall(call));
  tabs.choose("form");
  toast(t("Imported the request"), { undo: () => desk.lay(before) });
}

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

answerElement.addEventListener("answer:refused", ({ detail: { field, message } }) => {
  if (!field) return;
  if (field.startsWith("variables.")) return variables.refuse(field.slice("variables.".length), message);
  if (/^(?:path|query|headers)\./.test(field)) {
    headersTab.refuse(field, message);
    tabs.choose("headers");
  } else desk.tell([...desk.problems, { pointer: pointerOfField(field), message, level: "error" }]);
});

answerElement.addEventListener("answer:remedy", ({ detail: { action, problem } }) => {
  if (action === "retry" || action === "wait") {
    showing.show("response");
    return sending.send({ retryOf: answerElement.answer.run });
  }
  remedy(action, problem?.remedies?.find((each) => each.action === "edit_field")?.field);
});

function remedy(action, field) {
  const ways = {
    choose_key: () => head.focusKey(),
    choose_model: () => go("model"),
    edit_field: () => go(field),
    check_gateway: () => location.assign("/gateways/"),
    contact_admin: () => location.assign("/team/"),
  };
  showing.show("request");
  ways[action]?.();
}

answerElement.addEventListener("answer:task-action", async ({ detail: { operation, values } }) => {
  history.pushState({}, "", `?operation=${encodeURIComponent(operation)}`);
  showing.show("request");
  await openFilled(operation, values);
});

answerElement.addEventListener("answer:end", () => canContinue(desk) && answerElement.answer.offerNext());
answerElement.addEventListener("answer:continue", ({ detail }) => {
  const pointer = continueWith(desk, detail);
  if (pointer === null) return;
  showing.show("request");
  tabs.choose("form");
  showField(form, pointer);
});

function go(field) {
  tabs.choose("form");
  if (field) showField(form, pointerOfField(field));
}

// Servers name fields as people write them: `messages[0].content`.
function pointerOfField(field) {
  const path = field.replace(/^body\.?/, "").replace(/\[(\d+)\]/g, ".$1");
  return path ? `/${path.replaceAll(".", "/")}` : "";
}

function showProblem() {
  const [first] = desk.problems;
  if (desk.draft.broken) return showJson(desk.draft.broken.at);
  if (!first) return tabs.choose("headers");
  tabs.choose("form");
  showField(form, first.pointer);
}

// --- tabs, menu, keys -------------------------------------------------------------------------------------------------

// A guide or a data model is for reading; a call without body has no JSON.
function offerTabs() {
  const isCall = desk.operation.kind === "operation";
  const offered = { form: isCall, json: isCall && desk.hasBody, headers: isCall, code: isCall, docs: true };
  for (const tab of tabs.tabs) tab.hidden = !offered[tab.dataset.tab];
  tabs.choose(offered[tabs.chosen] && (tabs.chosen !== "docs" || !isCall) ? tabs.chosen : isCall ? "form" : "docs");
}

function shown(name) {
  if (!desk.operation) return;
  drawCounts();
  if (name === "json") jsonTab.show();
  if (name === "headers") headersTab.draw();
  if (name === "code") codeTab.show();
  if (name === "docs") drawDocs(part("docs"), desk);
}

function showJson(at) {
  tabs.choose("json");
  jsonTab.show(at);
}

function drawCounts() {
  const rows = desk.headers.filter((row) => row.sent && row.name).length;
  part("parameter-count").textContent = bodyFields(desk.table).length || "";
  part("header-count").textContent = rows || "";
  const state = part("json-state");
  state.hidden = !desk.hasBody || (tabs.chosen !== "json" && !desk.draft.broken);
  state.classList.toggle("is-bad", Boolean(desk.draft.broken));
  state.textContent = desk.draft.broken ? t("broken") : t("valid");
}

// Four dialects say the same things; of all others there is only one.
function offerTurning() {
  const has = ["openai-chat", "openai-responses", "anthropic-messages", "gemini"].includes(desk.operation.dialect) && desk.operation.kind === "operation";
  for (const button of page.querySelectorAll('.request [data-act="turn"]')) button.hidden = !has;
}
desk.addEventListener("open", offerTurning);

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

page.addEventListener("removed", ({ detail }) => toast(t("Deleted"), { undo: detail.undo }));
page.addEventListener("show-json", ({ detail }) => showJson(detail.at));
for (const event of ["open", "change"]) desk.addEventListener(event, drawCounts);
keysOf({ part, sending, tree, showing });

addEventListener("popstate", () => {
  const id = new URLSearchParams(location.search).get("operation");
  if (id && id !== desk.operation?.id) open(id).then(() => (answerElement.answer.clear(), showLastRun(id)));
});

/** Values of an address; what is no object of texts fills in nothing. */
function filledIn(text) {
  try {
    return Object.fromEntries(Object.entries(JSON.parse(text) ?? {}).filter(([, value]) => typeof value === "string"));
  } catch {
    return {};
  }
}

// --- the first operation ----------------------------------------------------------------------------------------------

const asked = new URLSearchParams(location.search);
if (asked.get("run")) openRun(asked.get("run"));
else if (asked.get("saved")) openSaved(asked.get("saved"), asked.get("version"));
else if (asked.get("shared")) openShared(asked.get("shared"));
else if (asked.get("model")) openWithModel(page.dataset.operation, asked.get("model"), asked.get("key"));
else if (asked.get("fill")) openFilled(page.dataset.operation, filledIn(asked.get("fill")));
else open(page.dataset.operation, { isNew: page.dataset.hasDraft === "no" }).then(() => showLastRun(page.dataset.operation));
