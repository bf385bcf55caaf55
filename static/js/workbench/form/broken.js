// What stands above the form while the text is no JSON: where it is broken, and two ways on.

import { html, nothing } from "lit";
import { placeOf } from "../../document/syntax.js";
import { t } from "../../texts.js";
import { icon } from "../icons.js";

const SENTENCES = {
  trailing: t("Something stands after the end of the JSON"),
  key_expected: t("A key in double quotes should stand here; the last member has no comma after it"),
  value_expected: t("A value should stand here"),
  bad_number: t("This is no number JSON knows"),
  string_open: t("A text is not closed"),
  control_character: t("A text holds a line break or control character; write it as \\n or \\u0000"),
  bad_escape: t("JSON knows no such escape"),
  too_deep: t("Nested deeper than 200 levels"),
  unfinished: t("The JSON ends too early"),
  expected_colon: t("A colon should stand here"),
  expected_comma_or_brace: t("A comma or } should stand here"),
  expected_comma_or_bracket: t("A comma or ] should stand here"),
};

/** What is wrong with a broken text, in a sentence. */
export function sentenceOf(broken) {
  return SENTENCES[broken.code] ?? SENTENCES.value_expected;
}

/** The notice over the form while the text is broken; nothing else. */
export function brokenNotice(desk) {
  const { broken, text } = desk.draft;
  if (!broken) return nothing;
  const { line, column } = placeOf(text, broken.at);
  const show = (event) => event.target.dispatchEvent(new CustomEvent("show-json", { bubbles: true, detail: { at: broken.at } }));
  return html`<div class="form-notice" role="alert">
    ${icon("triangle-alert")}
    <p>
      <b>${t("The JSON is broken in line {line}, column {column}", { line, column })}</b>
      <span>${sentenceOf(broken)}</span>
    </p>
    <button class="btn btn-sm" type="button" @click=${show}>${t("Mend it in JSON")}</button>
    ${desk.lastGood ? html`<button class="btn btn-ghost btn-sm" type="button" @click=${() => desk.returnToGood()}>${t("Back to the last good text")}</button>` : nothing}
  </div>`;
}
