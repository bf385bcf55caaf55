// "Fill in the result and continue": the model's tool call and an empty result join the conversation, ready to be written.

import { spelled } from "../document/spelling.js";

const WAYS = {
  "openai-chat": {
    list: "/messages",
    items: ({ id, name, arguments: text }) => [
      { role: "assistant", content: null, tool_calls: [{ id, type: "function", function: { name, arguments: text } }] },
      { role: "tool", tool_call_id: id, content: "" },
    ],
  },
  "openai-responses": {
    list: "/input",
    items: ({ id, name, arguments: text }) => [
      { type: "function_call", call_id: id, name, arguments: text },
      { type: "function_call_output", call_id: id, output: "" },
    ],
  },
  "anthropic-messages": {
    list: "/messages",
    items: ({ id, name, arguments: text }) => [
      { role: "assistant", content: [{ type: "tool_use", id, name, input: parsed(text) }] },
      { role: "user", content: [{ type: "tool_result", tool_use_id: id, content: "" }] },
    ],
  },
  gemini: {
    list: "/contents",
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

/** Add a call and its empty result to the request on the desk; the pointer of the result, or null where that cannot be. */
export function continueWith(desk, call) {
  const way = WAYS[desk.operation.dialect];
  if (!way || !desk.canEdit) return null;
  desk.edit((draft) => {
    let next = draft;
    if (next.typeOf(way.list) === "string") next = next.set(way.list, `[{"role": "user", "content": ${next.get(way.list)}}]`);
    if (next.typeOf(way.list) !== "array") next = next.set(way.list, "[]");
    for (const item of way.items(call)) next = next.insert(way.list, next.length(way.list), spelled(item));
    return next;
  });
  return `${way.list}/${desk.draft.length(way.list) - 1}`;
}
