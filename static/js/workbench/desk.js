// What lies on the desk: the operation, the request that is being written, and what is known of its problems.
//
// Every part of the page reads from here and changes it by `edit`; a `change` event tells the others.

import { Draft } from "../document/draft.js";
import { selected } from "../document/selecting.js";
import { laidOut, spelled } from "../document/spelling.js";
import { language } from "../texts.js";

const WORDS = language === "en" ? "en" : "zh";

/** The text of a pair in both languages that the page speaks. */
export function words(pair) {
  return pair?.[WORDS] ?? pair?.en ?? "";
}

export class Desk extends EventTarget {
  operation = null;
  table = { parameters: [], objects: {} };
  draft = new Draft("");
  path = {};
  query = [];
  headers = [];
  stream = null;
  /** What stands for the request's variables by default. */
  variables = {};
  lastGood = null;
  /** Problems by pointer, as the server names them. */
  problems = [];

  /** Lay another operation out, with its example as the request. */
  open({ operation, table, models = [] }) {
    this.operation = operation;
    this.models = models;
    this.table = table;
    this.example = exampleOf(operation);
    this.lay(this.example);
    this.dispatchEvent(new CustomEvent("open"));
  }

  /** Lay a request on the desk in place of the one that is there. */
  lay(request) {
    this.draft = new Draft(request.text, request.off);
    this.path = { ...request.path };
    this.query = request.query.map((row) => ({ ...row }));
    this.headers = request.headers.map((row) => ({ ...row }));
    this.stream = request.stream;
    this.variables = { ...request.variables };
    this.problems = [];
    this.lastGood = this.draft.broken ? null : this.draft;
    this.#changed();
  }

  /** Let model fields complete from the shelf of the chosen key. */
  stock(shelf) {
    this.shelf = shelf;
    shelf.addEventListener("change", () => this.dispatchEvent(new CustomEvent("stock")));
  }

  /** What a model field offers. */
  modelChoices(known) {
    return this.shelf?.choices(this.operation, known) ?? known;
  }

  /** What a model field says of its list. */
  get modelsNote() {
    return this.shelf?.note ?? "";
  }

  /** The model that will be called, in the body or in the path. */
  get model() {
    return this.draft.string("/model") ?? this.path.model ?? "";
  }

  /** The request as it is kept in drafts. */
  get request() {
    const { path, query, headers, stream, variables } = this;
    const request = { text: this.draft.text, off: this.draft.off, path, query, headers, stream };
    return Object.keys(variables).length ? { ...request, variables } : request;
  }

  /** The request as it is sent. */
  get call() {
    const rows = (list) => Object.fromEntries(list.filter((row) => row.sent && row.name).map((row) => [row.name, row.value]));
    const call = { path: this.path, query: rows(this.query), headers: rows(this.headers) };
    return this.hasBody ? { ...call, body_text: this.draft.text } : call;
  }

  get hasBody() {
    return Boolean(this.operation) && this.operation.content_type !== "none";
  }

  /** Whether the form may change the body: not while its text is broken. */
  get canEdit() {
    return !this.draft.broken;
  }

  /** Change the body: `edit((draft) => draft.set("/n", "2"))`. */
  edit(change) {
    if (!this.canEdit) return;
    this.draft = change(this.draft);
    this.#changed();
  }

  /** Give the body another text, broken or not; the last good one is kept for a way back. */
  write(text) {
    if (text === this.draft.text) return;
    if (!this.draft.broken) this.lastGood = this.draft;
    this.draft = this.draft.withText(text);
    this.#changed();
  }

  /** Let a broken text go for the last good one. */
  returnToGood() {
    this.draft = this.lastGood;
    this.#changed();
  }

  /** Change path values, query, headers or the stream switch. */
  amend(change) {
    change(this);
    this.#changed();
  }

  /** Keep what the server found wrong. */
  tell(problems) {
    this.problems = problems;
    this.dispatchEvent(new CustomEvent("problems"));
  }

  #changed() {
    this.dispatchEvent(new CustomEvent("change"));
  }
}

/** The example of an operation as a request: laid out, contradicting parts present but switched off with their reason. */
export function exampleOf(operation) {
  const text = operation.example ? laidOut(spelled(operation.example)) : operation.content_type === "json" ? "{}" : "";
  return {
    text,
    off: {},
    ...withoutContradictions(text, operation.drop_before_sending ?? []),
    path: { ...operation.path_values },
    query: rowsOf(operation.query),
    headers: rowsOf(operation.headers),
    stream: streamsByPath(operation) ? streamsAtFirst(operation) : null,
  };
}

function withoutContradictions(text, removals) {
  let draft = new Draft(text);
  if (draft.broken) return {};
  for (const { paths, reason } of removals) {
    for (const path of paths) {
      for (const pointer of selected(draft, path)) draft = draft.switchOff(pointer, reason);
    }
  }
  return { text: draft.text, off: draft.off };
}

/** Whether streaming is asked for by the path, not by a field of the body. */
export function streamsByPath(operation) {
  return operation.streaming !== "none" && operation.stream_by === "path";
}

// A full example has everything switched on, and so its stream; the others are as the document has them.
function streamsAtFirst(operation) {
  return operation.streaming === "sse" || operation.drop_before_sending.length > 0;
}

function rowsOf(pairs) {
  return Object.entries(pairs ?? {}).map(([name, value]) => ({ name, value: String(value), sent: true }));
}
