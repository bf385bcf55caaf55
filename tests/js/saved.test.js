import assert from "node:assert/strict";
import { test } from "node:test";

import { namesIn } from "../../static/js/document/variables.js";
import { Desk } from "../../static/js/workbench/desk.js";

/** Small numbers that look random and are the same each time. */
function numbers(seed) {
  let state = seed;
  return (below) => ((state = (state * 1103515245 + 12345) % 2147483648), Math.floor((state / 2147483648) * below));
}

const LETTERS = ["a", "\"", "\\", "客", "😀", "\n", " ", "{{", "}}", "\u2028"];

function textOf(below) {
  return Array.from({ length: below(6) }, () => LETTERS[below(LETTERS.length)]).join("");
}

function valueOf(below, depth = 0) {
  const kind = below(depth > 2 ? 5 : 7);
  if (kind === 5) return Array.from({ length: below(4) }, () => valueOf(below, depth + 1));
  if (kind === 6) return Object.fromEntries(Array.from({ length: below(4) }, (_, n) => [`${textOf(below)}${n}`, valueOf(below, depth + 1)]));
  return [null, true, below(1e9) / 7, -below(50), textOf(below)][kind];
}

function requestOf(below) {
  const rows = () => Array.from({ length: below(3) }, (_, n) => ({ name: `x-${n}`, value: textOf(below), sent: below(2) === 1 }));
  const request = {
    text: below(5) ? JSON.stringify({ model: "m", extra: valueOf(below) }, null, below(3)) : textOf(below),
    off: below(2) ? { "/seed": { nameText: '"seed"', valueText: "7", after: "/model" } } : {},
    path: below(2) ? { model: textOf(below) } : {},
    query: rows(),
    headers: rows(),
    stream: [null, true, false][below(3)],
  };
  return below(2) ? { ...request, variables: { customer: textOf(below) } } : request;
}

test("a request that is saved, opened and laid on the desk is the same, letter by letter", () => {
  const below = numbers(7);
  for (let round = 0; round < 2000; round += 1) {
    const saved = JSON.stringify(requestOf(below));
    const desk = new Desk();
    desk.operation = { content_type: "json" };

    desk.lay(JSON.parse(saved));

    const { text, path, query } = JSON.parse(saved);
    assert.equal(JSON.stringify(desk.request), saved);
    assert.equal(desk.call.body_text, text);
    assert.deepEqual(desk.call.path, path);
    assert.deepEqual(desk.call.query, Object.fromEntries(query.filter((row) => row.sent).map((row) => [row.name, row.value])));
  }
});

test("the page finds the variables that the server fills in", () => {
  const call = {
    path: { model: "{{model}}" },
    query: { q: ["{{a}}", 7] },
    headers: { "x-trace": "{{ a }}-{{客户}}" },
    body_text: '{"b": "{{b-2}} {{url}} {{key}} {{2}} {{}} {{two words}} {{rows:json}} \\"{{c}}"}',
  };

  assert.deepEqual(namesIn(call), ["model", "a", "客户", "b-2", "rows", "c"]);
  assert.deepEqual(namesIn({ path: {}, query: {}, headers: {} }), []);
});
