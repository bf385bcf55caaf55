// Small things every script of a page needs: making elements, icons, asking the server, copying, telling.

import { t } from "./texts.js";

/** An element: `element("a.link", {href: "/"}, "text", child)`. Attributes that are null or false are left out. */
export function element(selector, attributes = {}, ...children) {
  const [tag, ...classes] = selector.split(".");
  const made = document.createElement(tag || "div");
  if (classes.length) made.className = classes.join(" ");
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== null && value !== undefined && value !== false) made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

const SVG = "http://www.w3.org/2000/svg";

/** An element of a drawing, with its attributes. */
export function drawn(tag, attributes = {}, ...children) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** An icon of the sprite, as `{% icon %}` makes it in templates. */
export function icon(name, ...kinds) {
  const classes = ["icon", ...kinds.map((kind) => `icon-${kind}`)].join(" ");
  const use = drawn("use", { href: `${document.documentElement.dataset.icons}#${name}` });
  return drawn("svg", { class: classes, "aria-hidden": "true" }, use);
}

/** The token that proves a request comes from this page. */
export function csrfToken() {
  return document.querySelector('meta[name="csrf-token"]')?.content ?? "";
}

/** Ask the server; `json` is sent as the body. Never throws for a refusal: look at `response.ok`. */
export function ask(url, { method = "GET", json, signal } = {}) {
  const headers = { Accept: "application/json", "X-CSRFToken": csrfToken() };
  if (json !== undefined) headers["Content-Type"] = "application/json";
  const body = json === undefined ? undefined : JSON.stringify(json);
  return fetch(url, { method, headers, body, signal, credentials: "same-origin" });
}

/** Remember a choice on this device for a year. */
export function remember(name, value) {
  document.cookie = `${name}=${encodeURIComponent(value)}; path=/; max-age=31536000; SameSite=Lax`;
}

const TOAST_MS = 5000;

/** Say what happened to which thing, with a way back: `toast("Draft deleted", {undo: restore})`. */
export function toast(sentence, { detail, undo, bad = false } = {}) {
  const card = element("div.toast-card", {}, icon(bad ? "circle-alert" : "circle-check"));
  card.classList.toggle("is-bad", bad);
  card.append(element("span", {}, element("strong", {}, sentence), detail && element("small", {}, detail)));
  if (undo) card.append(element("button", { type: "button", onclick: () => (card.remove(), undo()) }, t("Undo")));
  document.getElementById("toasts")?.append(card);
  leaveLater(card);
}

/** A toast goes after five seconds, but never while it is pointed at or focused. */
export function leaveLater(card) {
  const held = () => card.matches(":hover, :focus-within");
  const leave = () => (held() ? setTimeout(leave, 1000) : card.remove());
  setTimeout(leave, TOAST_MS);
}

/** Copy a text; the button that asked shows a tick for a moment. */
export async function copy(text, button) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    toast(t("Could not copy: the browser refused"), { detail: t("Select the text and press Ctrl C"), bad: true });
    return;
  }
  const drawing = button?.querySelector("use");
  if (!drawing) return;
  const before = drawing.getAttribute("href");
  drawing.setAttribute("href", before.replace(/#.*/, "#check"));
  setTimeout(() => drawing.setAttribute("href", before), 1200);
}
