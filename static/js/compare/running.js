// Who is asked next: a few answers at once, the others wait their turn.

const AT_ONCE = 8;

/** Starts what waits as there is room; `start(place)` begins one, `cellOf(place)` is where it streams. */
export class Running {
  #waiting = [];

  constructor({ start, cells }) {
    this.start = start;
    this.cells = cells;
  }

  get count() {
    return this.#under().length + this.#waiting.length;
  }

  /** Ask at these places, in this order. */
  ask(places) {
    this.#waiting.push(...places);
    for (const place of places) this.cells.get(place)?.wait();
    this.next();
  }

  /** Begin what there is room for. */
  next() {
    while (this.#waiting.length && this.#under().length < AT_ONCE) this.start(this.#waiting.shift());
  }

  /** Stop what runs; what waits is not begun. */
  stopAll() {
    const left = this.#waiting;
    this.#waiting = [];
    for (const cell of this.#under()) cell.stop();
    return left;
  }

  #under() {
    return [...this.cells.values()].filter((cell) => cell.isRunning);
  }
}
