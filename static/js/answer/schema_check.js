// Where a value is not what a schema wants, in sentences. Loaded when an answer was asked to follow one.

import { Validator } from "@cfworker/json-schema";
import { childOf, partsOf } from "../document/pointer.js";
import { t } from "../texts.js";

const MOST = 50;
const CHOICES = ["anyOf", "oneOf", "not"];

/** The places where a value misses its schema, each `{pointer, message}`; throws for a schema that cannot be read. */
export function missesOf(value, schema) {
  const { errors } = new Validator(schema, "2020-12", false).validate(value);
  const choices = errors.filter(({ keyword }) => CHOICES.includes(keyword)).map(({ keywordLocation }) => `${keywordLocation}/`);
  const own = errors.filter(({ keywordLocation }) => !choices.some((choice) => keywordLocation.startsWith(choice)));
  return unique(own.flatMap((error) => told(error, value, schema))).slice(0, MOST);
}

// What only says that something inside it is wrong is left out: that is told by itself.
function told({ keyword, keywordLocation, instanceLocation, error }, root, schema) {
  const pointer = readable(instanceLocation);
  const value = at(root, pointer);
  if (keyword === "required") return missing(at(schema, readable(keywordLocation), schema), value, pointer);
  if (keyword === "false") return [{ pointer, message: t("is not in the schema") }];
  const sentence = SENTENCES[keyword];
  if (sentence) return [{ pointer, message: sentence(at(schema, readable(keywordLocation), schema), value) }];
  return HOLDERS.has(keyword) ? [] : [{ pointer, message: error }];
}

const HOLDERS = new Set(
  "properties patternProperties additionalProperties propertyNames items prefixItems additionalItems unevaluatedProperties unevaluatedItems $ref $recursiveRef allOf if dependentSchemas dependencies".split(" "),
);

const SENTENCES = {
  type: (kinds, value) => t("should be {kinds}, but is {given}", { kinds: [kinds].flat().map(kindWord).join(t(" or ")), given: kindWord(kindOf(value)) }),
  enum: (values) => t("must be one of: {values}", { values: values.map((each) => JSON.stringify(each)).join(", ") }),
  const: (value) => t("must be {value}", { value: JSON.stringify(value) }),
  minimum: (limit) => t("must be at least {limit}", { limit }),
  maximum: (limit) => t("must be at most {limit}", { limit }),
  exclusiveMinimum: (limit) => t("must be more than {limit}", { limit }),
  exclusiveMaximum: (limit) => t("must be less than {limit}", { limit }),
  multipleOf: (limit) => t("must be a multiple of {limit}", { limit }),
  minLength: (limit) => limit === 1 ? t("must have at least 1 character") : t("must have at least {limit} characters", { limit }),
  maxLength: (limit) => limit === 1 ? t("must have at most 1 character") : t("must have at most {limit} characters", { limit }),
  minItems: (limit) => limit === 1 ? t("must have at least 1 entry") : t("must have at least {limit} entries", { limit }),
  maxItems: (limit) => limit === 1 ? t("must have at most 1 entry") : t("must have at most {limit} entries", { limit }),
  minProperties: (limit) => limit === 1 ? t("must have at least 1 field") : t("must have at least {limit} fields", { limit }),
  maxProperties: (limit) => limit === 1 ? t("must have at most 1 field") : t("must have at most {limit} fields", { limit }),
  uniqueItems: () => t("holds the same entry twice"),
  pattern: (pattern) => t("must match {pattern}", { pattern }),
  format: (format) => t("must be written as {format}", { format }),
  anyOf: () => t("fits none of the forms the schema allows"),
  oneOf: () => t("must fit exactly one of the forms the schema allows"),
  not: () => t("has a form the schema forbids"),
};

function missing(names, value, pointer) {
  const absent = names.filter((name) => !Object.hasOwn(value, name));
  return absent.map((name) => ({ pointer: childOf(pointer, name), message: t("is missing") }));
}

function kindWord(kind) {
  const words = {
    string: t("a text"),
    number: t("a number"),
    integer: t("a whole number"),
    boolean: t("true or false"),
    array: t("a list"),
    object: t("an object"),
    null: t("null"),
  };
  return words[kind] ?? kind;
}

function kindOf(value) {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}

// The library writes pointers as fragments: `#/a%20b`.
function readable(location) {
  return decodeURI(location.replace(/^#/, ""));
}

/** What stands at a pointer; on the way through a schema, `$ref` leads to what it names. */
function at(value, pointer, root = null) {
  return partsOf(pointer).reduce((place, key) => {
    const next = place?.[key];
    return key === "$ref" && root && typeof next === "string" ? at(root, readable(next), root) : next;
  }, value);
}

function unique(misses) {
  const seen = new Set();
  return misses.filter(({ pointer, message }) => !seen.has(`${pointer}\n${message}`) && seen.add(`${pointer}\n${message}`));
}
