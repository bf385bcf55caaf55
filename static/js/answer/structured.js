// An answer that was asked to be JSON: a tree that folds, and whether it is what the schema wants.

import { element, icon } from "../page.js";
import { t } from "../texts.js";
import { copyButton } from "./copying.js";
import { jsonTree } from "./json_view.js";
import { missesOf } from "./schema_check.js";

const LEVELS_OPEN = 4;

/** The nodes for a text that was asked to be JSON of a form; null when it is no JSON. */
export function structuredNodes(text, { name, schema }) {
  const value = valueOf(text);
  if (value === undefined) return null;
  const found = schema === null ? null : checked(value, schema);
  const head = element("div.code-head", {}, element("span", {}, name || "json"), copyButton(() => JSON.stringify(value, null, 2)));
  const marked = new Set(found?.misses?.map(({ pointer }) => pointer));
  return [element("div.code-block", {}, head, jsonTree(value, { open: LEVELS_OPEN, marked })), ...verdict(found)];
}

/** The sentence below a text that should have been JSON and is none. */
export function noJsonNote() {
  return bar("bad", "circle-x", t("Not JSON, though the request asked for it"));
}

function valueOf(text) {
  const bare = /^```(?:json)?[^\S\n]*\n([^]*)```$/i.exec(text.trim())?.[1] ?? text;
  try {
    return JSON.parse(bare);
  } catch {
    return undefined;
  }
}

function checked(value, schema) {
  try {
    return { misses: missesOf(value, schema) };
  } catch (error) {
    return { fault: error.message.split("\n")[0] };
  }
}

function verdict(found) {
  if (!found) return [bar("ok", "circle-check", t("JSON, as the request asked"))];
  if (found.fault) return [bar("warn", "triangle-alert", t("The schema of the request could not be read: {reason}", { reason: found.fault }))];
  const { length } = found.misses;
  if (!length) return [bar("ok", "circle-check", t("Matches the schema"))];
  const words = length === 1 ? t("Does not match the schema in 1 place") : t("Does not match the schema in {n} places", { n: length });
  return [bar("bad", "circle-x", words), element("ul.structured-misses", {}, ...found.misses.map(missRow))];
}

function missRow({ pointer, message }) {
  return element("li", {}, element("span.mono", {}, pointer || t("The whole answer")), " ", element("span", {}, message));
}

function bar(kind, drawing, words) {
  return element(`p.verdict.verdict-${kind}`, {}, icon(drawing, "small"), words);
}
