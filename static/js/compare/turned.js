// The same request in another dialect, as the server spells it, with what could not be carried.

import { ask } from "../page.js";

const MOST_TOLD = 20;

/** The `start` in the dialect `to`, and what it left behind: `{message, left}`; null when it cannot be switched. */
export async function turnedStart(message, to) {
  const { operation, call, stream } = message;
  const address = `/operations/${encodeURIComponent(operation)}/turn/`;
  const response = await ask(address, { method: "POST", json: { to, call, stream } }).catch(() => null);
  if (!response?.ok) return null;
  const told = await response.json();
  const { stream: streams, ...turned } = told.call;
  const start = { ...message, operation: told.operation, call: turned };
  if (streams === undefined) delete start.stream;
  else start.stream = streams;
  return { message: start, left: told.left.slice(0, MOST_TOLD).map(({ pointer, why }) => `${pointer} – ${why}`) };
}
