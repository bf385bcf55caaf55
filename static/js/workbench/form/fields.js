// The rows of a form: the catalogue's dotted parameters as a tree, in the groups people look for them.
//
// A field is {key, path, pointer, row, shapes, children, elsewhere, group}: `path` and `pointer` lead from its holder to the
// value, `elsewhere` names members that stand in another group by their whole name.

import { pointerOf } from "../../document/pointer.js";
import { shapesOf } from "./shapes.js";

export const GROUPS = ["common", "sampling", "output", "tools", "advanced"];

const FIRST = ["model", "system", "instructions", "systemInstruction", "messages", "contents", "input", "prompt"];

/** The fields of a list of rows, dotted names nested into their objects. */
export function fieldsOf(rows) {
  const byName = new Map();
  const top = [];
  for (const row of rows) {
    const field = fieldOf(row);
    byName.set(row.name, field);
    const holder = byName.get(row.name.slice(0, Math.max(0, row.name.lastIndexOf("."))));
    if (holder && belongs(field, holder)) holder.children.push(field);
    else top.push(field);
    if (holder && !belongs(field, holder)) holder.elsewhere.add(field.key);
  }
  return top;
}

// A child that people look for elsewhere than its object (temperature in generationConfig) stands there by its whole name.
function belongs(field, holder) {
  return !field.row.group || field.row.group === holder.row.group;
}

function fieldOf(row) {
  const path = row.name.split(".");
  const shapes = shapesOf(row.type);
  const group = row.group ?? "advanced";
  return { key: path.at(-1), path, pointer: pointerOf(path), row, shapes, children: [], elsewhere: new Set(), group };
}

/** The fields of a call's body, as a parameter table lists them. */
export function bodyFields(table) {
  return fieldsOf(table.parameters.filter((row) => (row.place ?? "body") === "body"));
}

/** The groups of a form, each `{name, fields}`, none empty. */
export function grouped(fields) {
  return GROUPS.map((name) => ({ name, fields: inOrder(fields.filter((field) => field.group === name)) })).filter(
    (group) => group.fields.length,
  );
}

function inOrder(fields) {
  const rank = ({ row }) => {
    const place = FIRST.indexOf(row.name);
    return place < 0 ? FIRST.length : place;
  };
  return fields.toSorted((one, other) => rank(one) - rank(other));
}

const repeats = new WeakMap();

/** The fields as a body with these keys spells them: forms repeat `image[]` for the list that tables call `image`. */
export function asSpelled(fields, keys) {
  return fields.flatMap((field) => {
    if (!keys.includes(`${field.key}[]`)) return [field];
    return keys.includes(field.key) ? [field, repeated(field)] : [repeated(field)];
  });
}

function repeated(field) {
  if (!repeats.has(field)) {
    const key = `${field.key}[]`;
    repeats.set(field, { ...field, key, path: [key], pointer: pointerOf([key]), row: { ...field.row, name: key } });
  }
  return repeats.get(field);
}

const objectFields = new WeakMap();

/** The fields of a named object. */
export function fieldsOfObject(object) {
  if (!object) return [];
  if (!objectFields.has(object)) objectFields.set(object, fieldsOf(object.fields));
  return objectFields.get(object);
}

/** Whether a field is set aside at the end of its group: newer than the document, beta, or a gateway's own. */
export function isAside({ row }) {
  return Boolean(row.newer || row.beta || row.gateway);
}

/** A field for a member that no table knows. */
export function unknownField(key) {
  const row = { name: key, type: "any", unknown: true, group: "advanced" };
  return { ...fieldOf(row), key, path: [key], pointer: pointerOf([key]) };
}

/** Whether a field, or one inside it, has the words in its name or its meaning. */
export function speaksOf(field, words) {
  return tells(field.row, words) || field.children.some((child) => speaksOf(child, words));
}

/** Whether a row has the words in its own name or meaning. */
export function tells({ name, en = "", zh = "" }, words) {
  return name.toLowerCase().includes(words) || en.toLowerCase().includes(words) || zh.includes(words);
}
