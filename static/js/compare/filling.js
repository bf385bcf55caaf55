// Variables of a request: `{{name}}` in its texts, and the same request with values in their place.

const MARK = /\{\{\s*([\p{L}_][\p{L}\p{N}_-]{0,39})\s*\}\}/gu;
const STRING = /"(?:[^"\\]|\\.)*"?/gs;
const OF_GUIDES = new Set(["url", "key"]);

/** The names of the variables a request has, each once, in the order they stand. */
export function namesIn({ text = "", path = {}, query = [], headers = [] }) {
  const places = [text, ...Object.values(path), ...[...query, ...headers].filter((row) => row.sent).map((row) => row.value)];
  const names = places.flatMap((place) => Array.from(String(place).matchAll(MARK), ([, name]) => name));
  return [...new Set(names)].filter((name) => !OF_GUIDES.has(name));
}

/** The request with `values` in place of their names; inside JSON they are escaped, so that it stays JSON. */
export function filled(request, values) {
  const plain = (text) => replaced(String(text), values, (value) => value);
  const rows = (list) => list.map((row) => ({ ...row, value: plain(row.value) }));
  return {
    ...request,
    text: request.text.replace(STRING, (string) => replaced(string, values, (value) => JSON.stringify(value).slice(1, -1))),
    path: Object.fromEntries(Object.entries(request.path ?? {}).map(([name, value]) => [name, plain(value)])),
    query: rows(request.query ?? []),
    headers: rows(request.headers ?? []),
  };
}

// Once through: what a value holds is no variable again. A name without a value stays as it stands.
function replaced(text, values, spell) {
  return text.replace(MARK, (mark, name) => (values[name] ? spell(values[name]) : mark));
}
