// Names and values: of an answer's headers, of a request's.

import { element } from "../page.js";
import { copyButton } from "./copying.js";

/** A table of headers. `headers` is an object or a list of pairs. */
export function headersTable(headers) {
  const pairs = Array.isArray(headers) ? headers : Object.entries(headers ?? {});
  const rows = pairs.map(([name, value]) =>
    element("tr", {}, element("th.mono", { scope: "row" }, name), element("td.mono", {}, String(value)), element("td.header-copy", {}, copyButton(() => `${name}: ${value}`))),
  );
  return element("table.headers-table", {}, element("tbody", {}, ...rows));
}
