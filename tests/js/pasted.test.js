import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { holdsSecret } from "../../static/js/pasted_key.js";

const samples = JSON.parse(readFileSync(new URL("../search/pasted.json", import.meta.url)));

test("the browser knows a key by the same signs as the server", () => {
  for (const text of samples.secrets) assert.equal(holdsSecret(text), true, text);
  for (const text of samples.words) assert.equal(holdsSecret(text), false, text);
});
