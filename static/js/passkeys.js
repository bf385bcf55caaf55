// Passkeys: what the browser said when none was used, told where the person is looking. The rest is done by allauth's own scripts.

import { t } from "./texts.js";

const WORDS = {
  NotAllowedError: () => t("No passkey was used. Either it was cancelled, or this device has none for this site."),
  InvalidStateError: () => t("This device or security key holds a passkey of your account already."),
  SecurityError: () => t("Browsers allow passkeys only at an https address or at http://localhost, and not at a bare number like 127.0.0.1."),
};

/** The sentence for what a browser threw. */
function sentence(error) {
  if (!window.PublicKeyCredential) return WORDS.SecurityError();
  return (WORDS[error?.name] ?? (() => t("The passkey could not be read. Try again, or take another way.")))();
}

document.addEventListener("allauth.error", (event) => {
  const place = document.querySelector("[data-passkey-problem]");
  if (!place) return;
  event.preventDefault();
  place.querySelector("p").textContent = sentence(event.detail.exception);
  place.hidden = false;
});

// Enter in the name must ask for the passkey as the button does, not send a form without one.
for (const form of document.querySelectorAll("[data-passkey-form]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    document.getElementById(form.dataset.passkeyForm)?.click();
  });
}
