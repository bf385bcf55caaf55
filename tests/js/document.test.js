import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { Draft } from "../../static/js/document/draft.js";
import { nodeAt } from "../../static/js/document/editing.js";
import { childOf, pointerOf, partsOf } from "../../static/js/document/pointer.js";
import { selected } from "../../static/js/document/selecting.js";
import { laidOut, pressed } from "../../static/js/document/spelling.js";
import { parse, placeOf } from "../../static/js/document/syntax.js";
import { bodyText, int, pick, randomFrom } from "./bodies.js";

const MADE_UP = 10_000;
const examples = process.env.EXAMPLES ? JSON.parse(readFileSync(process.env.EXAMPLES, "utf8")) : [];

function pointersOf(text) {
  const { root } = parse(text);
  const found = [];
  const walk = (node, pointer) => {
    if (pointer) found.push(pointer);
    node.members?.forEach((member) => walk(member.value, childOf(pointer, member.key)));
    node.items?.forEach((item, index) => walk(item, childOf(pointer, index)));
  };
  walk(root, "");
  return found;
}

function membersOf(text) {
  const { root } = parse(text);
  return pointersOf(text).filter((pointer) => nodeAt(root, pointerOf(partsOf(pointer).slice(0, -1))).type === "object");
}

/** Every body there is to try: the catalogue's examples in two layouts, and made-up ones. */
function* bodies() {
  for (const example of examples) {
    yield JSON.stringify(example, null, 2);
    yield JSON.stringify(example);
  }
  const random = randomFrom(20261122);
  for (let n = 0; n < MADE_UP; n++) yield bodyText(random);
}

test("the catalogue's examples are here to be tried", () => {
  assert.ok(examples.length > 40, `${examples.length} examples; run by tests/test_scripts.py`);
});

test("every body is read as every JSON reader reads it", () => {
  for (const text of bodies()) {
    assert.equal(parse(text).broken, null);
    assert.deepEqual(JSON.parse(pressed(text)), JSON.parse(text));
    assert.deepEqual(JSON.parse(laidOut(text)), JSON.parse(text));
  }
});

test("laying out and pressing keep the spelling of every number and string", () => {
  const text = '{"a":9007199254740993,"b":[1.0,1e3,-0],"c":"\\u4e2d\\/","a2":{}}';
  assert.equal(pressed(laidOut(text)), text);
});

test("switching any value, member or item, off and on again gives the same text", () => {
  const random = randomFrom(1);
  for (const text of bodies()) {
    const pointers = pointersOf(text);
    if (!pointers.length) continue;
    const pointer = pick(random, pointers);
    const off = new Draft(text).switchOff(pointer);
    const [kept] = Object.keys(off.off);
    assert.equal(off.sends(kept), false);
    assert.equal(off.get(kept), new Draft(text).get(pointer));
    assert.equal(off.switchOn(kept).text, text);
  }
});

test("items of a list can be switched off in any order and come back to their places", () => {
  const random = randomFrom(7);
  for (let round = 0; round < 2000; round++) {
    const items = Array.from({ length: 2 + int(random, 6) }, (_, n) => `i${n}`);
    const text = JSON.stringify({ list: items });
    let draft = new Draft(text);
    for (let step = 0; step < 12; step++) {
      const tokens = draft.items("/list");
      const pointer = childOf("/list", pick(random, tokens));
      draft = draft.sends(pointer) ? draft.switchOff(pointer) : draft.switchOn(pointer);
      assert.deepEqual(draft.items("/list").map((token) => draft.string(childOf("/list", token))), items);
    }
    while (Object.keys(draft.off).length) draft = draft.switchOn(pick(random, Object.keys(draft.off)));
    assert.deepEqual(JSON.parse(draft.text).list, items);
  }
});

test("what is switched off inside an item comes and goes with the item", () => {
  const text = '{"messages": [{"a": 1}, {"b": 2, "c": 3}, {"d": 4}]}';

  const inside = new Draft(text).switchOff("/messages/1/c").switchOff("/messages/1");
  assert.deepEqual(Object.keys(inside.off).sort(), ["/messages/off:1", "/messages/off:1/c"]);
  assert.equal(inside.get("/messages/off:1/c"), "3");

  const outside = inside.switchOff("/messages/0").switchOn("/messages/off:1").switchOn("/messages/off:2").switchOn("/messages/1/c");
  assert.equal(outside.text, text);
});

test("a selector of the catalogue finds the values it speaks of", () => {
  const text = JSON.stringify({
    include: ["x.y", "z"],
    tools: [{ type: "a" }, { type: "b", async: true }, { googleSearch: {} }],
    messages: [{ role: "function" }, { content: [{ type: "audio" }, { type: "text", mark: 1 }] }],
  });
  const find = (selector) => selected(new Draft(text), selector);

  assert.deepEqual(find("include[=x.y]"), ["/include/0"]);
  assert.deepEqual(find("tools[type=a,b]"), ["/tools/1", "/tools/0"]);
  assert.deepEqual(find("tools[googleSearch]"), ["/tools/2"]);
  assert.deepEqual(find("tools[].async"), ["/tools/1/async"]);
  assert.deepEqual(find("messages[role=function]"), ["/messages/0"]);
  assert.deepEqual(find("messages[].content[type=audio]"), ["/messages/1/content/0"]);
  assert.deepEqual(find("messages[].content[].mark"), ["/messages/1/content/1/mark"]);
  assert.deepEqual(find("missing.member"), []);
});

test("switching several off, one in the other, and on in the reverse order gives the same text", () => {
  const random = randomFrom(2);
  for (const text of bodies()) {
    const chosen = membersOf(text).sort(() => random() - 0.5).slice(0, 4);
    const states = [new Draft(text)];
    for (const pointer of chosen) states.push(states.at(-1).switchOff(pointer));
    let draft = states.at(-1);
    for (const before of states.toReversed().slice(1)) {
      const last = Object.keys(draft.off).find((pointer) => !before.off[pointer]);
      if (last) draft = draft.switchOn(last);
      assert.equal(draft.text, before.text);
    }
    assert.deepEqual(draft.off, {});
  }
});

test("switching several off and on in any order keeps values and their order", () => {
  const random = randomFrom(3);
  for (const text of bodies()) {
    const top = membersOf(text).filter((pointer) => partsOf(pointer).length === 1);
    const chosen = top.sort(() => random() - 0.5).slice(0, 3);
    let draft = new Draft(text);
    for (const pointer of chosen) draft = draft.switchOff(pointer);
    for (const pointer of chosen.sort(() => random() - 0.5)) draft = draft.switchOn(pointer);
    assert.equal(pressed(draft.text), pressed(text));
  }
});

test("setting the value that is there changes nothing", () => {
  for (const text of bodies()) {
    for (const pointer of pointersOf(text)) {
      const draft = new Draft(text);
      assert.equal(draft.set(pointer, draft.get(pointer)).text, text);
    }
  }
});

test("editing one value leaves every other byte as it was", () => {
  const random = randomFrom(4);
  for (const text of bodies()) {
    const pointers = pointersOf(text);
    if (!pointers.length) continue;
    const pointer = pick(random, pointers);
    const { start, end } = nodeAt(parse(text).root, pointer);
    assert.equal(new Draft(text).set(pointer, "1.50").text, text.slice(0, start) + "1.50" + text.slice(end));
  }
});

test("editing a value that is switched off keeps the rest when it is switched on", () => {
  const random = randomFrom(5);
  for (const text of bodies()) {
    const members = membersOf(text);
    if (!members.length) continue;
    const pointer = pick(random, members);
    const { start, end } = nodeAt(parse(text).root, pointer);
    const draft = new Draft(text).switchOff(pointer).set(pointer, '"new"').switchOn(pointer);
    assert.equal(draft.text, text.slice(0, start) + '"new"' + text.slice(end));
  }
});

test("adding a member and removing it gives the same text", () => {
  for (const text of bodies()) {
    const added = new Draft(text).set("/brand new", '{"x":[1]}');
    assert.deepEqual(JSON.parse(added.text), { ...JSON.parse(text), "brand new": { x: [1] } });
    const root = parse(text).root;
    if (root.members.length) assert.equal(added.remove("/brand new").text, text);
  }
});

test("adding, moving and removing items keeps what the others say", () => {
  const random = randomFrom(6);
  for (const text of bodies()) {
    const list = pointersOf(text).find((pointer) => nodeAt(parse(text).root, pointer).items?.length > 1);
    if (!list) continue;
    const items = JSON.parse(new Draft(text).get(list));
    const [from, to, at] = [int(random, items.length), int(random, items.length), int(random, items.length + 1)];
    const draft = new Draft(text).move(list, from, to);
    items.splice(to, 0, ...items.splice(from, 1));
    assert.deepEqual(JSON.parse(draft.get(list)), items);
    assert.equal(draft.move(list, to, from).text, text);
    const more = draft.insert(list, at, '{"new":1}');
    assert.deepEqual(JSON.parse(more.get(list)), items.toSpliced(at, 0, { new: 1 }));
    assert.equal(pressed(more.remove(childOf(list, at)).text), pressed(draft.text));
  }
});

test("a value switched off inside a message moves with its message", () => {
  const text = '{"messages": [{"role": "system", "content": "a"}, {"role": "user", "content": "b", "name": "n"}]}';

  const draft = new Draft(text).switchOff("/messages/1/name").move("/messages", 1, 0).insert("/messages", 0, '{"role":"tool"}');

  assert.equal(draft.get("/messages/1/name"), '"n"');
  assert.deepEqual(JSON.parse(draft.switchOn("/messages/1/name").get("/messages/1")), { role: "user", content: "b", name: "n" });
  assert.deepEqual(draft.remove("/messages/1").off, {});
  assert.equal(draft.remove("/messages/0").get("/messages/0/name"), '"n"');
});

test("a new member looks like its neighbours", () => {
  assert.equal(new Draft('{\n  "a": 1\n}').set("/b/c", "2").text, '{\n  "a": 1,\n  "b": {\n    "c": 2\n  }\n}');
  assert.equal(new Draft('{"a":1}').set("/b/c", "2").text, '{"a":1, "b":{"c": 2}}');
  assert.equal(new Draft("{}").set("/a", "1").text, '{\n  "a": 1\n}');
  assert.equal(new Draft('{\n\t"a": 1,\n\t"b": 2\n}').set("/c", "3", { after: ["a"] }).text, '{\n\t"a": 1,\n\t"c": 3,\n\t"b": 2\n}');
});

test("removing the only member leaves an empty object", () => {
  assert.equal(new Draft('{\n  "a": {\n    "b": 1\n  }\n}').remove("/a/b").text, '{\n  "a": {}\n}');
});

test("null, absent and switched off are three things", () => {
  const draft = new Draft('{"a": null, "b": 1}').switchOff("/b");

  assert.deepEqual([draft.get("/a"), draft.get("/b"), draft.get("/c")], ["null", "1", undefined]);
  assert.deepEqual([draft.sends("/a"), draft.sends("/b"), draft.sends("/c")], [true, false, false]);
  assert.deepEqual(draft.keys(""), ["a", "b"]);
});

test("a text that sends a switched-off value again lets the kept one go", () => {
  const draft = new Draft('{"a": 1, "b": 2}').switchOff("/b");

  assert.deepEqual(draft.withText('{"a": 1, "b": 3}').off, {});
  assert.equal(draft.withText('{"a": 1').off["/b"].valueText, "2");
  assert.equal(draft.withText('{"a": 1').broken.code, "unfinished");
});

test("a broken text says where it is broken", () => {
  const broken = (text) => [parse(text).broken.code, placeOf(text, parse(text).broken.at)];

  assert.deepEqual(broken('{\n "a": 1,\n}'), ["key_expected", { line: 3, column: 1 }]);
  assert.deepEqual(broken('{"a" 1}'), ["expected_colon", { line: 1, column: 6 }]);
  assert.deepEqual(broken('{"a": [1 2]}'), ["expected_comma_or_bracket", { line: 1, column: 10 }]);
  assert.deepEqual(broken('{"a": 01}'), ["bad_number", { line: 1, column: 7 }]);
  assert.deepEqual(broken('{"a": NaN}'), ["value_expected", { line: 1, column: 7 }]);
  assert.deepEqual(broken('{"a": "x\ny"}'), ["control_character", { line: 1, column: 9 }]);
  assert.deepEqual(broken('{"a": "\\x"}'), ["bad_escape", { line: 1, column: 8 }]);
  assert.deepEqual(broken('{"a": "x'), ["string_open", { line: 1, column: 9 }]);
  assert.deepEqual(broken("{} {}"), ["trailing", { line: 1, column: 4 }]);
  assert.equal(parse("[".repeat(300)).broken.code, "too_deep");
  assert.equal(parse("[".repeat(200) + "]".repeat(200)).broken, null);
});

test("keys given twice are named", () => {
  const { doubles } = parse('{"a": 1, "\\u0061": 2, "b": {"c": 1, "c": 2}}');

  assert.deepEqual(doubles.map((double) => double.pointer), ["/a", "/b/c"]);
});

test("a text of twenty megabytes in one string is read whole", () => {
  const text = `{"a": "${"A\\n".repeat(7_000_000)}", "b": 1}`;

  assert.equal(new Draft(text).get("/b"), "1");
});
