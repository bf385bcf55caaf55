// Formulas in Markdown, told from prices and from code.

import assert from "node:assert/strict";
import { test } from "node:test";
import MarkdownIt from "markdown-it";
import { formulas } from "../../static/js/answer/formulas.js";

const rendered = (source) => new MarkdownIt({ html: false }).use(formulas).render(source).trim();

test("formulas in a line are marked, with dollars and with brackets", () => {
  assert.equal(rendered("so $a^2$ and \\(b\\) hold"), '<p>so <span class="math">a^2</span> and <span class="math">b</span> hold</p>');
});

test("formulas by themselves are marked as display", () => {
  assert.equal(rendered("$$\nx = 1\n$$"), '<div class="math math-display">x = 1</div>');
  assert.equal(rendered("\\[ y < 2 \\]"), '<div class="math math-display">y &lt; 2</div>');
});

test("prices and code are no formulas", () => {
  assert.equal(rendered("from $5 to $6"), "<p>from $5 to $6</p>");
  assert.equal(rendered("`$a$`"), "<p><code>$a$</code></p>");
});

test("a formula that has not ended yet is text", () => {
  assert.equal(rendered("$$\nx = "), "<p>$$\nx =</p>");
});
