// One socket for all runs: it comes back by itself, and goes on from what was seen.

import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { pauseBefore, RunSocket } from "../../static/js/socket.js";

class Line {
  static all = [];
  readyState = 0;
  said = [];
  constructor() {
    Line.all.push(this);
  }
  open() {
    this.readyState = 1;
    this.onopen();
  }
  send(text) {
    this.said.push(JSON.parse(text));
  }
  hear(message) {
    this.onmessage({ data: JSON.stringify(message) });
  }
  drop() {
    this.readyState = 3;
    this.onclose();
  }
  close() {
    this.readyState = 2;
  }
}

function watcher() {
  const heard = [];
  const hear = (type) => (message) => heard.push([type, message]);
  return { seen: 0, seenEvent: 0, raw: false, heard, onRun: hear("run"), onFrames: hear("frames"), onEvents: hear("events"), onEnd: hear("end"), onError: hear("error"), onBusy: hear("busy"), onSaving: hear("saving") };
}

function socket() {
  Line.all = [];
  return new RunSocket("ws://here/ws/runs/", () => new Line());
}

function busy(run) {
  return { type: "error", run, code: "busy", message: "Try again." };
}

test("what is watched before the socket is open is said when it opens", () => {
  const there = socket();
  there.watch("a", watcher());
  there.start({ run: "b", operation: "chat-stream" }, watcher());

  Line.all[0].open();

  assert.deepEqual(Line.all[0].said, [{ type: "watch", run: "a", after: 0 }, { type: "start", run: "b", operation: "chat-stream" }]);
});

test("messages reach the watcher of their run and nobody else", () => {
  const there = socket();
  const [one, other] = [watcher(), watcher()];
  there.watch("a", one);
  there.watch("b", other);
  Line.all[0].open();

  Line.all[0].hear({ type: "frames", run: "a", frames: [1] });
  Line.all[0].hear({ type: "frames", run: "unknown", frames: [2] });
  Line.all[0].hear({ type: "saving", run: "b", paused: true });
  Line.all[0].hear({ type: "of tomorrow", run: "a" });

  assert.deepEqual(one.heard, [["frames", [1]]]);
  assert.deepEqual(other.heard, [["saving", { type: "saving", run: "b", paused: true }]]);
});

test("after a break every run goes on from its last number, and a start that was answered is not said again", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const there = socket();
  const [answered, unanswered, raw] = [watcher(), watcher(), watcher()];
  there.start({ run: "a" }, answered);
  there.start({ run: "b" }, unanswered);
  there.watch("c", Object.assign(raw, { raw: true, seen: 3, seenEvent: 9 }));
  Line.all[0].open();
  Line.all[0].hear({ type: "run", run: "a", state: "running", seq: 0 });
  answered.seen = 7;

  Line.all[0].drop();
  mock.timers.tick(10_000);
  Line.all[1].open();

  assert.deepEqual(Line.all[1].said, [
    { type: "watch", run: "a", after: 7 },
    { type: "start", run: "b" },
    { type: "watch", run: "c", after: 3, raw: true, after_event: 9 },
  ]);
  mock.timers.reset();
});

test("a start that was refused is never said again", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const there = socket();
  there.start({ run: "a" }, watcher());
  Line.all[0].open();
  Line.all[0].hear({ type: "error", run: "a", code: "bad_call", message: "no" });
  there.unwatch("a");
  there.watch("b", watcher());

  Line.all[0].drop();
  mock.timers.tick(10_000);
  Line.all[1].open();

  assert.deepEqual(Line.all[1].said, [{ type: "watch", run: "b", after: 0 }]);
  mock.timers.reset();
});

test("a watch that a busy server could not answer is said again from what was seen, rarer and rarer, until it answers", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const there = socket();
  const one = Object.assign(watcher(), { seen: 7 });
  there.watch("a", one);
  Line.all[0].open();
  for (const longest of [300, 600, 1200]) {
    Line.all[0].hear(busy("a"));
    mock.timers.tick(longest / 2 - 1);
    const before = Line.all[0].said.length;
    mock.timers.tick(longest / 2 + 1);
    assert.equal(Line.all[0].said.length, before + 1);
  }

  Line.all[0].hear({ type: "run", run: "a", state: "running", seq: 9 });
  mock.timers.tick(120_000);

  assert.deepEqual(Line.all[0].said, Array(4).fill({ type: "watch", run: "a", after: 7 }));
  assert.deepEqual(one.heard.map(([type]) => type), ["busy", "busy", "busy", "run"]);
  Line.all[0].hear(busy("a"));
  mock.timers.tick(300);
  assert.equal(Line.all[0].said.length, 5);
  mock.timers.reset();
});

test("a server that stays busy for a minute is believed, and the watcher hears why", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const there = socket();
  const one = watcher();
  there.watch("a", one);
  Line.all[0].open();
  let answered = 0;
  for (let second = 0; second < 60; second++) {
    while (answered < Line.all[0].said.length) {
      answered++;
      Line.all[0].hear(busy("a"));
    }
    assert.ok(one.heard.every(([type]) => type === "busy"), `given up after ${second} s`);
    mock.timers.tick(1000);
  }

  assert.deepEqual(one.heard.at(-1), ["error", busy("a")]);
  const said = Line.all[0].said.length;
  assert.ok(said > 8 && said < 30, `asked ${said} times`);
  mock.timers.tick(120_000);
  assert.equal(Line.all[0].said.length, said);
  mock.timers.reset();
});

test("a start that meets a busy server is refused at once, and one that is left alone is not asked for again", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const there = socket();
  const [begun, left] = [watcher(), watcher()];
  there.start({ run: "a" }, begun);
  there.watch("b", left);
  Line.all[0].open();
  const before = Line.all[0].said.length;

  Line.all[0].hear(busy("a"));
  Line.all[0].hear(busy("b"));
  there.unwatch("b");
  mock.timers.tick(120_000);

  assert.deepEqual(begun.heard.map(([type]) => type), ["error"]);
  assert.deepEqual(left.heard.map(([type]) => type), ["busy"]);
  assert.deepEqual(Line.all[0].said.slice(before), [{ type: "unwatch", run: "b" }]);
  mock.timers.reset();
});

test("a stop is said again after a busy answer and after a break, until the run has ended", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const there = socket();
  const one = Object.assign(watcher(), { seen: 3 });
  const both = [{ type: "watch", run: "a", after: 3 }, { type: "stop", run: "a" }];
  there.watch("a", one);
  Line.all[0].open();

  there.stop("a");
  Line.all[0].hear(busy("a"));
  mock.timers.tick(300);
  assert.deepEqual(Line.all[0].said, [...both, ...both]);
  Line.all[0].hear(busy("a"));
  Line.all[0].drop();
  mock.timers.tick(10_000);
  Line.all[1].open();
  mock.timers.tick(10_000);
  assert.deepEqual(Line.all[1].said, both);
  Line.all[1].hear({ type: "end", run: "a", state: "stopped", seq: 3, metrics: {} });
  Line.all[1].drop();
  mock.timers.tick(10_000);
  Line.all[2].open();

  assert.deepEqual(Line.all[2].said, both.slice(0, 1));
  assert.deepEqual(one.heard.map(([type]) => type), ["busy", "busy", "end"]);
  mock.timers.reset();
});

test("a socket that nobody needs stays closed", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const there = socket();
  there.watch("a", watcher());
  Line.all[0].open();
  there.unwatch("a");

  Line.all[0].drop();
  mock.timers.tick(60_000);

  assert.equal(Line.all.length, 1);
  mock.timers.reset();
});

test("a socket that the server refuses is tried less and less often, and its reason is told", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const there = socket();
  const told = [];
  there.addEventListener("down", ({ detail }) => told.push(detail));
  there.start({ run: "a" }, watcher());
  for (let number = 0; number < 6; number++) {
    Line.all[number].open();
    Line.all[number].hear({ type: "error", code: "too_many", message: "Close a tab." });
    Line.all[number].drop();
    mock.timers.tick(number < 5 ? 10_000 : 3_900);
  }

  assert.deepEqual(told, Array(6).fill("Close a tab."));
  assert.equal(Line.all.length, 6);
  mock.timers.tick(10_000);
  Line.all[6].open();
  assert.deepEqual(Line.all[6].said, [{ type: "start", run: "a" }]);
  Line.all[6].hear({ type: "run", run: "a", state: "running", seq: 0 });
  Line.all[6].drop();
  assert.equal(told[6], "");
  mock.timers.tick(301);
  assert.equal(Line.all.length, 8);
  mock.timers.reset();
});

test("pauses double up to eight seconds, and half of each is chance", () => {
  assert.deepEqual([0, 1, 2, 9].map((tries) => pauseBefore(tries, () => 0)), [150, 300, 600, 4000]);
  assert.deepEqual([0, 1, 2, 9].map((tries) => pauseBefore(tries, () => 1)), [300, 600, 1200, 8000]);
});

test("a socket whose network went away is let go, and what was seen goes on over a new one", (context) => {
  const tell = {};
  globalThis.addEventListener = (name, act) => (tell[name] = act);
  context.after(() => delete globalThis.addEventListener);
  const there = socket();
  const one = watcher();
  there.watch("a", one);
  Line.all[0].open();
  let downs = 0;
  there.addEventListener("down", () => downs++);
  one.seen = 7;

  tell.offline();
  assert.equal(downs, 1);
  assert.equal(Line.all[0].onmessage, null);
  tell.online();
  Line.all[1].open();

  assert.deepEqual(Line.all[1].said, [{ type: "watch", run: "a", after: 7 }]);
  Line.all[0].drop();
  assert.equal(downs, 1);
});
