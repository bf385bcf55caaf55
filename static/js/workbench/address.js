// The address a request goes to, as the path row shows it and as people copy it.

import { t } from "../texts.js";
import { streamsByPath } from "./desk.js";

const PLACEHOLDER = /\{(\w+)\}/g;
const REFUSED = ["/", "\\", "?", "#", ".."];

/** The names of the places in a path that want a value. */
export function placesOf(operation) {
  return Array.from((operation.path ?? "").matchAll(PLACEHOLDER), ([, name]) => name);
}

/** Why a value cannot stand in the path, or nothing. */
export function pathProblem(value) {
  if (!value) return t("The path needs this value");
  const wrong = REFUSED.find((sign) => value.includes(sign));
  return wrong ? t("A path value must not hold {what}", { what: wrong }) : "";
}

/** The path as it will be sent, its values filled in; a place without a value keeps its braces. */
export function pathOf(desk) {
  const { operation } = desk;
  const route = (operation.path ?? "").split("?")[0];
  const asked = streamsByPath(operation) && desk.stream !== null ? streaming(route, desk.stream) : route;
  return asked.replace(PLACEHOLDER, (place, name) => (desk.path[name] ? encodeURIComponent(desk.path[name]).replaceAll("%3A", ":") : place));
}

function streaming(route, wanted) {
  return route.replace(/:(?:stream)?[gG]enerateContent$/, wanted ? ":streamGenerateContent" : ":generateContent");
}

/** The query as it will be sent, with its question mark; nothing when there is none. */
export function queryOf(desk) {
  const own = new URLSearchParams((desk.operation.path ?? "").split("?")[1] ?? "");
  if (pathOf(desk).endsWith(":streamGenerateContent")) own.set("alt", "sse");
  for (const row of desk.query) if (row.sent && row.name) own.set(row.name, row.value);
  const text = own.toString();
  return text && `?${text}`;
}
