import assert from "node:assert/strict";
import { test } from "node:test";

import { formAsked } from "../../static/js/answer/asked.js";
import { missesOf } from "../../static/js/answer/schema_check.js";
import { segmentsOf, segmentsOfSubtitles, subtitles } from "../../static/js/answer/segments.js";

const PERSON = {
  type: "object",
  properties: { name: { type: "string", minLength: 2 }, age: { type: "integer", minimum: 0 }, "a/b": { $ref: "#/$defs/flag" } },
  required: ["name", "age"],
  additionalProperties: false,
  $defs: { flag: { type: ["boolean", "null"] } },
};

const told = (value, schema = PERSON) => missesOf(value, schema).map(({ pointer, message }) => `${pointer} ${message}`);

test("the form an answer was asked to have is found in the words of every dialect", () => {
  const schema = { type: "object" };
  const asked = [
    { response_format: { type: "json_schema", json_schema: { name: "n", schema } } },
    { text: { format: { type: "json_schema", name: "n", schema } } },
    { output_config: { format: { type: "json_schema", name: "n", schema } } },
    { output_format: { type: "json_schema", name: "n", schema } },
  ];
  for (const body of asked) assert.deepEqual(formAsked(body), { name: "n", schema });
  assert.deepEqual(formAsked({ generationConfig: { responseJsonSchema: schema } }), { name: "", schema });
  assert.deepEqual(formAsked({ response_format: { type: "json_object" } }), { name: "", schema: null });
  assert.deepEqual(formAsked({ generationConfig: { responseMimeType: "application/json" } }), { name: "", schema: null });
  for (const body of [null, {}, { response_format: "verbose_json" }, { response_format: { type: "text" } }, { text: "x" }]) assert.equal(formAsked(body), null);
});

test("a schema of Gemini is read as JSON Schema", () => {
  const responseSchema = {
    type: "OBJECT",
    properties: { name: { type: "STRING", nullable: true, format: "enum" }, type: { type: "ARRAY", minItems: "2", items: { type: "INTEGER" } } },
    propertyOrdering: ["name"],
  };

  const { schema } = formAsked({ generationConfig: { responseSchema } });

  assert.deepEqual(told({ name: null, type: [1, 2] }, schema), []);
  assert.deepEqual(told({ name: "x", type: [1] }, schema), ["/type must have at least 2 entries"]);
  assert.deepEqual(told({ name: "x", type: [1, "2"] }, schema), ["/type/1 should be a whole number, but is a text"]);
});

test("every place that misses a schema is told once, by its pointer", () => {
  assert.deepEqual(told({ name: "Li", age: 3, "a/b": null }), []);
  assert.deepEqual(told({ name: "L", age: -1.5, "a/b": "yes", more: 1 }).sort(), [
    "/age must be at least 0",
    "/age should be a whole number, but is a number",
    "/a~1b should be true or false or null, but is a text",
    "/more is not in the schema",
    "/name must have at least 2 characters",
  ]);
  assert.deepEqual(told({ age: 1 }), ["/name is missing"]);
  assert.deepEqual(told([]), [" should be an object, but is a list"]);
});

test("a choice that nothing fits is one sentence, not one for each alternative", () => {
  const schema = { type: "array", items: { anyOf: [{ type: "string" }, { type: "object", required: ["a"] }] } };

  assert.deepEqual(told(["x", { a: 1 }, 3, {}], schema), ["/2 fits none of the forms the schema allows", "/3 fits none of the forms the schema allows"]);
});

test("a schema that cannot be read says so by throwing", () => {
  assert.throws(() => missesOf({}, { $ref: "#/nowhere" }));
});

test("a transcript is read from JSON, SRT and WebVTT alike, and written as SRT again", () => {
  const segments = [{ from: 0, to: 6.5, text: "Good morning." }, { from: 66.5, to: 3670.25, text: "Two lines" }];
  const srt = "1\n00:00:00,000 --> 00:00:06,500\nGood morning.\n\n2\n00:01:06,500 --> 01:01:10,250\nTwo\nlines\n";
  const vtt = "WEBVTT\n\n00:00.000 --> 00:06.500\nGood morning.\n\n01:06.500 --> 01:01:10.250\nTwo lines\n";

  assert.deepEqual(segmentsOfSubtitles(srt), segments);
  assert.deepEqual(segmentsOfSubtitles(vtt), segments);
  assert.equal(subtitles(segments), srt.replace("Two\nlines", "Two lines"));
  const json = { text: "…", segments: [{ start: 0, end: 1, text: " Hi ", speaker: "A" }] };
  assert.deepEqual(segmentsOf(json), [{ from: 0, to: 1, text: "Hi", speaker: "A" }]);
  assert.equal(segmentsOf({ segments: [{ id: 1 }] }), null);
  assert.equal(segmentsOfSubtitles("1\n2\n\nis a list"), null);
});
