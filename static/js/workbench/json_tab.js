// The JSON tab: the same text the form edits. The editor comes over the wire when the tab is first opened.

import { element } from "../page.js";
import { t } from "../texts.js";

export class JsonTab {
  #editor = null;
  #loading = null;

  constructor(panel, desk, { nonce }) {
    this.panel = panel;
    this.desk = desk;
    this.nonce = nonce;
    for (const event of ["change", "open"]) desk.addEventListener(event, () => this.#follow());
    desk.addEventListener("problems", () => this.#editor?.tell(desk.problems));
  }

  /** Show the text, and if wanted the place in it. */
  async show(at = null) {
    await (this.#loading ??= this.#load());
    this.#editor?.show(this.desk.draft.text);
    if (at !== null) this.#editor?.goTo(at);
  }

  async #load() {
    const waiting = element("p.form-empty", {}, t("Fetching the editor…"));
    this.panel.replaceChildren(waiting);
    try {
      const { JsonEditor } = await import("./json_editor.js");
      this.panel.replaceChildren();
      const label = t("Body as JSON");
      this.#editor = new JsonEditor(this.panel, { nonce: this.nonce, label, text: this.desk.draft.text, onWrite: (text) => this.desk.write(text) });
      this.#editor.tell(this.desk.problems);
    } catch {
      this.#loading = null;
      waiting.textContent = t("The editor did not come; open this tab again to retry.");
    }
  }

  #follow() {
    if (!this.panel.hidden) this.#editor?.show(this.desk.draft.text);
  }
}
