// Buttons that copy and files that are kept.

import { copy, element, icon } from "../page.js";
import { t } from "../texts.js";

/** A small button that copies what `text()` gives when it is pressed. */
export function copyButton(text, label = t("Copy")) {
  const button = element("button.icon-button", { type: "button", "aria-label": label, title: label }, icon("copy"));
  button.addEventListener("click", () => copy(text(), button));
  return button;
}

/** A link that keeps a blob as a file. */
export function keepLink(url, name, label = t("Download")) {
  return element("a.icon-button", { href: url, download: name, "aria-label": label, title: label }, icon("download"));
}
