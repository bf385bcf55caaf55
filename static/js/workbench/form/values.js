// What a parameter starts with when somebody wants to send it, and whether a value is its default.

import { laidOut, pressed, spelled } from "../../document/spelling.js";
import { fieldsOfObject } from "./fields.js";
import { fits } from "./shapes.js";

const EMPTY = { string: '""', base64: '""', file: '"@file:"', number: "0", integer: "0", boolean: "true", object: "{}", map: "{}", array: "[]", any: "null" };
const DEEPEST = 4;

/** The text a field is sent with when it had no value yet. */
export function firstText(field, objects) {
  const { row, shapes } = field;
  if (row.has_default && shapes.some((shape) => fits(shape, jsonTypeOf(row.default)))) return defaultText(row);
  if (row.enum?.length && shapes[0].kind !== "array") return spelled(row.enum[0]);
  if (row.minimum !== undefined && row.minimum !== null && row.minimum > 0) return spelled(row.minimum);
  if (field.children.length) return objectText(field.children, objects, 0);
  return textOfShape(shapes[0], objects);
}

// Sending what would hold anyway is seldom what somebody means by switching a yes-or-no on.
function defaultText({ default: value }) {
  return typeof value === "boolean" ? spelled(!value) : spelled(value);
}

/** The smallest text that is of a shape: named objects with their signs and what they require. */
export function textOfShape(shape, objects, depth = 0) {
  if (shape.kind !== "ref" || depth > DEEPEST) return EMPTY[shape.kind] ?? "{}";
  const object = objects[shape.object];
  if (!object) return "{}";
  return objectText(fieldsOfObject(object), objects, depth, object.discriminator);
}

function objectText(fields, objects, depth, signs = {}) {
  const needed = fields.filter((field) => field.row.required || field.key in signs);
  const told = Object.keys(signs).filter((key) => !fields.some((field) => field.key === key));
  const members = [
    ...told.map((key) => `${spelled(key)}: ${spelled(signs[key])}`),
    ...bySignsFirst(needed, signs).map((field) => `${spelled(field.key)}: ${memberText(field, objects, depth, signs)}`),
  ];
  return laidOut(`{${members.join(", ")}}`);
}

function bySignsFirst(fields, signs) {
  return fields.toSorted((one, other) => Number(other.key in signs) - Number(one.key in signs));
}

function memberText(field, objects, depth, signs) {
  if (field.key in signs) return spelled(signs[field.key]);
  if (field.row.enum?.length && field.shapes[0].kind !== "array") return spelled(field.row.enum[0]);
  if (field.children.length) return objectText(field.children, objects, depth + 1);
  return textOfShape(field.shapes[0], objects, depth + 1);
}

function jsonTypeOf(value) {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  return typeof value === "boolean" ? String(value) : typeof value;
}

/** Whether a text is the value that holds when nothing is sent. */
export function isDefault(row, text) {
  return Boolean(row.has_default) && pressed(text) === spelled(row.default);
}
