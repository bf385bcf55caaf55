// What a page makes of a run: frames kept whole, folded into blocks, measured, drawn over time.

import assert from "node:assert/strict";
import { test } from "node:test";
import { numbersOf, cosine, norm } from "../../static/js/answer/blocks/vector.js";
import { colourOf, nameOf, preview, runsOf } from "../../static/js/answer/events.js";
import { Figures } from "../../static/js/answer/figures.js";
import { Blocks } from "../../static/js/answer/folding.js";
import { rawText } from "../../static/js/answer/raw.js";
import { RunStore } from "../../static/js/answer/store.js";
import { gaps, heights, slices, step } from "../../static/js/draw/timeline.js";

const RUN = "6a4f7f1e-0000-4000-8000-000000000001";

class Told {
  said = [];
  start(message) {
    this.said.push(["start", message]);
  }
  watch(run, watcher) {
    this.said.push(["watch", watcher.seen, watcher.raw ? watcher.seenEvent : null]);
  }
  unwatch() {
    this.said.push(["unwatch"]);
  }
}

const text = (seq, words, more = {}) => ({ seq, at: seq * 10, kind: "text", text: words, ...more });
const shapes = (blocks) => blocks.all.map(({ kind, lane, text: words }) => [kind, lane, words]);

function opened() {
  const socket = new Told();
  const store = new RunStore(RUN, socket);
  const heard = [];
  for (const type of ["frames", "events", "end", "again", "refused"]) store.addEventListener(type, (event) => heard.push([type, event.detail]));
  return { socket, store, heard };
}

test("frames that were seen are left out, so nothing is doubled", () => {
  const { store, heard } = opened();

  store.onFrames([text(1, "a"), text(2, "b")]);
  store.onFrames([text(2, "b"), text(3, "c")]);

  assert.deepEqual(store.frames.map((frame) => frame.text), ["a", "b", "c"]);
  assert.deepEqual(heard.map(([, frames]) => frames.length), [2, 1]);
});

test("a missing number makes the store ask again from the last whole one", () => {
  const { socket, store } = opened();

  store.onFrames([text(1, "a"), text(3, "c")]);

  assert.deepEqual(store.frames.map((frame) => frame.seq), [1]);
  assert.deepEqual(socket.said, [["watch", 1, null]]);
});

test("a run ends for the page only when its last frame has arrived", () => {
  const { socket, store, heard } = opened();

  store.onFrames([text(1, "a")]);
  store.onEnd({ state: "succeeded", seq: 2, metrics: {} });
  assert.equal(store.isOver, false);
  assert.deepEqual(socket.said, [["watch", 1, null]]);

  store.onFrames([text(2, "b")]);
  store.onEnd({ state: "succeeded", seq: 2, metrics: { total_ms: 20 } });
  assert.equal(store.state, "succeeded");
  assert.equal(heard.filter(([type]) => type === "end").length, 1);
});

test("a run that was over before it was watched is loading until its frames are whole", () => {
  const { store } = opened();

  store.watch();
  store.onRun({ state: "failed", seq: 1 });

  assert.equal(store.state, "loading");
});

test("that saving is paused holds until it goes on, the run is watched anew, or it ends", () => {
  const { store } = opened();
  const paused = [];
  store.addEventListener("saving", () => paused.push(store.isSavingPaused));
  const hear = (isPaused) => store.onSaving({ type: "saving", run: RUN, paused: isPaused });
  store.watch();

  hear(true);
  hear(false);
  hear(true);
  store.onRun({ state: "running", seq: 0 });
  paused.push(store.isSavingPaused);
  hear(true);
  store.onEnd({ state: "succeeded", seq: 0, metrics: {} });

  assert.deepEqual([...paused, store.isSavingPaused], [true, false, true, false, true, false]);
});

test("a position the server does not know makes the store begin again, whole", () => {
  const { socket, store, heard } = opened();
  store.onFrames([text(1, "a")]);

  store.onError({ code: "bad_position" });

  assert.deepEqual(store.frames, []);
  assert.deepEqual(socket.said, [["watch", 0, null]]);
  assert.equal(heard.at(-1)[0], "again");
});

test("raw events are asked for once, from the first on", () => {
  const { socket, store } = opened();

  store.askForEvents();
  store.askForEvents();

  assert.deepEqual(socket.said, [["watch", 0, 0]]);
});

test("deltas of one kind become one block, a change of kind a new one, in the order they arrive", () => {
  const blocks = new Blocks();

  blocks.add([
    { kind: "reasoning", text: "hm", at: 1 },
    { kind: "reasoning", text: "m", at: 2 },
    text(3, "yes"),
    { kind: "reasoning", text: "or", at: 40 },
    text(5, "no"),
  ]);

  assert.deepEqual(shapes(blocks), [["reasoning", 0, "hmm"], ["text", 0, "yes"], ["reasoning", 0, "or"], ["text", 0, "no"]]);
  assert.deepEqual(blocks.all.map(({ over }) => over), [true, true, true, false]);
});

test("candidates that arrive interleaved stand in lanes of their own", () => {
  const blocks = new Blocks();

  blocks.add([text(1, "a"), text(2, "x", { index: 1 }), text(3, "b"), text(4, "y", { index: 1 })]);

  assert.deepEqual(shapes(blocks), [["text", 0, "ab"], ["text", 1, "xy"]]);
});

test("parallel tool calls are joined by index, and a new id begins a new call", () => {
  const blocks = new Blocks();
  const call = (index, id, args) => ({ kind: "tool_call", index, id, name: id && `tool_${id}`, arguments: args, at: 1 });

  blocks.add([call(0, "a", '{"x"'), call(1, "b", "{"), call(0, null, ":1}"), call(1, null, "}"), call(0, "c", "{}")]);

  assert.deepEqual(blocks.all.map(({ id, name, text: given }) => [id, name, given]), [["a", "tool_a", '{"x":1}'], ["b", "tool_b", "{}"], ["c", "tool_c", "{}"]]);
});

test("a later partial picture takes the place of the one before, the whole one too", () => {
  const blocks = new Blocks();
  const picture = (data, partial) => ({ kind: "media", mime: "image/png", data, partial, at: 1 });

  blocks.add([picture("a", 0), picture("b", 1), picture("c"), picture("d")]);

  assert.deepEqual(blocks.all.map(({ frame, partials }) => [frame.data, partials.length]), [["c", 2], ["d", 0]]);
});

test("only blocks that have changed are drawn again", () => {
  const blocks = new Blocks();
  blocks.add([text(1, "a"), { kind: "reasoning", text: "r", at: 2 }]);

  const changed = blocks.add([{ kind: "reasoning", text: "s", at: 3 }]);

  assert.deepEqual(changed.map(({ kind }) => kind), ["reasoning"]);
});

test("figures are measured while a run goes on and the server's once it has ended", () => {
  const figures = new Figures();
  figures.see([{ kind: "status", status: 200, at: 50 }, { kind: "reasoning", text: "hm", at: 100 }, text(60, "x".repeat(50))]);

  const live = figures.now(700, null);
  const ended = figures.now(700, { total_ms: 1100, first_frame_ms: 100, first_text_ms: 600, output_tokens: 30, cost: 0 });

  assert.deepEqual([live.status, live.firstSign, live.firstText, live.total, live.output], [200, 100, 600, 700, null]);
  assert.deepEqual(live.rate, { value: 100, unit: "characters" });
  assert.deepEqual([ended.total, ended.rate, ended.cost], [1100, { value: 30, unit: "tokens" }, 0]);
});

test("nothing that was counted is unlearned by a later count that does not tell it", () => {
  const figures = new Figures();

  figures.see([
    { kind: "usage", input_tokens: 12, output_tokens: null, at: 1 },
    { kind: "usage", input_tokens: null, output_tokens: 34, at: 2 },
  ]);

  const { input, output } = figures.now(10, null);
  assert.deepEqual([input, output], [12, 34]);
});

test("time is cut into slices, each in the colour that brought most", () => {
  const cut = slices([{ at: 0, kind: "text", amount: 3 }, { at: 1, kind: "tool", amount: 9 }, { at: 100, kind: "text", amount: 1 }], 100, 4);

  assert.deepEqual(cut.map(({ amount }) => amount), [12, 0, 0, 1]);
  assert.equal(cut[0].kind, "tool");
  assert.deepEqual(heights(cut, 20), [20, 0, 0, 6]);
});

test("pauses of half a second and more are named", () => {
  assert.deepEqual(gaps([{ at: 0 }, { at: 499 }, { at: 999 }, { at: 2000 }]), [{ from: 499, length: 500 }, { from: 999, length: 1001 }]);
});

test("an axis has round steps and at most eight of them", () => {
  for (const span of [90, 811, 7420, 61_000, 3_600_000]) {
    const every = step(span);
    assert.ok(span / every <= 8, `${span} by ${every}`);
    assert.match(String(every), /^[125]0*$/);
  }
});

test("runs of the same delta fold, another name or colour begins a new run", () => {
  const delta = { event: null, data: '{"object":"chat.completion.chunk","choices":[{"delta":{"content":"a"}}]}' };
  const thought = { event: null, data: '{"object":"chat.completion.chunk","choices":[{"delta":{"reasoning_content":"a"}}]}' };
  const done = { event: null, data: "[DONE]" };

  const runs = runsOf([thought, thought, delta, delta, delta, done]);

  assert.deepEqual(runs.map(({ from, to }) => [from, to]), [[0, 2], [2, 5], [5, 6]]);
  assert.deepEqual([nameOf(delta), nameOf(done), nameOf({ event: "ping", data: "{}" })], ["chat.completion.chunk", "[DONE]", "ping"]);
  assert.deepEqual([colourOf(thought), colourOf(delta), colourOf(done)], ["thinking", "text", "control"]);
});

test("an event shows where it differs from the one before", () => {
  const begin = `{"id":"chatcmpl-${"0".repeat(40)}","choices":[{"delta":`;

  assert.equal(preview(`${begin}{"content":"b"}}]}`, `${begin}{"content":"a"}}]}`), '… {"content":"b"}}]}');
  assert.equal(preview('{"type":"ping"}', '{"type":"pong"}'), '{"type":"ping"}');
});

test("the raw text is the stream's own lines, or the whole of an answer that was none", () => {
  assert.equal(rawText([{ event: "a", data: "1\n2" }, { event: null, data: "3" }]), "event: a\ndata: 1\ndata: 2\n\ndata: 3");
  assert.equal(rawText([{ event: null, data: '{"a": 1}' }]), '{"a": 1}');
});

test("a vector in base64 holds the same numbers as one in JSON", () => {
  const base64 = Buffer.from(new Float32Array([0.5, -2, 8]).buffer).toString("base64");

  assert.deepEqual(numbersOf(base64), [0.5, -2, 8]);
  assert.equal(norm([3, 4]), 5);
  assert.equal(cosine([1, 0], [0, 2]), 0);
});
