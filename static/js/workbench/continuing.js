// Going on: the model's answer, or its tool call, joins the conversation, and what is to be said next is ready to be written.

import { spelled } from "../document/spelling.js";

const WAYS = {
  "openai-chat": {
    list: "/messages",
    turn: (text) => [{ role: "assistant", content: text }, { role: "user", content: "" }],
    items: ({ id, name, arguments: text }) => [
      { role: "assistant", content: null, tool_calls: [{ id, type: "function", function: { name, arguments: text } }] },
      { role: "tool", tool_call_id: id, content: "" },
    ],
  },
  "openai-responses": {
    list: "/input",
    turn: (text) => [{ role: "assistant", content: text }, { role: "user", content: "" }],
    items: ({ id, name, arguments: text }) => [
      { type: "function_call", call_id: id, name, arguments: text },
      { type: "function_call_output", call_id: id, output: "" },
    ],
  },
  "anthropic-messages": {
    list: "/messages",
    turn: (text) => [{ role: "assistant", content: text }, { role: "user", content: "" }],
    items: ({ id, name, arguments: text }) => [
      { role: "assistant", content: [{ type: "tool_use", id, name, input: parsed(text) }] },
      { role: "user", content: [{ type: "tool_result", tool_use_id: id, content: "" }] },
    ],
  },
  gemini: {
    list: "/contents",
    turn: (text) => [{ role: "model", parts: [{ text }] }, { role: "user", parts: [{ text: "" }] }],
    items: ({ name, arguments: text }) => [
      { role: "model", parts: [{ functionCall: { name, args: parsed(text) } }] },
      { role: "user", parts: [{ functionResponse: { name, response: { result: "" } } }] },
    ],
  },
};

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

/** Whether what lies on the desk is a conversation. */
export function canContinue(desk) {
  return desk.operation?.dialect in WAYS && desk.canEdit;
}

/** Add an answer, or a call and its empty result, to the request on the desk; the pointer of what is to be written, or null. */
export function continueWith(desk, said) {
  const way = WAYS[desk.operation.dialect];
  if (!canContinue(desk)) return null;
  desk.edit((draft) => {
    let next = draft;
    if (next.typeOf(way.list) === "string") next = next.set(way.list, `[{"role": "user", "content": ${next.get(way.list)}}]`);
    if (next.typeOf(way.list) !== "array") next = next.set(way.list, "[]");
    for (const item of said.text === undefined ? way.items(said) : way.turn(said.text)) next = next.insert(way.list, next.length(way.list), spelled(item));
    return next;
  });
  return `${way.list}/${desk.draft.length(way.list) - 1}`;
}
