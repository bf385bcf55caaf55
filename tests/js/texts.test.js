// Sentences and figures as the page writes them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { SENTENCES, ownWords, waysOn, whatHappened } from "../../static/js/answer/problems.js";
import { bytes, count, duration, money, t } from "../../static/js/texts.js";

test("a sentence without a translation is itself, its holes filled", () => {
  assert.equal(t("Thought for {length}", { length: "1.6 s" }), "Thought for 1.6 s");
  assert.equal(t("{known} and {unknown}", { known: "this" }), "this and {unknown}");
});

test("lengths of time read as people say them", () => {
  assert.deepEqual([0, 312.4, 999, 1000, 7420, 18_420, 134_000].map(duration), ["0 ms", "312 ms", "999 ms", "1.00 s", "7.42 s", "18.4 s", "2:14 min"]);
});

test("money carries its sign, nothing charged is a word", () => {
  assert.deepEqual([money(0.0161), money(1482.161, "CNY"), money(0), money(0.5, "CHF")], ["$0.0161", "¥1482.16", "free", "0.5000 CHF"]);
});

test("counts and sizes are parted and rounded", () => {
  assert.deepEqual([count(1042), bytes(999), bytes(22_600), bytes(4_200_000)], ["1,042", "999 B", "22.6 kB", "4.2 MB"]);
});

test("our own English sentence is not repeated as the upstream's words", () => {
  const problem = { code: "html", message: SENTENCES.html };

  assert.equal(ownWords(problem), "");
  assert.equal(ownWords({ code: "bad_key", message: "Invalid token sk-…" }), "Invalid token sk-…");
});

test("a code this page does not know is told in the server's words", () => {
  assert.equal(whatHappened({ code: "quite_new", message: "Something new." }), "Something new.");
});

test("a limit that was reached is named", () => {
  assert.notEqual(whatHappened({ code: "timeout", message: "", limit: "silence" }), whatHappened({ code: "timeout", message: "", limit: "connect" }));
});

test("a limit of time is told with its amount, once", () => {
  for (const limit of ["lookup", "connect", "first_byte", "silence", "total"]) {
    const problem = { code: "timeout", message: "within 7.5 s, in our own words", limit, seconds: 7.5, host: "a.example" };

    assert.match(whatHappened(problem), / 7\.5 s, the longest /);
    assert.equal(ownWords(problem), "");
  }
});

test("what may be tried again always offers it", () => {
  const ways = waysOn({ retry: true, remedies: [{ action: "choose_key" }, { action: "not known yet" }] });

  assert.deepEqual(ways.map(({ remedy }) => remedy.action), ["choose_key", "retry"]);
});

test("a retry waits as long as the gateway asks, but only while that time has not long passed", () => {
  const problem = { retry: true, retry_after_ms: 7000, remedies: [{ action: "wait" }, { action: "retry" }] };

  assert.deepEqual(waysOn(problem, true).map(({ remedy }) => remedy.action), ["wait"]);
  assert.deepEqual(waysOn(problem, false).map(({ remedy }) => remedy.action), ["retry"]);
});
