// What is asked: the request's last words of a person, the model it goes to, the message that starts it.

import { Draft } from "../document/draft.js";
import { spelled } from "../document/spelling.js";
import { filled } from "./filling.js";

/** The pointer of the last text a person says in a body; null where there is none. */
export function saidAt(draft) {
  for (const list of ["/messages", "/contents", "/input"]) {
    const at = draft.typeOf(list) === "array" ? lastSaid(draft, list) : null;
    if (at) return at;
  }
  return ["/input", "/prompt", "/query", "/text"].find((pointer) => draft.typeOf(pointer) === "string") ?? null;
}

function lastSaid(draft, list) {
  for (let index = draft.length(list) - 1; index >= 0; index--) {
    const message = `${list}/${index}`;
    if (draft.typeOf(message) === "string") return message;
    if ((draft.string(`${message}/role`) ?? "user") !== "user") continue;
    for (const name of ["content", "parts"]) {
      const at = lastText(draft, `${message}/${name}`);
      if (at) return at;
    }
  }
  return null;
}

function lastText(draft, pointer) {
  if (draft.typeOf(pointer) === "string") return pointer;
  for (let index = draft.length(pointer) - 1; index >= 0; index--) {
    const text = `${pointer}/${index}/text`;
    if (draft.typeOf(text) === "string" && draft.sends(text)) return text;
  }
  return null;
}

/** What a person says last in a request. */
export function saidIn(request) {
  const draft = new Draft(request.text ?? "", request.off ?? {});
  const at = draft.broken ? null : saidAt(draft);
  return at ? draft.string(at) : null;
}

/** The request with other last words. */
export function saying(request, words) {
  const draft = new Draft(request.text ?? "", request.off ?? {});
  const at = draft.broken ? null : saidAt(draft);
  return at ? laid(request, draft.set(at, spelled(words))) : request;
}

/** The request for another model; where it stands in the address, it is changed there. */
export function askingModel(request, model) {
  if (!model) return request;
  if (request.path && "model" in request.path) return { ...request, path: { ...request.path, model } };
  const draft = new Draft(request.text ?? "", request.off ?? {});
  return draft.broken || draft.tree.root?.type !== "object" ? request : laid(request, draft.set("/model", spelled(model)));
}

function laid(request, draft) {
  return { ...request, text: draft.text, off: draft.off };
}

/** The socket's `start` for one answer: the request at this model, with these values, by this key. */
export function startOf({ run, operation, request, model, values, key }) {
  const asked = filled(askingModel(request, model), values);
  const rows = (list) => Object.fromEntries((list ?? []).filter((row) => row.sent && row.name).map((row) => [row.name, row.value]));
  const call = { path: asked.path ?? {}, query: rows(asked.query), headers: rows(asked.headers) };
  if (asked.text) call.body_text = asked.text;
  const stream = typeof asked.stream === "boolean" ? { stream: asked.stream } : {};
  return { run, operation, key: key || null, call, variables: values, ...stream };
}
