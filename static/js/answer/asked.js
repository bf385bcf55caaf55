// What a request asked its answer to be, in the words of each dialect.

/**
 * The form an answer was asked to have: `{name, schema}`, its schema in JSON Schema or null where any JSON will do.
 * Null when nothing was asked.
 */
export function formAsked(body) {
  if (!body || typeof body !== "object") return null;
  return ofChat(body.response_format) ?? ofFormat(body.text?.format) ?? ofFormat(body.output_config?.format ?? body.output_format) ?? ofGemini(body.generationConfig);
}

function ofChat(format) {
  if (format?.type !== "json_schema") return ofFormat(format);
  return form(format.json_schema?.schema, format.json_schema?.name);
}

function ofFormat(format) {
  if (format?.type === "json_object") return form(null);
  return format?.type === "json_schema" ? form(format.schema, format.name) : null;
}

function ofGemini(config) {
  if (config?.responseJsonSchema) return form(config.responseJsonSchema);
  if (config?.responseSchema) return form(fromOpenApi(config.responseSchema));
  return config?.responseMimeType === "application/json" ? form(null) : null;
}

function form(schema, name = "") {
  const isSchema = typeof schema === "boolean" || (schema !== null && typeof schema === "object");
  return { name: typeof name === "string" ? name : "", schema: isSchema ? schema : null };
}

const OF_ONE = ["items", "not", "additionalProperties"];
const OF_MANY = ["anyOf", "oneOf", "allOf", "prefixItems"];
const OF_NAMES = ["properties", "patternProperties", "$defs", "defs"];
const LIMITS = ["minItems", "maxItems", "minLength", "maxLength", "minProperties", "maxProperties"];
const NOT_OF_JSON_SCHEMA = ["nullable", "propertyOrdering", "example", "format"];

/** Gemini's schemas are those of OpenAPI: types in capitals, `nullable`, limits as texts. */
function fromOpenApi(schema) {
  if (schema === null || typeof schema !== "object") return schema;
  const made = Object.fromEntries(Object.entries(schema).filter(([key]) => !NOT_OF_JSON_SCHEMA.includes(key)));
  for (const key of OF_ONE) if (key in made) made[key] = fromOpenApi(made[key]);
  for (const key of OF_MANY) if (Array.isArray(made[key])) made[key] = made[key].map(fromOpenApi);
  for (const key of OF_NAMES) if (made[key]) made[key] = Object.fromEntries(Object.entries(made[key]).map(([name, each]) => [name, fromOpenApi(each)]));
  for (const key of LIMITS) if (typeof made[key] === "string") made[key] = Number(made[key]);
  if (typeof made.type === "string") made.type = made.type.toLowerCase();
  return schema.nullable ? { anyOf: [made, { type: "null" }] } : made;
}
