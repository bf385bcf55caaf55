// Bring a field of the form into sight and put the cursor into it.

import { holderOf } from "../document/pointer.js";

/** Show the row nearest to a pointer: itself, or what holds it. */
export async function showField(form, pointer) {
  await form.updateComplete;
  for (let place = pointer; place; place = holderOf(place).holder) {
    const row = form.querySelector(`[data-pointer="${CSS.escape(place)}"]`);
    if (!row) continue;
    row.scrollIntoView({ block: "center" });
    const control = row.querySelector(".param-control, .param-wide") ?? row;
    const written = row.querySelector("textarea") ?? control.querySelector("input:not(.toggle), button, select");
    written?.focus({ preventScroll: true });
    return;
  }
}
