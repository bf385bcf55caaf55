import assert from "node:assert/strict";
import test from "node:test";
import { askingModel, saidIn, saying, startOf } from "../../static/js/compare/asking.js";
import { jsonDifferences, jsonOf, wordDifferences } from "../../static/js/compare/differences.js";
import { filled, namesIn } from "../../static/js/compare/filling.js";

const request = (text, more = {}) => ({ text, off: {}, path: {}, query: [], headers: [], stream: null, ...more });
const told = (pieces, left) => pieces.filter(({ kind }) => kind !== left).map(({ text }) => text).join("");

function random(seed) {
  return () => ((seed = (seed * 1103515245 + 12345) % 2147483648) / 2147483648);
}

test("two texts differ by words, and each can be read out of the difference", () => {
  assert.deepEqual(wordDifferences("We pay the shipping.", "We pay no shipping."), [
    { kind: "same", text: "We pay " },
    { kind: "removed", text: "the" },
    { kind: "added", text: "no" },
    { kind: "same", text: " shipping." },
  ]);
  assert.deepEqual(wordDifferences("", "new"), [{ kind: "added", text: "new" }]);
  assert.deepEqual(wordDifferences("same", "same"), [{ kind: "same", text: "same" }]);
});

test("whatever two texts are, nothing of either is lost in their difference", () => {
  const next = random(7);
  const words = ["a ", "b ", "c\n", "词", "。", "word "];
  for (let round = 0; round < 300; round++) {
    const make = () => Array.from({ length: Math.floor(next() * 30) }, () => words[Math.floor(next() * words.length)]).join("");
    const [before, after] = [make(), make()];
    const pieces = wordDifferences(before, after);
    assert.equal(told(pieces, "added"), before);
    assert.equal(told(pieces, "removed"), after);
  }
});

test("Chinese differs by characters", () => {
  const changed = wordDifferences("今天天气好", "今天天气坏").filter(({ kind }) => kind !== "same");
  assert.deepEqual(changed, [{ kind: "removed", text: "好" }, { kind: "added", text: "坏" }]);
});

test("JSON differs by path", () => {
  const before = { total: 1, lines: [{ sku: "a" }, { sku: "b" }], "odd name": true };
  const after = { total: 2, lines: [{ sku: "a" }], "odd name": true, note: null };
  assert.deepEqual(jsonDifferences(before, after), [
    { path: "$.total", before: 1, after: 2 },
    { path: "$.lines[1]", before: { sku: "b" }, after: undefined },
    { path: "$.note", before: undefined, after: null },
  ]);
  assert.deepEqual(jsonDifferences({ a: [1] }, { a: { 0: 1 } }), [{ path: "$.a", before: [1], after: { 0: 1 } }]);
});

test("the JSON of an answer is its text, what stands in its fence, or what it calls tools with", () => {
  const text = (words) => [{ kind: "reasoning", text: "{}" }, { kind: "text", text: words }];
  assert.deepEqual(jsonOf(text('{"a": 1}')), { a: 1 });
  assert.deepEqual(jsonOf(text('Here:\n```json\n{"a": 1}\n```\n')), { a: 1 });
  assert.deepEqual(jsonOf(text('```  \r\n\n{"a": 1}```')), { a: 1 });
  assert.equal(jsonOf(text("```" + "\n".repeat(1_000_000))), undefined);
  assert.equal(jsonOf(text("Hello")), undefined);
  assert.deepEqual(jsonOf([{ kind: "tool_call", name: "rate", text: '{"of":"EUR"}' }]), [{ tool: "rate", arguments: { of: "EUR" } }]);
});

test("a person's last words are found and changed in every dialect, and nothing beside them", () => {
  const bodies = {
    chat: '{"messages": [{"role": "user", "content": "Old"}, {"role": "assistant", "content": "No"}], "seed": 1.0}',
    parts: '{"messages": [{"role": "user", "content": [{"type": "text", "text": "Old"}, {"type": "image_url"}]}], "seed": 1.0}',
    responses: '{"input": [{"role": "user", "content": [{"type": "input_text", "text": "Old"}]}], "seed": 1.0}',
    plain: '{"input": "Old", "seed": 1.0}',
    gemini: '{"contents": [{"role": "user", "parts": [{"text": "Old"}]}], "seed": 1.0}',
    picture: '{"prompt": "Old", "seed": 1.0}',
  };
  for (const [dialect, body] of Object.entries(bodies)) {
    assert.equal(saidIn(request(body)), "Old", dialect);
    assert.equal(saying(request(body), 'New "one"').text, body.replace('"Old"', '"New \\"one\\""'), dialect);
  }
  assert.equal(saidIn(request("{broken")), null);
  assert.equal(saying(request("{broken"), "New").text, "{broken");
});

test("another model stands where the request has its model", () => {
  assert.equal(askingModel(request('{"model": "a", "n": 1}'), "b").text, '{"model": "b", "n": 1}');
  const gemini = askingModel(request('{"contents": []}', { path: { model: "a" } }), "b");
  assert.deepEqual([gemini.path, gemini.text], [{ model: "b" }, '{"contents": []}']);
});

test("values stand in place of their names and the body stays JSON whatever they hold", () => {
  const asked = request('{"a": "{{ product }} {{product}}", "b": "{{other}}", "{{days}}": 1}', { path: { id: "{{product}}" } });
  assert.deepEqual(namesIn(asked), ["product", "other", "days"]);
  const sent = filled(asked, { product: 'two "big"\n{{days}}', days: "33" });
  assert.deepEqual(JSON.parse(sent.text), { a: 'two "big"\n{{days}} two "big"\n{{days}}', b: "{{other}}", 33: 1 });
  assert.deepEqual(sent.path, { id: 'two "big"\n{{days}}' });
});

test("a start carries the model, the values and the key of its place", () => {
  const asked = request('{"model": "a", "messages": [{"role": "user", "content": "Hi {{name}}"}]}', {
    headers: [{ name: "X-One", value: "1", sent: true }, { name: "X-Two", value: "2", sent: false }],
  });
  const start = startOf({ run: "r", operation: "chat-stream", request: asked, model: "b", values: { name: "Mei" }, key: "" });
  assert.deepEqual(start, {
    run: "r",
    operation: "chat-stream",
    key: null,
    call: { path: {}, query: {}, headers: { "X-One": "1" }, body_text: '{"model": "b", "messages": [{"role": "user", "content": "Hi Mei"}]}' },
    variables: { name: "Mei" },
  });
});
