// The editor of JSON text: CodeMirror in our colours. Its text is the draft's text, changed by the smallest edit.

import { closeBrackets, closeBracketsKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { json } from "@codemirror/lang-json";
import { HighlightStyle, bracketMatching, foldGutter, foldKeymap, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { lintGutter, linter, forceLinting } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { Annotation, EditorState } from "@codemirror/state";
import { EditorView, drawSelection, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { nodeAt } from "../document/editing.js";
import { parse } from "../document/syntax.js";
import { t } from "../texts.js";
import { sentenceOf } from "./form/broken.js";

const fromDraft = Annotation.define();

const colours = HighlightStyle.define([
  { tag: tags.propertyName, color: "var(--color-accent-ink)" },
  { tag: tags.string, color: "var(--color-ok)" },
  { tag: tags.number, color: "var(--color-tool)" },
  { tag: [tags.bool, tags.null], color: "var(--color-violet)" },
  { tag: tags.invalid, color: "var(--color-bad)" },
]);

const theme = EditorView.theme({
  "&": { height: "100%", color: "var(--color-ink)", backgroundColor: "var(--color-surface)", fontSize: "var(--text-sm)" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--font-mono)", lineHeight: "1.65", fontVariantLigatures: "none" },
  ".cm-content": { caretColor: "var(--color-accent)", padding: "8px 0" },
  ".cm-cursor": { borderLeftColor: "var(--color-accent)" },
  ".cm-gutters": { color: "var(--color-ink3)", backgroundColor: "var(--color-sunken)", border: "none", borderRight: "1px solid var(--color-line)" },
  ".cm-activeLine": { backgroundColor: "color-mix(in oklab, var(--color-accent-soft) 55%, transparent)" },
  ".cm-activeLineGutter": { backgroundColor: "var(--color-accent-soft)", color: "var(--color-accent-ink)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    background: "light-dark(#cfdafc, #2b3f86)",
  },
  ".cm-matchingBracket, &.cm-focused .cm-matchingBracket": { backgroundColor: "var(--color-mark)", outline: "none" },
  ".cm-foldPlaceholder": { backgroundColor: "var(--color-hover)", border: "1px solid var(--color-line2)", color: "var(--color-ink3)", padding: "0 6px" },
  ".cm-tooltip, .cm-panels": { backgroundColor: "var(--color-raised)", color: "var(--color-ink)", border: "1px solid var(--color-line2)", borderRadius: "var(--radius-row)" },
  ".cm-panels": { borderRadius: "0" },
  ".cm-panels input, .cm-panels button": { background: "var(--color-surface)", color: "var(--color-ink)", border: "1px solid var(--color-line2)", borderRadius: "var(--radius-field)" },
  ".cm-diagnostic": { fontFamily: "var(--font-sans)", padding: "6px 10px" },
  ".cm-searchMatch": { backgroundColor: "var(--color-mark)" },
});

const phrases = {
  "Find": t("Find"),
  "Replace": t("Replace"),
  "next": t("next"),
  "previous": t("previous"),
  "all": t("all"),
  "match case": t("match case"),
  "by word": t("by word"),
  "regexp": t("pattern"),
  "replace": t("replace"),
  "replace all": t("replace all"),
  "close": t("Close"),
};

/** An editor in a panel; `onWrite(text)` hears what is typed. */
export class JsonEditor {
  #problems = [];

  constructor(parent, { text, nonce, label, onWrite }) {
    this.view = new EditorView({
      parent,
      state: EditorState.create({
        doc: text,
        extensions: [
          EditorView.cspNonce.of(nonce),
          lineNumbers(),
          foldGutter(),
          history(),
          drawSelection(),
          indentOnInput(),
          indentUnit.of("  "),
          bracketMatching(),
          closeBrackets(),
          highlightActiveLine(),
          highlightActiveLineGutter(),
          highlightSelectionMatches(),
          search({ top: true }),
          json(),
          syntaxHighlighting(colours),
          theme,
          lintGutter(),
          linter((view) => this.#findings(view), { delay: 250 }),
          EditorState.lineSeparator.of("\n"),
          EditorState.phrases.of(phrases),
          EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0" }),
          keymap.of([...closeBracketsKeymap, ...keysWithoutSend(defaultKeymap), ...searchKeymap, ...historyKeymap, ...foldKeymap, indentWithTab]),
          EditorView.updateListener.of((update) => {
            if (update.docChanged && !update.transactions.some((each) => each.annotation(fromDraft))) onWrite(update.state.doc.toString());
          }),
        ],
      }),
    });
  }

  /** Show a text, touching only what differs, so that the cursor stays. */
  show(text) {
    const now = this.view.state.doc.toString();
    if (now === text) return;
    this.view.dispatch({ changes: difference(now, text), annotations: fromDraft.of(true) });
  }

  /** Mark what the server found wrong. */
  tell(problems) {
    this.#problems = problems;
    forceLinting(this.view);
  }

  /** Put the cursor at a place and show it. */
  goTo(at) {
    const anchor = Math.min(at, this.view.state.doc.length);
    this.view.dispatch({ selection: { anchor }, effects: EditorView.scrollIntoView(anchor, { y: "center" }) });
    this.view.focus();
  }

  #findings(view) {
    const text = view.state.doc.toString();
    const { root, broken } = parse(text);
    if (broken) return [{ from: Math.min(broken.at, text.length), to: Math.min(broken.at + 1, text.length), severity: "error", message: sentenceOf(broken) }];
    return this.#problems.map(({ pointer, message, level }) => {
      const node = nodeAt(root, pointer) ?? root;
      const to = node.type === "object" || node.type === "array" ? node.start + 1 : node.end;
      return { from: node.start, to, severity: level === "hint" ? "info" : "warning", message };
    });
  }
}

// Ctrl Enter sends the request; the editor must not make a line of it.
function keysWithoutSend(bindings) {
  return bindings.filter((binding) => binding.key !== "Mod-Enter");
}

/** The smallest single change that makes one text of another. */
export function difference(before, after) {
  let from = 0;
  const least = Math.min(before.length, after.length);
  while (from < least && before[from] === after[from]) from++;
  let back = 0;
  while (back < least - from && before[before.length - 1 - back] === after[after.length - 1 - back]) back++;
  return { from, to: before.length - back, insert: after.slice(from, after.length - back) };
}
