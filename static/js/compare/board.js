// The board: a column for each model and key, a row for each set of values, an answer where they meet.

import { element, toast } from "../page.js";
import { money, t } from "../texts.js";
import { startOf } from "./asking.js";
import { standingOf } from "./bars.js";
import { Cell } from "./cell.js";
import { columnHead, letterOf } from "./columns.js";
import { namesIn } from "./filling.js";
import { turnedStart } from "./turned.js";
import { shuffled, Votes } from "./votes.js";
import { Waiting } from "./waiting.js";

export const MOST_COLUMNS = 8;
// So many are asked at once; the server begins the others in their turn.
const AT_ONCE = 8;

/** Draws the paper's columns and rows into `root` and keeps every answer in its place. */
export class Board {
  #cells = new Map();
  #measuring = null;
  #shown = 0;

  constructor(root, tabs, paper, { keys, votes, person, models, dialects, dialect, isBlinded, waiting, onChange }) {
    Object.assign(this, { root, tabs, paper, keys, person, dialects, dialect, isBlinded, onChange });
    this.votes = new Votes(paper, votes);
    this.models = element("datalist", { id: "known-models" }, ...models.map((value) => element("option", { value })));
    this.waiting = new Waiting(paper, {
      onBegun: (run) => this.#cellOf(run)?.watch(run),
      onRefused: (run, why) => this.#cellOf(run)?.refuse(why),
    });
    root.after(this.models);
    root.addEventListener("cell:changed", () => this.#measureSoon());
    root.addEventListener("cell:ended", () => this.#ended());
    root.addEventListener("cell:run", ({ detail }) => this.run([detail.place]));
    root.addEventListener("cell:vote", ({ detail }) => this.vote(detail));
    this.draw();
    for (const run of Object.keys(waiting)) this.#cellOf(run)?.wait();
    this.waiting.take(waiting);
    this.#watchAll();
  }

  get document() {
    return this.paper.document;
  }

  /** Whether names are hidden: the server kept them back, or the vote is blind and the person has not voted in every row that has answers. */
  get isHidden() {
    if (this.isBlinded) return true;
    if (!this.document.blind) return false;
    const rows = this.document.rows.filter(({ id }) => this.#inRow(id).filter((cell) => cell.state !== "idle").length > 1);
    return !rows.length || rows.some(({ id }) => !this.votes.hasVoted(id));
  }

  get columns() {
    const { columns } = this.document;
    return this.isHidden ? shuffled(columns, `${this.paper.id}/${this.person}`) : columns;
  }

  /** Places that have no answer yet. */
  get open() {
    return this.#places().filter((place) => this.#cells.get(place)?.state === "idle");
  }

  // --- asking -----------------------------------------------------------------------------------------------------

  /** Ask at these places; without them everywhere. What is asked is kept before it is asked. */
  async run(places = this.#places()) {
    const asked = places.filter((place) => !this.#cells.get(place)?.isRunning);
    if (!asked.length) return;
    this.paper.change((document) => {
      for (const place of asked) document.runs[place] = crypto.randomUUID();
    });
    for (const place of asked) this.#cells.get(place)?.wait();
    if (!(await this.paper.keep())) return this.#watchAll();
    const starts = (await Promise.all(asked.map((place) => this.#startOf(place)))).filter(Boolean);
    const room = Math.max(0, AT_ONCE - this.#running.length);
    // Handed over before the first one begins: a page that is closed now loses none of them. A name is started once.
    const isTaken = starts.length > 1 || !room ? await this.waiting.ask(starts, starts.slice(room)) : true;
    for (const start of starts.slice(0, room)) this.#cellOf(start.run)?.start(start);
    if (!isTaken) this.#leaveOut(starts.slice(room));
    this.onChange();
  }

  /** Stop what runs; what waits is not begun. */
  async stopAll() {
    const left = await this.waiting.forget();
    for (const cell of this.#running) cell.stop();
    for (const run of left) this.#cellOf(run)?.watch(run);
    this.onChange();
  }

  /** How many answers are under way or wait. */
  get count() {
    return this.#running.length + this.waiting.count;
  }

  get #running() {
    return [...this.#cells.values()].filter((cell) => cell.isRunning);
  }

  #leaveOut(starts) {
    if (starts.length) toast(t("Not every answer could be asked"), { detail: t("Check the connection and try again."), bad: true });
    for (const { run } of starts) this.#cellOf(run)?.watch(run);
  }

  /** The message that starts the answer at a place; null where there is none. */
  async #startOf(place) {
    const [columnId, rowId] = place.split("/");
    const column = this.document.columns.find(({ id }) => id === columnId);
    const row = this.document.rows.find(({ id }) => id === rowId);
    if (!column || !row) return null;
    const { model, key } = column;
    const request = this.paper.requestOf(column);
    const operation = column.operation || this.document.operation;
    const message = startOf({ run: this.document.runs[place], operation, request, model, values: row.values, key });
    return this.isTurned(column) ? this.#turned(place, column, message) : message;
  }

  /** Whether a column asks in another dialect than the request is written in. */
  isTurned(column) {
    return Boolean(column.dialect) && !column.call && column.dialect !== this.dialect;
  }

  async #turned(place, column, message) {
    const turned = await turnedStart(message, column.dialect);
    if (!turned) {
      this.#cells.get(place)?.refuse(t("This request cannot be switched to that dialect."));
      return null;
    }
    if (JSON.stringify(column.left ?? []) !== JSON.stringify(turned.left)) this.#changeColumn(column, { left: turned.left });
    return turned.message;
  }

  #cellOf(run) {
    const place = Object.keys(this.document.runs).find((each) => this.document.runs[each] === run);
    return place && this.#cells.get(place);
  }

  #watchAll() {
    for (const [place, run] of Object.entries(this.document.runs)) {
      const cell = this.#cells.get(place);
      if (cell && cell.run !== run && !this.waiting.has(run) && !cell.isRefused) cell.watch(run);
    }
  }

  // --- voting -----------------------------------------------------------------------------------------------------

  /** The person likes this answer best in its row. */
  async vote(cell) {
    if (!this.paper.id || !cell || cell.state === "idle" || cell.isRunning) return;
    const told = await this.votes.cast(cell.run, this.isHidden);
    if (!told) return;
    if (this.isBlinded && !told.is_blinded) this.#reveal(told);
    const wasHidden = this.root.classList.contains("is-blind");
    this.draw();
    if (wasHidden && !this.isHidden) toast(t("Your vote is kept; here are the names"));
  }

  #reveal({ document, dialects, models }) {
    this.isBlinded = false;
    this.dialects = dialects;
    this.document.columns = document.columns;
    this.models.replaceChildren(...models.map((value) => element("option", { value })));
  }

  /** The answer that stands at this position, counted from one, where there is one row. */
  cellAt(position) {
    const column = this.columns[position - 1];
    return column && this.document.rows.length === 1 ? this.#cells.get(`${column.id}/${this.document.rows[0].id}`) : null;
  }

  // --- columns ----------------------------------------------------------------------------------------------------

  addColumn() {
    const { columns } = this.document;
    const last = columns.at(-1);
    const taken = new Set(columns.map(({ model }) => model));
    const model = [...this.models.options].map(({ value }) => value).find((value) => !taken.has(value)) ?? "";
    const id = `c${Math.max(...columns.map((column) => Number(column.id.slice(1)) || 0)) + 1}`;
    this.paper.change((document) => document.columns.push({ id, operation: document.operation, model, key: last.key, call: null }));
    this.draw();
    this.root.querySelector(`.column-head[data-column="${id}"] .column-model`)?.select();
  }

  #removeColumn(column) {
    const at = this.document.columns.indexOf(column);
    const runs = Object.entries(this.document.runs).filter(([place]) => place.startsWith(`${column.id}/`));
    this.paper.change((document) => {
      document.columns.splice(at, 1);
      for (const [place] of runs) delete document.runs[place];
    });
    this.draw();
    const undo = () => {
      this.paper.change((document) => (document.columns.splice(at, 0, column), Object.assign(document.runs, Object.fromEntries(runs))));
      this.draw();
      this.#watchAll();
    };
    toast(t("Removed {name}", { name: column.model || t("a column") }), { undo });
  }

  #changeColumn(column, change) {
    this.paper.change(() => Object.assign(column, change));
    this.draw();
  }

  // --- drawing ----------------------------------------------------------------------------------------------------

  /** Draw it anew; answers stay in their places and stream on. */
  draw() {
    const { rows } = this.document;
    const columns = this.columns;
    this.root.dataset.columns = columns.length;
    this.root.classList.toggle("has-rows", rows.length > 1);
    this.root.classList.toggle("is-blind", this.isHidden);
    this.#forget();
    this.#shown = Math.min(this.#shown, columns.length - 1);
    const corner = rows.length > 1 ? [element("div.row-head.corner")] : [];
    const heads = columns.map((column, position) => this.#head(column, position));
    const body = rows.flatMap((row) => [...(rows.length > 1 ? [this.#rowHead(row)] : []), ...columns.map((column) => this.#cell(column, row).node)]);
    this.root.replaceChildren(...corner, ...heads, ...body);
    this.#drawTabs(columns);
    this.show();
  }

  /** Show what the chosen view asks for. */
  show() {
    const { view, base } = this.document;
    for (const cell of this.#cells.values()) {
      cell.show(view, this.#cells.get(`${this.#baseOf(base)}/${cell.row}`));
      cell.tellVotes(this.votes.of(cell.run), { isOpen: !this.isHidden, mayVote: Boolean(this.paper.id) });
    }
    this.#measure();
  }

  #baseOf(base) {
    return this.document.columns.some(({ id }) => id === base) ? base : this.document.columns[0].id;
  }

  #head(column, position) {
    const { view, base, columns } = this.document;
    const head = columnHead(column, {
      keys: this.keys, mayEdit: this.paper.mayEdit, models: this.models.id, isHidden: this.isHidden, position,
      dialectOf: this.dialect, onDialect: (dialect) => this.#changeColumn(column, { dialect, left: [] }), isTurned: this.isTurned(column),
      isBase: this.#baseOf(base) === column.id, view, dialect: this.dialects[column.operation || this.document.operation] ?? "", isOnly: columns.length === 1,
      onModel: (model) => this.#changeColumn(column, { model }),
      onKey: (key) => this.#changeColumn(column, { key }),
      onRemove: () => this.#removeColumn(column),
      onRun: () => this.run(this.#places().filter((place) => place.startsWith(`${column.id}/`))),
      onBase: () => (this.paper.change((document) => (document.base = column.id)), this.draw()),
    });
    head.dataset.position = position;
    return head;
  }

  #rowHead(row) {
    const names = namesIn(this.paper.request);
    const values = names.map((name) => element("span.badge.badge-teal", {}, `${name} = ${row.values[name] ?? ""}`));
    return element("div.row-head", {}, ...(values.length ? values : [element("span.muted", {}, t("no values"))]));
  }

  #cell(column, row) {
    const place = `${column.id}/${row.id}`;
    if (!this.#cells.has(place)) {
      const cell = new Cell({ column: column.id, row: row.id, mayRun: this.paper.mayEdit });
      this.#cells.set(place, cell);
    }
    const cell = this.#cells.get(place);
    cell.node.dataset.position = this.columns.indexOf(column);
    return cell;
  }

  // Cells whose column or row is gone let go of their runs; the runs go on by themselves.
  #forget() {
    const places = new Set(this.#places());
    for (const [place, cell] of this.#cells) {
      if (places.has(place)) continue;
      cell.leave();
      this.#cells.delete(place);
    }
  }

  // On the phone one column is seen at a time.
  #drawTabs(columns) {
    const choose = (position) => (this.#shown = position, this.#drawShown());
    this.tabs.replaceChildren(
      ...columns.map((column, position) => {
        const name = this.isHidden ? t("Answer {letter}", { letter: letterOf(position) }) : column.model || t("Model");
        return element("button", { type: "button", role: "tab", "data-position": position, onclick: () => choose(position) }, name);
      }),
    );
    this.#drawShown();
  }

  #drawShown() {
    for (const tab of this.tabs.children) tab.setAttribute("aria-selected", Number(tab.dataset.position) === this.#shown);
    for (const node of this.root.querySelectorAll("[data-position]")) node.classList.toggle("is-shown", Number(node.dataset.position) === this.#shown);
  }

  #places() {
    return this.document.rows.flatMap((row) => this.document.columns.map((column) => `${column.id}/${row.id}`));
  }

  #inRow(row) {
    return [...this.#cells.values()].filter((cell) => cell.row === row);
  }

  #measureSoon() {
    this.#measuring ??= requestAnimationFrame(() => {
      this.#measuring = null;
      this.#measure();
    });
  }

  #measure() {
    for (const { id } of this.document.rows) {
      const cells = this.#inRow(id);
      const standing = standingOf(cells.map((cell) => ({ figures: cell.shownFigures, state: cell.state })));
      for (const cell of cells) cell.measure(standing);
    }
    this.onChange();
  }

  #ended() {
    if (this.document.blind) this.root.classList.toggle("is-blind", this.isHidden);
    this.show();
  }

  /** What the answers that are over have cost together, as far as it is known. */
  get cost() {
    const costs = [...this.#cells.values()].map((cell) => cell.shownFigures?.cost).filter((cost) => cost !== null && cost !== undefined);
    return costs.length ? money(costs.reduce((sum, cost) => sum + Number(cost), 0)) : "";
  }
}
