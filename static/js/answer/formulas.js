// Formulas in Markdown: `$…$`, `\(…\)` in a line and `$$…$$`, `\[…\]` by themselves. They are marked here and drawn later.

const INLINE = [
  { open: "\\(", close: "\\)", display: false },
  { open: "\\[", close: "\\]", display: true },
  { open: "$$", close: "$$", display: true },
  { open: "$", close: "$", display: false },
];

/** A plugin of markdown-it. */
export function formulas(markdown) {
  markdown.inline.ruler.before("escape", "formula", inlineFormula);
  markdown.block.ruler.before("fence", "formula", blockFormula, { alt: ["paragraph", "blockquote", "list"] });
  markdown.renderer.rules.formula = (tokens, index) => {
    const { content, meta } = tokens[index];
    const source = markdown.utils.escapeHtml(content);
    return meta.display ? `<div class="math math-display">${source}</div>\n` : `<span class="math">${source}</span>`;
  };
}

function inlineFormula(state, silent) {
  const kind = INLINE.find(({ open }) => state.src.startsWith(open, state.pos));
  if (!kind) return false;
  const from = state.pos + kind.open.length;
  const to = state.src.indexOf(kind.close, from);
  if (to < 0 || to > state.posMax || !isFormula(kind, state.src.slice(from, to), state.src[to + 1])) return false;
  if (!silent) {
    const token = state.push("formula", "math", 0);
    token.content = state.src.slice(from, to).trim();
    token.meta = { display: false };
  }
  state.pos = to + kind.close.length;
  return true;
}

// "$5 and $6" are prices: a formula begins and ends without a space, and no digit follows it.
function isFormula({ open }, content, after) {
  if (!content.trim() || content.includes("\n\n")) return false;
  return open !== "$" || (!/^\s|\s$/.test(content) && !/\d/.test(after ?? ""));
}

function blockFormula(state, startLine, endLine, silent) {
  const first = lineOf(state, startLine);
  const mark = first.startsWith("$$") ? "$$" : first.startsWith("\\[") ? "\\[" : null;
  if (!mark || state.sCount[startLine] - state.blkIndent >= 4) return false;
  const close = mark === "$$" ? "$$" : "\\]";
  const lines = [];
  for (let line = startLine; line < endLine; line++) {
    const text = line === startLine ? first.slice(2) : lineOf(state, line);
    if (line > startLine && !text) return false;
    const end = text.indexOf(close);
    if (end >= 0) {
      if (text.slice(end + 2).trim()) return false;
      if (!silent) push(state, [...lines, text.slice(0, end)].join("\n"), startLine, line + 1);
      return true;
    }
    lines.push(text);
  }
  return false;
}

function push(state, content, from, to) {
  const token = state.push("formula", "math", 0);
  Object.assign(token, { block: true, content: content.trim(), map: [from, to], meta: { display: true } });
  state.line = to;
}

function lineOf(state, line) {
  return state.src.slice(state.bMarks[line] + state.tShift[line], state.eMarks[line]).trimEnd();
}
