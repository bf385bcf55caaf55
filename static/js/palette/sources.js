// Where the entries of the palette come from: the page itself, the catalogue, the server.

import { ask } from "../page.js";
import { language, t } from "../texts.js";
import { carryKey } from "../pasted_key.js";
import { matched } from "./matching.js";

const words = language === "en" ? "en" : "zh";
const SHOWN_AMONG_OTHERS = 7;
const SHOWN_ALONE = 60;
// Guides and data models are looked for more rarely than calls.
const LESS_FOR_READING = 60;

/** What can be done at once: every button of the frame and the workbench by its own name, and the pages of the rail. */
function actions() {
  return [...deeds(), ...pages()];
}

function pages() {
  const links = [...document.querySelectorAll(".rail-link"), ...document.querySelectorAll("#person-menu a[href]")];
  const rail = links.map((link) => ({
    kind: "actions", title: t("Go to {page}", { page: link.textContent.trim() }), texts: [link.getAttribute("href")], icon: iconOf(link), url: link.href,
  }));
  const more = [
    ["/compare/", t("Compare"), "columns-3"], ["/checks/", t("Checks"), "list-checks"], ["/usage/", t("Usage"), "chart-column"],
    ["/links/", t("My links"), "link"], ["/gateways/", t("Gateways"), "server"], ["/notices/", t("Notices"), "bell"],
  ];
  const known = new Set(links.map((link) => link.getAttribute("href")));
  const others = more.filter(([url]) => !known.has(url)).map(([url, page, icon]) => ({ kind: "actions", title: t("Go to {page}", { page }), texts: [url], icon, url }));
  return [...rail, ...others];
}

function deeds() {
  const made = [
    { title: t("New request"), texts: ["new"], icon: "plus", url: "/" },
    { title: t("New key"), texts: ["add key"], icon: "key-round", url: "/keys/new/" },
    pressing("[data-theme-toggle]", t("Switch between light and dark"), "sun-moon", ["theme"]),
    pressing('form[action$="/language/"] button', null, "languages", ["language", "语言"]),
    pressing('form[action*="logout"] button', t("Sign out"), "log-out", ["log out"]),
    ...[...document.querySelectorAll("#team-menu button:not([aria-current])")].map((button) => ({
      title: t("Work in {team}", { team: button.textContent.trim().split("\n").at(-1).trim() }), texts: ["team"], icon: "users", act: () => button.click(),
    })),
    ...[...document.querySelectorAll("#request-menu [data-act]")].map((button) => ({
      title: button.textContent.trim(), texts: [], icon: iconOf(button), act: () => button.click(),
    })),
  ];
  return made.filter(Boolean).map((deed) => ({ kind: "actions", ...deed }));
}

function pressing(selector, title, icon, texts) {
  const button = document.querySelector(selector);
  const named = title ?? button?.getAttribute("aria-label") ?? button?.textContent.trim();
  return button && { title: named, texts, icon, act: () => button.click() };
}

function iconOf(node) {
  return node.querySelector("use")?.getAttribute("href")?.split("#")[1] ?? "corner-down-right";
}

/** What is offered for a key that was pasted. */
export function addKey(secret) {
  return { kind: "actions", title: t("Add this key"), detail: t("Opens the form for new keys with it; nothing is kept before you save"), texts: [], icon: "key-round", isPlain: true, act: () => carryKey(secret) };
}

/** The actions that fit, best first. */
export function fittingActions(asked, isAlone) {
  return best(actions(), asked, isAlone ? SHOWN_ALONE : SHOWN_AMONG_OTHERS);
}

let catalogue = null;

/** The catalogue's rows; they come once, and the browser keeps them. */
export async function learnOperations() {
  if (catalogue) return;
  const response = await ask("/operations.json").catch(() => null);
  if (!response?.ok) return;
  const { operations } = await response.json();
  catalogue = operations.map((row) => ({
    kind: "operations",
    title: row.title[words],
    detail: [row.section[words].at(-1), row.path].filter(Boolean).join(" · "),
    texts: [row.title[words === "en" ? "zh" : "en"], row.path ?? "", row.id, row.section[words].join(" ")],
    icon: row.kind === "operation" ? "file-text" : "book-open",
    less: row.kind === "operation" ? 0 : LESS_FOR_READING,
    url: row.kind === "guide" ? `/guides/${row.id}/` : row.kind === "schema" ? `/schemas/${row.id}/` : `/?operation=${encodeURIComponent(row.id)}`,
  }));
}

/** The operations that fit, by title in either language, path or name. */
export function fittingOperations(asked, isAlone) {
  if (!catalogue || (!asked && !isAlone)) return [];
  return best(catalogue, asked, isAlone ? SHOWN_ALONE : SHOWN_AMONG_OTHERS);
}

const LOOKS = {
  saved: (entry) => ({ ...entry, icon: "bookmark" }),
  runs: (entry) => ({ ...entry, icon: entry.mark || "history" }),
  keys: (entry) => ({ ...entry, icon: "key-round" }),
  people: (entry) => ({ ...entry }),
};

/** What the server knows that fits: saved requests, runs, keys, people. Null when it does not answer. */
export async function found(asked, signal) {
  const response = await ask(`/palette.json?q=${encodeURIComponent(asked)}`, { signal }).catch(() => null);
  if (!response?.ok) return null;
  const told = await response.json();
  return Object.fromEntries(
    Object.entries(LOOKS).map(([kind, look]) => [kind, (told[kind] ?? []).map((entry) => ({ kind, texts: [], ...look(entry) }))]),
  );
}

function best(entries, asked, most) {
  if (!asked) return entries.slice(0, most);
  return entries
    .map((entry) => ({ entry, fit: fitOf(entry, asked) }))
    .filter(({ fit }) => fit)
    .sort((one, other) => other.fit.score - one.fit.score)
    .slice(0, most)
    .map(({ entry, fit }) => ({ ...entry, isGuess: fit.isGuess }));
}

// A title counts more than what stands behind it.
function fitOf({ title, texts, less = 0 }, asked) {
  const fits = [title, ...texts].map((text, at) => {
    const fit = matched(asked, text);
    return fit && { score: fit.score + (at === 0 ? 15 : 0) - less, isGuess: fit.isGuess };
  });
  return fits.filter(Boolean).reduce((one, other) => (one && one.score >= other.score ? one : other), null);
}
