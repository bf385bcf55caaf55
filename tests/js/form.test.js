import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { Draft } from "../../static/js/document/draft.js";
import { parse } from "../../static/js/document/syntax.js";
import { asSpelled, bodyFields, fieldsOf, fieldsOfObject, grouped } from "../../static/js/workbench/form/fields.js";
import { fits, shapeAt, shapesOf, typeWord } from "../../static/js/workbench/form/shapes.js";
import { firstText, textOfShape } from "../../static/js/workbench/form/values.js";

const calls = process.env.TABLES ? JSON.parse(readFileSync(process.env.TABLES, "utf8")) : [];

function everyField({ table }) {
  const nested = (fields) => fields.flatMap((field) => [field, ...nested(field.children)]);
  return nested([...bodyFields(table), ...Object.values(table.objects).flatMap(fieldsOfObject)]);
}

test("the catalogue's calls are here to be tried", () => {
  assert.ok(calls.length > 50, `${calls.length} calls; run by tests/js/test_scripts.py`);
});

test("a type is read into its alternatives, however deep", () => {
  assert.deepEqual(shapesOf("string | array<object:a | map<string,integer>>"), [
    { kind: "string" },
    { kind: "array", of: [{ kind: "ref", object: "a" }, { kind: "map", of: [{ kind: "integer" }] }] },
  ]);
  assert.equal(typeWord("string | object:a | object:b | map<string,any>"), "string | object");
});

test("every body parameter of every call is a row in exactly one group", () => {
  for (const { id, table } of calls) {
    const rows = table.parameters.filter((row) => row.place === "body");
    const fields = bodyFields(table);
    const count = (list) => list.reduce((sum, field) => sum + 1 + count(field.children), 0);
    assert.equal(count(fields), rows.length, id);
    assert.deepEqual(new Set(grouped(fields).flatMap((group) => group.fields)), new Set(fields), id);
  }
});

test("a member that people look for elsewhere than its object stands there by its whole name", () => {
  const [holder, moved] = fieldsOf([
    { name: "config", type: "object", group: "advanced" },
    { name: "config.temperature", type: "number", group: "sampling" },
    { name: "config.labels", type: "object", group: "advanced" },
  ]);

  assert.deepEqual([moved.pointer, moved.group], ["/config/temperature", "sampling"]);
  assert.deepEqual(holder.children.map((field) => field.key), ["labels"]);
  assert.deepEqual([...holder.elsewhere], ["temperature"]);
});

test("a list that a form repeats stands where the table has it, by the name it is sent by", () => {
  const [image, prompt] = fieldsOf([{ name: "image", type: "file | array<file>" }, { name: "prompt", type: "string" }]);

  assert.deepEqual(asSpelled([image, prompt], ["prompt", "image[]"]).map((field) => field.pointer), ["/image[]", "/prompt"]);
  assert.deepEqual(asSpelled([image], ["image", "image[]"]).map((field) => field.row.name), ["image", "image[]"]);
  assert.equal(asSpelled([image], ["image[]"])[0], asSpelled([image], ["image[]"])[0]);
  assert.deepEqual(asSpelled([image, prompt], ["image"]), [image, prompt]);
});

test("whatever is switched on for the first time is JSON of a shape the row allows", () => {
  for (const call of calls) {
    for (const field of everyField(call)) {
      const text = firstText(field, call.table.objects);
      const { root, broken } = parse(text);
      assert.equal(broken, null, `${call.id} ${field.row.name}: ${text}`);
      assert.ok(field.shapes.some((shape) => fits(shape, root.type)), `${call.id} ${field.row.name}: ${text}`);
    }
  }
});

test("an object made new is told apart from its siblings as what it was made as", () => {
  for (const { id, table } of calls) {
    for (const field of everyField({ table })) {
      for (const { of = [] } of [...field.shapes, { of: field.shapes }]) {
        const told = of.filter((shape) => shape.kind === "ref" && Object.keys(table.objects[shape.object]?.discriminator ?? {}).length);
        const signs = told.map((shape) => JSON.stringify(table.objects[shape.object].discriminator));
        for (const shape of told.filter((_, at) => signs.indexOf(signs[at]) === at)) {
          const draft = new Draft(`{"x": ${textOfShape(shape, table.objects)}}`);
          assert.equal(shapeAt(draft, "/x", of, table.objects)?.object, shape.object, `${id} ${field.row.name}`);
        }
      }
    }
  }
});

test("a kind that goes by several names is known by each, and one nobody knows is none", () => {
  const objects = {
    call: { discriminator: { type: "function" }, fields: [] },
    search: { fields: [{ name: "type", type: "string", enum: ["search", "search_2025"] }] },
  };
  const shapes = shapesOf("object:call | object:search");
  const kind = (type) => shapeAt(new Draft(`{"x": {"type": "${type}"}}`), "/x", shapes, objects)?.object ?? null;

  assert.deepEqual(["function", "search", "search_2025", "hologram"].map(kind), ["call", "search", "search", null]);
  assert.equal(shapeAt(new Draft('{"x": {"name": "no type"}}'), "/x", shapes, objects).object, "call");
});

test("every value of every JSON example has a shape its table knows", () => {
  for (const { id, example, type: sent, table } of calls) {
    // In a form of files every value is a text.
    if (!example || sent !== "json") continue;
    const draft = new Draft(JSON.stringify(example));
    for (const field of bodyFields(table)) {
      const type = draft.typeOf(field.pointer);
      if (type === undefined || type === "null") continue;
      assert.ok(shapeAt(draft, field.pointer, field.shapes, table.objects), `${id} ${field.row.name}`);
    }
  }
});
