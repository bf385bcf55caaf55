// Operations as the server tells them: asked for once, then kept for the life of the page.

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
