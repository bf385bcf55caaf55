// Variables that a call names: `{{name}}` in its path, query, headers and texts, as playground/calls/variables.py reads them.

const MARK = /\{\{\s*([\p{L}\p{Nl}\p{No}_][\p{L}\p{N}_-]{0,39})(?::json)?\s*\}\}/gu;
const STRING = /"(?:[^"\\]|\\.)*"?/gsu; // without an end is the last one, while it is typed: to look for one from each quote would take for ever
const RESERVED = new Set(["url", "key"]);

/** The names in a call, each once, in the order they stand. */
export function namesIn({ path, query, headers, body_text: body = "" }) {
  const found = new Set();
  for (const part of [path, query, headers]) {
    for (const value of Object.values(part ?? {})) for (const text of [value].flat()) if (typeof text === "string") collect(text, found);
  }
  if (body.includes("{{")) for (const [string] of body.matchAll(STRING)) collect(string, found);
  return [...found];
}

function collect(text, found) {
  if (!text.includes("{{")) return;
  for (const [, name] of text.matchAll(MARK)) if (!RESERVED.has(name)) found.add(name);
}
