// The tabs of the request: which an operation offers, what each draws when it is shown, and the counts beside their names.

import { Tabs } from "../answer/tabs.js";
import { t } from "../texts.js";
import { CodeTab } from "./code_tab.js";
import { drawDocs } from "./docs_tab.js";
import { showField } from "./finding.js";
import { bodyFields } from "./form/fields.js";
import { HeadersTab } from "./headers_tab.js";
import { JsonTab } from "./json_tab.js";

/** Wires the tabs; `part(name)` finds their pieces, `added()` gives the headers that the site adds, `call()` what is sent. */
export class RequestTabs {
  #desk;
  #part;

  constructor(desk, { part, form, nonce, added, call }) {
    this.#desk = desk;
    this.#part = part;
    this.form = form;
    this.headers = new HeadersTab(part("headers"), desk, { added });
    this.code = new CodeTab(part("code"), desk, { call });
    this.json = new JsonTab(part("json"), desk, { nonce });
    this.tabs = new Tabs(part("tabs"), (name) => this.#shown(name));
    for (const event of ["open", "change"]) desk.addEventListener(event, () => this.#drawCounts());
  }

  choose(name) {
    this.tabs.choose(name);
  }

  /** Lay out the tabs of the operation. A guide or a data model is for reading; a call without body has no JSON. */
  offer() {
    const isCall = this.#desk.operation.kind === "operation";
    const offered = { form: isCall, json: isCall && this.#desk.hasBody, headers: isCall, code: isCall, docs: true };
    const { tabs, chosen } = this.tabs;
    for (const tab of tabs) tab.hidden = !offered[tab.dataset.tab];
    this.choose(offered[chosen] && (chosen !== "docs" || !isCall) ? chosen : isCall ? "form" : "docs");
  }

  /** Bring a field of the form into sight by its pointer; an empty pointer is the form itself. */
  showField(pointer) {
    this.choose("form");
    if (pointer) showField(this.form, pointer);
  }

  showJson(at) {
    this.choose("json");
    this.json.show(at);
  }

  /** Bring the first thing that is wrong into sight. */
  showProblem() {
    const { draft, problems } = this.#desk;
    if (draft.broken) return this.showJson(draft.broken.at);
    if (!problems.length) return this.choose("headers");
    this.showField(problems[0].pointer);
  }

  #shown(name) {
    if (!this.#desk.operation) return;
    this.#drawCounts();
    if (name === "json") this.json.show();
    if (name === "headers") this.headers.draw();
    if (name === "code") this.code.show();
    if (name === "docs") drawDocs(this.#part("docs"), this.#desk);
  }

  #drawCounts() {
    const { headers, table, hasBody, draft } = this.#desk;
    const rows = headers.filter((row) => row.sent && row.name).length;
    this.#part("parameter-count").textContent = bodyFields(table).length || "";
    this.#part("header-count").textContent = rows || "";
    const state = this.#part("json-state");
    state.hidden = !hasBody || (this.tabs.chosen !== "json" && !draft.broken);
    state.classList.toggle("is-bad", Boolean(draft.broken));
    state.textContent = draft.broken ? t("broken") : t("valid");
  }
}
