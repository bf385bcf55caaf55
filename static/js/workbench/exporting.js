// The request as a file for elsewhere.

import { ask, toast } from "../page.js";
import { t } from "../texts.js";
import { download } from "./code_tab.js";

const NAMES = { curl: "call.sh", har: "call.har", postman: "call.json" };

/** Saves a request as a curl command, a HAR file or a Postman collection. */
export async function saveRequest(kind, call) {
  if (!call) return;
  const response = await ask(`/operations/${encodeURIComponent(call.operation)}/export/${kind}`, { method: "POST", json: call }).catch(() => null);
  if (response?.ok) return download(NAMES[kind], await response.text(), response.headers.get("Content-Type"));
  const told = await response?.json().catch(() => null);
  toast(t("The request could not be exported"), { detail: told?.message ?? t("The site did not answer"), bad: true });
}
