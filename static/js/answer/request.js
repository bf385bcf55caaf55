// The request of a run, as it was sent: the key is a mask.

import { ask, element } from "../page.js";
import { t } from "../texts.js";
import { copyButton } from "./copying.js";
import { headersTable } from "./headers.js";
import { jsonTextNode } from "./json_view.js";

/** Ask the server for the request of a run; nothing when it is not to be had. */
export async function requestOf(run) {
  const response = await ask(`/runs/${run}/request.json`).catch(() => null);
  return response?.ok ? response.json() : null;
}

/** The body as it was filled in, its files named; null when it is no JSON. */
export function bodyOf({ call }) {
  try {
    return JSON.parse(call.body_text ?? "null") ?? call.body ?? null;
  } catch {
    return null;
  }
}

/** The request as it went out: where to, with which headers, which body. */
export function requestNodes({ sent }) {
  const body = sent.body_text ?? "";
  return [
    element("div.path-row", {}, element("span.method", {}, sent.method), element("span", {}, ...pathOf(sent.url)), copyButton(() => sent.url)),
    element("h3.part-name", {}, t("Headers")),
    headersTable(sent.headers),
    ...(body
      ? [element("h3.part-name", {}, t("Body"), copyButton(() => body)), element("div.code-block", {}, jsonTextNode(body))]
      : []),
  ];
}

function pathOf(url) {
  if (!URL.canParse(url)) return [element("b", {}, url)];
  const { origin, pathname, search } = new URL(url);
  return [element("span.muted", {}, origin), element("b", {}, pathname + search)];
}
