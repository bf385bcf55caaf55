// Which values of a dialect have an editor of their own, and what each says in its row.

import { html } from "lit";
import { count, t } from "../../texts.js";
import { conversation, loneContent } from "./cards.js";
import { dialects } from "./dialects.js";
import { writtenIn } from "./parts.js";
import { tokensOf } from "./tokens.js";

const NONE = {};
const made = new Map();

/** The editors of a dialect by the pointers of their values. */
export function editorsOf(name) {
  const dialect = dialects[name];
  if (!dialect) return NONE;
  if (!made.has(name)) made.set(name, { [dialect.list]: listEditor(dialect), ...systemEditor(name, dialect) });
  return made.get(name);
}

function listEditor(dialect) {
  return {
    summary: (form, list) => summary(form, dialect, list),
    draw: (form, list) => conversation(form, dialect, list),
  };
}

// What stands above the conversation, where it is no message of it.
function systemEditor(name, dialect) {
  const draw = (content) => ({ summary: () => "", draw: (form, pointer) => loneContent(form, dialect, pointer, content) });
  if (name === "anthropic-messages") return { "/system": draw("") };
  if (name === "gemini") return { "/systemInstruction": draw("/parts") };
  return {};
}

function summary(form, dialect, list) {
  if (form.draft.typeOf(list) !== "array") return estimate(tokensOf(form.draft.string(list) ?? ""));
  const sent = form.draft.items(list).filter((token) => !token.startsWith("off:"));
  const written = sent.map((token) => writtenIn(form, dialect, `${list}/${token}/${dialect.content}`) ?? "");
  const messages = sent.length === 1 ? t("1 message") : t("{n} messages", { n: count(sent.length) });
  return html`${messages} · ${estimate(tokensOf(written.join("\n")))}`;
}

/** A number of tokens that is only a guess. */
export function estimate(tokens) {
  return html`<span class="figure" title=${t("Estimated from the text")}>≈ ${count(tokens)} tok</span>`;
}
