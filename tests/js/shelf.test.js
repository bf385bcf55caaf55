// What a request is told to cost before it is sent.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Draft } from "../../static/js/document/draft.js";
import { money } from "../../static/js/texts.js";
import { estimateOf } from "../../static/js/workbench/estimate.js";

const PRICE = { unit: "USD", input: "2.5", output: "10" };

function desk(body, dialect = "openai-chat", method = "POST") {
  return { operation: { dialect, method }, draft: new Draft(typeof body === "string" ? body : JSON.stringify(body)) };
}

test("what goes in has a price, and the longest answer where one is set", () => {
  const body = { model: "gpt-4o", max_tokens: 1000, messages: [{ role: "user", content: "word ".repeat(800) }] };

  const told = estimateOf(desk(body), PRICE);

  assert.equal(told.unit, "USD");
  assert.equal(told.limit, 1000);
  assert.ok(told.given > 1000 && told.given < 1040);
  assert.equal(told.most.toFixed(6), (told.least + 0.01).toFixed(6));
});

test("without a limit only what goes in is told", () => {
  assert.equal(estimateOf(desk({ messages: [] }), PRICE).most, null);
  assert.equal(estimateOf(desk({ max_tokens: "many" }), PRICE).most, null);
});

test("files in the body are not counted as text", () => {
  const url = `data:image/png;base64,${"A".repeat(100_000)}`;

  assert.ok(estimateOf(desk({ messages: [{ content: [{ image_url: { url } }] }] }), PRICE).given < 30);
});

test("pictures are paid one by one and films by the second", () => {
  const price = { unit: "CNY", call: "0.28" };

  assert.equal(estimateOf(desk({ n: 3 }, "openai-images"), price).most.toFixed(2), "0.84");
  assert.equal(estimateOf(desk({ seconds: "8" }, "sora-video"), price).most.toFixed(2), "2.24");
  assert.equal(estimateOf(desk({}, "openai-chat"), price).most, 0.28);
});

test("nothing is told where no price is known, nothing is sent, or the text is broken", () => {
  assert.equal(estimateOf(desk({}), null), null);
  assert.equal(estimateOf(desk({}, "models", "GET"), PRICE), null);
  assert.equal(estimateOf(desk("{broken"), PRICE), null);
});

test("a small cost keeps its first two figures, and quota units are counted", () => {
  assert.deepEqual([money(0.0161), money(0.000045), money(0.00001234, "CNY"), money(1250, "units"), money(1, "units")], ["$0.0161", "$0.000045", "¥0.000012", "1,250 units", "1 unit"]);
});
