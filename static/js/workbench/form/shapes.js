// The types of the parameter tables, read: `string | array<object:tool>` becomes a list of shapes.
//
// A shape is {kind, of?, object?}: a scalar, `array` or `map` of shapes, or `ref` to a named object.

const read = new Map();

/** The shapes a value may take. */
export function shapesOf(type) {
  if (!read.has(type)) read.set(type, alternatives(type).map(shapeOf));
  return read.get(type);
}

function shapeOf(text) {
  if (text.startsWith("object:")) return { kind: "ref", object: text.slice("object:".length) };
  if (text.startsWith("array<")) return { kind: "array", of: shapesOf(text.slice("array<".length, -1)) };
  if (text.startsWith("map<string,")) return { kind: "map", of: shapesOf(text.slice("map<string,".length, -1)) };
  return { kind: text };
}

// Parted at the bars that stand outside all angle brackets.
function alternatives(text) {
  const parts = [""];
  let depth = 0;
  for (const sign of text) {
    if (sign === "<") depth++;
    if (sign === ">") depth--;
    if (sign === "|" && depth === 0) parts.push("");
    else parts[parts.length - 1] += sign;
  }
  return parts.map((part) => part.trim());
}

const JSON_TYPES = {
  string: ["string"],
  base64: ["string"],
  file: ["string"],
  number: ["number"],
  integer: ["number"],
  boolean: ["true", "false"],
  object: ["object"],
  map: ["object"],
  ref: ["object"],
  array: ["array"],
  any: ["object", "array", "string", "number", "true", "false", "null"],
};

/** Whether a JSON value of this type can be of this shape. */
export function fits(shape, jsonType) {
  return JSON_TYPES[shape.kind].includes(jsonType);
}

/**
 * The shape among several that a value at a pointer has: by its JSON type, and for named objects by the fields
 * that tell them apart. Null when none fits.
 */
export function shapeAt(draft, pointer, shapes, objects) {
  const type = draft.typeOf(pointer);
  const fitting = shapes.filter((shape) => fits(shape, type));
  if (fitting.length < 2) return fitting[0] ?? null;
  if (type === "array") return listShape(draft, pointer, fitting, objects);
  const told = fitting.filter((shape) => isTold(draft, pointer, objects[shape.object]));
  const closest = told.toSorted((one, other) => signsOf(objects[other.object]).length - signsOf(objects[one.object]).length)[0];
  return closest ?? fitting.find((shape) => contradictsNothing(draft, pointer, objects[shape.object])) ?? null;
}

// Two lists differ by what their first item is.
function listShape(draft, pointer, shapes, objects) {
  const first = `${pointer}/0`;
  return shapes.find((shape) => draft.at(first) && shapeAt(draft, first, shape.of, objects)) ?? shapes[0];
}

// What tells an object from its siblings: fields and the values they must have.
const signs = new WeakMap();

function signsOf(object) {
  if (!object) return [];
  if (!signs.has(object)) signs.set(object, foundSigns(object));
  return signs.get(object);
}

// A kind that goes by several names has no one sign: its `type` may be any of a few.
function foundSigns({ discriminator = {}, fields }) {
  const own = Object.entries(discriminator).map(([key, value]) => [key, [value]]);
  const type = fields.find((field) => field.name === "type" && field.enum?.length);
  return own.length || !type ? own : [["type", type.enum]];
}

function isTold(draft, pointer, object) {
  const found = signsOf(object);
  return found.length > 0 && found.every(([key, values]) => values.includes(draft.string(`${pointer}/${key}`)));
}

// What says nothing of its kind may be any that has no sign, or whose signs it leaves out.
function contradictsNothing(draft, pointer, object) {
  return signsOf(object).every(([key, values]) => !draft.at(`${pointer}/${key}`) || values.includes(draft.string(`${pointer}/${key}`)));
}

/** What a shape is called beside its siblings: the value that tells it apart, or its kind. */
export function shapeName(shape, objects) {
  if (shape.kind !== "ref") return shape.kind === "array" ? "list" : shape.kind;
  const [sign] = signsOf(objects[shape.object]);
  return sign?.[1][0] ?? shape.object.replaceAll("_", " ");
}

/** The type in a word or two: named objects and maps are objects, however many there are. */
export function typeWord(type) {
  const words = shapesOf(type).map(({ kind }) => (kind === "ref" || kind === "map" ? "object" : kind));
  return [...new Set(words)].join(" | ");
}
