// The row that asks for a stream where the path does it, not a field of the body.

import { html } from "lit";
import { live } from "lit/directives/live.js";
import { t } from "../../texts.js";

/** A switch like that of a parameter; the address above the form changes with it. */
export function streamRow(desk) {
  const wanted = Boolean(desk.stream);
  const always = desk.operation.streaming === "sse";
  const choose = (event) => desk.amend((each) => (each.stream = event.target.checked));
  return html`<div class="param" data-pointer="stream">
    <div class="param-line">
      <input class="toggle" type="checkbox" role="switch" aria-label=${t("Stream the answer")} .checked=${live(wanted)} ?disabled=${always} @change=${choose} />
      <div class="param-about">
        <div class="param-head"><span class="param-name">stream</span><span class="param-type">${t("by the path")}</span></div>
        <p class="param-meaning">${t("Answer as server-sent events, by :streamGenerateContent?alt=sse")}</p>
      </div>
      <span></span><span class="param-reset"></span>
    </div>
  </div>`;
}
