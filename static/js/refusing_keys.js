// Search boxes put their words into addresses, and addresses are kept: a key that is pasted there is not sent.

import { element } from "./page.js";
import { carryKey, holdsSecret, keyIn } from "./pasted_key.js";
import { t } from "./texts.js";

const boxes = 'input[type="search"], input[name="tag"]';

function secretIn(form) {
  return [...(form?.querySelectorAll(boxes) ?? [])].find((box) => holdsSecret(box.value));
}

/** Say it below the form, once, while the key stands there. */
function tell(form, box) {
  const said = form.parentElement.querySelector(":scope > .pasted-note");
  if (!box) return said?.remove();
  if (said) return;
  const key = keyIn(box.value);
  form.after(
    element(
      "p.pasted-note", { role: "alert" },
      element("span", {}, t("This looks like a key. It was not sent: search words stand in addresses and logs.")),
      key && element("button.btn.btn-sm", { type: "button", onclick: () => carryKey(key) }, t("Add this key")),
    ),
  );
}

/** Keep keys in the search boxes of this page from being sent. */
export function refuseKeys() {
  document.addEventListener("input", ({ target }) => {
    if (target.form && target.matches(boxes)) tell(target.form, secretIn(target.form));
  });
  document.addEventListener("htmx:configRequest", (event) => {
    if (secretIn(event.detail.elt.closest("form"))) event.preventDefault();
  });
  const submitted = (event) => {
    const box = event.target.method === "get" && secretIn(event.target);
    if (!box) return;
    event.preventDefault();
    event.stopPropagation();
    tell(event.target, box);
  };
  document.addEventListener("submit", submitted, { capture: true });
}
