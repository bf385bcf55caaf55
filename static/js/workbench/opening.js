// Operations as the server tells them: asked for once, then kept for the life of the page; and what an address asks to be done.

import { ask } from "../page.js";

const told = new Map();

/** `{operation, table}` of an operation; null when there is none or the server does not answer. */
export async function operationOf(id) {
  if (!told.has(id)) told.set(id, asked(id));
  const found = await told.get(id);
  if (!found) told.delete(id);
  return found;
}

async function asked(id) {
  try {
    const response = await ask(`/operations/${encodeURIComponent(id)}.json`);
    return response.ok ? await response.json() : null;
  } catch {
    return null;
  }
}

/** What `/?run=…&do=…&field=…` asks for once the run's request lies on the desk; null when it asks for nothing. */
export function deedIn(search) {
  const asked = new URLSearchParams(search);
  const action = asked.get("do");
  return asked.get("run") && action ? { action, field: asked.get("field") ?? "", run: asked.get("run") } : null;
}
