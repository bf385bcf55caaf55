// The head of a column: which model, by which key; letters in place of names while a vote is blind.

import { element, icon } from "../page.js";
import { t } from "../texts.js";
import { brandOf } from "../workbench/makers.js";

/** The letter that stands for a column while names are hidden. */
export function letterOf(position) {
  return String.fromCharCode(65 + position);
}

/**
 * The head of `column`. `context`: `keys`, `mayEdit`, `models` (the id of a list), `isHidden`, `position`, `isBase`, `view`,
 * and what happens: `onModel(name)`, `onKey(id)`, `onRemove()`, `onRun()`, `onBase()`.
 */
export function columnHead(column, context) {
  const node = element("header.column-head", { "data-column": column.id });
  node.append(context.isHidden ? hiddenName(context) : shownName(column, context));
  if (!context.isHidden) node.append(facts(column, context));
  return node;
}

function hiddenName({ position }) {
  const letter = letterOf(position);
  return element("div.column-name", {}, element("span.maker-letter", { "aria-hidden": "true" }, letter), element("strong", {}, t("Answer {letter}", { letter })));
}

function shownName(column, context) {
  const brand = brandOf(column.model);
  const mark = element("span.column-mark", {}, brand ? icon(brand) : element("i.maker-letter", { "aria-hidden": "true" }, (column.model[0] ?? "?").toUpperCase()));
  const name = context.mayEdit
    ? element("input.column-model", {
        type: "text", value: column.model, list: context.models, spellcheck: "false", autocomplete: "off", maxlength: 200,
        placeholder: t("Model"), "aria-label": t("Model of column {n}", { n: context.position + 1 }), onchange: (event) => context.onModel(event.target.value.trim()),
      })
    : element("strong.column-model", {}, column.model || t("Model"));
  return element("div.column-name", {}, mark, name, ...tools(column, context));
}

function tools(column, context) {
  const made = [];
  if (context.view === "differences") {
    made.push(element("button.btn.btn-ghost.btn-sm", { type: "button", "aria-pressed": context.isBase, onclick: context.onBase }, context.isBase ? t("Reference") : t("Make reference")));
  }
  if (!context.mayEdit) return made;
  made.push(
    element("button.icon-button", { type: "button", title: t("Run this column"), "aria-label": t("Run this column"), onclick: context.onRun }, icon("play", "small")),
    element("button.icon-button", { type: "button", title: t("Remove this column"), "aria-label": t("Remove this column"), onclick: context.onRemove, disabled: context.isOnly }, icon("x", "small")),
  );
  return made;
}

const DIALECTS = { "openai-chat": "chat", "openai-responses": "responses", "anthropic-messages": "messages", gemini: "v1beta" };

/** In which dialect the column asks; a request of one of four may be switched to the others. */
function dialectSelect(column, { dialectOf, onDialect }) {
  const chosen = column.dialect || dialectOf;
  const options = Object.entries(DIALECTS).map(([value, name]) => element("option", { value, selected: value === chosen }, name));
  return element("select.column-key", { "aria-label": t("Dialect of this column"), onchange: (event) => onDialect(event.target.value) }, ...options);
}

function facts(column, context) {
  const { keys, mayEdit, dialect, onKey, isTurned, dialectOf } = context;
  const key = mayEdit ? keySelect(column, keys, onKey) : element("span", {}, keys.find(({ id }) => id === column.key)?.name ?? t("Default key"));
  const own = column.call && element("span.badge.badge-outline", { title: t("This column asks with the request of the run that was picked.") }, t("own request"));
  const named = isTurned ? DIALECTS[column.dialect] : dialect;
  const spoken = mayEdit && !column.call && dialectOf in DIALECTS ? dialectSelect(column, context) : named && element("span", {}, named);
  const left = isTurned && column.left?.length > 0 && element("span.badge.badge-warn", { title: column.left.join("\n") }, t("{n} left out", { n: column.left.length }));
  return element("div.column-facts", {}, spoken, key, own, left);
}

function keySelect(column, keys, onKey) {
  const known = keys.some(({ id }) => id === column.key);
  const options = keys.map((key) => element("option", { value: key.id, selected: key.id === column.key }, `${key.name} ${key.mask}`));
  return element("select.column-key", { "aria-label": t("Key of this column"), onchange: (event) => onKey(event.target.value) }, element("option", { value: "", selected: !known }, t("Default key")), ...options);
}
