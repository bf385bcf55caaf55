// The sign-in pages: a password can be looked at while it is typed, and passkeys are told about.

import "./passkeys.js";
import { element, icon } from "./page.js";
import { t } from "./texts.js";

/** Puts an eye at the end of a password field. */
function addEye(field) {
  const eye = element("button.password-eye", { type: "button", "aria-label": t("Show password"), "aria-pressed": "false" });
  eye.append(icon("eye"));
  eye.addEventListener("click", () => show(field, eye, field.type === "password"));
  // A field that is sent must be a password again, or browsers offer to remember it as text.
  field.form?.addEventListener("submit", () => show(field, eye, false));
  const row = element("div.password-row");
  field.replaceWith(row);
  row.append(field, eye);
}

function show(field, eye, seen) {
  field.type = seen ? "text" : "password";
  eye.setAttribute("aria-pressed", String(seen));
  eye.replaceChildren(icon(seen ? "eye-off" : "eye"));
}

for (const field of document.querySelectorAll('input[type="password"]')) {
  const focused = document.activeElement === field;
  addEye(field);
  if (focused) field.focus();
}
