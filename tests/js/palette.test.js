import assert from "node:assert/strict";
import test from "node:test";
import { matched, pieces } from "../../static/js/palette/matching.js";

const best = (asked, texts) => texts.toSorted((one, other) => (matched(asked, other)?.score ?? -1) - (matched(asked, one)?.score ?? -1))[0];
const marks = (asked, text) => pieces(text, matched(asked, text).places).filter(([, fits]) => fits).map(([piece]) => piece);

test("what stands at the beginning of a word is meant before what stands inside one", () => {
  assert.equal(best("port", ["Transport", "Export a port"]), "Export a port");
});

test("letters may stand apart, but a whole word is meant before them", () => {
  assert.deepEqual(marks("gim", "Generate an image"), ["G", "im"]);
  assert.equal(best("stream", ["Some thin red elephant amid", "Streaming request"]), "Streaming request");
});

test("every word must be there, in any order", () => {
  assert.deepEqual(marks("check invoice", "Invoice check"), ["Invoice", "check"]);
  assert.equal(matched("invoice tax", "Invoice check"), null);
});

test("Chinese is found by its characters", () => {
  assert.deepEqual(marks("图像", "编辑图像"), ["图像"]);
  assert.equal(matched("视频", "编辑图像"), null);
});

test("signs are letters like any other, and nothing is found for what is not there", () => {
  assert.deepEqual(marks(".*", "a .* b"), [".*"]);
  assert.equal(matched("%%%%", "Chat"), null);
  assert.deepEqual(matched("", "Chat").places, []);
});
