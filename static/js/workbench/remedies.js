// What an answer asks of the request: a field it names, a button it offers, a result to go on with.

import { placesOf } from "./address.js";
import { canContinue, continueWith } from "./continuing.js";

const ROWS = /^(?:path|query|headers)\./;
const PAIRS = /^(?:query|headers)\./;
const VARIABLE = "variables.";
const AGAIN = ["retry", "wait"];

/** Wires an answer to the request that it came from. */
export class Remedies {
  constructor(desk, { answerElement, tabs, variables, showing, sending, head }) {
    Object.assign(this, { desk, answerElement, tabs, variables, showing, sending, head });
    const on = (name, act) => answerElement.addEventListener(`answer:${name}`, ({ detail }) => act(detail));
    on("refused", (detail) => this.#refused(detail));
    on("remedy", (detail) => this.#pressed(detail));
    on("end", () => canContinue(desk) && answerElement.answer.offerNext());
    on("continue", (detail) => this.#continue(detail));
  }

  /** Do what a button promised, at the field that it is about. */
  do(action, field) {
    const ways = {
      choose_key: () => this.head.focusKey(),
      add_key: () => location.assign("/keys/new/"),
      choose_model: () => this.#go(placesOf(this.desk.operation).includes("model") ? "path.model" : "model"),
      edit_field: () => this.#go(field),
      check_gateway: () => location.assign("/gateways/"),
      contact_admin: () => location.assign("/team/"),
    };
    this.showing.show("request");
    ways[action]?.();
  }

  #pressed({ action, problem }) {
    if (!AGAIN.includes(action)) return this.do(action, problem?.remedies?.find((each) => each.action === "edit_field")?.field);
    this.showing.show("response");
    this.sending.send({ retryOf: this.answerElement.answer.run });
  }

  #refused({ field, message }) {
    if (!field) return;
    if (field.startsWith(VARIABLE)) return this.variables.refuse(field.slice(VARIABLE.length), message);
    if (ROWS.test(field)) {
      this.tabs.headers.refuse(field, message);
      this.tabs.choose("headers");
    } else this.desk.tell([...this.desk.problems, { pointer: pointerOfField(field), message, level: "error" }]);
  }

  #continue(detail) {
    const pointer = continueWith(this.desk, detail);
    if (pointer === null) return;
    this.showing.show("request");
    this.tabs.showField(pointer);
  }

  #go(field) {
    if (this.desk.draft.broken) return this.tabs.showProblem();
    if (field?.startsWith(VARIABLE)) return this.variables.focus(field.slice(VARIABLE.length));
    if (PAIRS.test(field)) return this.tabs.choose("headers");
    this.tabs.showField(field ? pointerOfField(field) : "");
  }
}

// Servers name fields as people write them: `messages[0].content`.
function pointerOfField(field) {
  const path = field.replace(/^body\.?/, "").replace(/\[(\d+)\]/g, ".$1");
  return path ? `/${path.replaceAll(".", "/")}` : "";
}
