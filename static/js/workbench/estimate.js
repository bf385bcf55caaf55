// What a request will cost, as far as that can be told before it is sent.

import { tokensOf } from "./messages/tokens.js";

const LIMITS = ["/max_completion_tokens", "/max_tokens", "/max_output_tokens", "/generationConfig/maxOutputTokens"];
// Files in the body are paid by other measures than their letters.
const FILES = /"(?:data:[^"]{100,}|[A-Za-z0-9+/=_-]{400,})"/g;
const MILLION = 1_000_000;

/** `{least, most, unit, given, limit}`: what goes in alone, and with the longest answer; null when no price is known. */
export function estimateOf(desk, price) {
  if (!price || desk.draft.broken || desk.operation.method !== "POST") return null;
  const { unit } = price;
  if (price.call !== undefined && price.input === undefined) {
    const cost = Number(price.call) * countOf(desk);
    return { least: cost, most: cost, unit, given: null, limit: null };
  }
  if (price.input === undefined) return null;
  const given = tokensOf(desk.draft.text.replace(FILES, '""'));
  const least = (given * Number(price.input)) / MILLION;
  const limit = limitOf(desk);
  const most = limit !== null && price.output !== undefined ? least + (limit * Number(price.output)) / MILLION : null;
  return { least, most, unit, given, limit };
}

function limitOf(desk) {
  const text = LIMITS.map((pointer) => desk.draft.get(pointer)).find((found) => found !== undefined);
  const limit = Number(text);
  return text !== undefined && Number.isFinite(limit) && limit > 0 ? limit : null;
}

// Pictures are paid one by one, films by the second.
function countOf(desk) {
  const text = { "openai-images": desk.draft.get("/n"), "sora-video": desk.draft.string("/seconds") ?? "4" }[desk.operation.dialect];
  const count = Number(text);
  return Number.isFinite(count) && count > 0 ? count : 1;
}
