// What a page knows of one run: its frames by number, its raw events by number, its state and figures.

/**
 * A watcher of one run that keeps all it hears, in order, once.
 *
 * Says what changed: `run`, `frames` (detail: the new ones), `events`, `end`, `refused`, `task`, `saving`, `busy` (the page asks again by itself). A number that is missing
 * makes it ask again from the last one that was whole; a number that was seen is left out.
 */
export class RunStore extends EventTarget {
  frames = [];
  events = [];
  state = "waiting";
  metrics = null;
  seq = null;
  raw = false;
  /** Whether others who look at the run hear of this page, and it of them. */
  isSeen = false;
  /** Whether what is shown waits for the site's database: it is stored later, nothing is lost. */
  isSavingPaused = false;

  constructor(run, socket) {
    super();
    this.run = run;
    this.socket = socket;
  }

  get seen() {
    return this.frames.length;
  }

  get seenEvent() {
    return this.events.length;
  }

  get isOver() {
    return !["waiting", "loading", "running"].includes(this.state);
  }

  start(message) {
    this.socket.start({ ...message, run: this.run }, this);
  }

  watch() {
    if (this.state === "waiting") this.state = "loading";
    this.socket.watch(this.run, this);
  }

  /** Ask for the raw events too, from the first on. */
  askForEvents() {
    if (this.raw) return;
    this.raw = true;
    this.watch();
  }

  stop() {
    this.socket.stop(this.run);
  }

  leave() {
    this.socket.unwatch(this.run);
  }

  onRun(message) {
    this.isSavingPaused = false;
    // A run that is over has its frames still to come: it ends here when they are whole.
    if (!this.isOver && message.state === "running") this.state = "running";
    this.#tell("run", message);
  }

  onFrames(frames) {
    const fresh = this.#keep(this.frames, frames, (frame) => frame.seq);
    if (fresh.length) this.#tell("frames", fresh);
  }

  onEvents(events) {
    const fresh = this.#keep(this.events, events, (event) => event.n);
    if (fresh.length) this.#tell("events", fresh);
  }

  onSaving(message) {
    this.isSavingPaused = message.paused === true;
    this.#tell("saving", message);
  }

  onBusy(message) {
    this.#tell("busy", message);
  }

  onTask(message) {
    this.#tell("task", message);
  }

  onOnlookers(message) {
    this.#tell("onlookers", message);
  }

  onEnd(message) {
    if (message.seq > this.seen) {
      this.watch();
      return;
    }
    this.state = message.state;
    this.isSavingPaused = false;
    this.metrics = message.metrics ?? {};
    this.seq = message.seq;
    this.#tell("end", message);
  }

  onError(message) {
    // The server knows fewer frames than this page: begin again, whole.
    if (message.code === "bad_position") {
      this.frames = [];
      this.events = [];
      this.#tell("again", message);
      this.watch();
      return;
    }
    this.#tell("refused", message);
  }

  #keep(kept, arrived, number) {
    const fresh = [];
    for (const piece of arrived) {
      if (number(piece) <= kept.length) continue;
      if (number(piece) > kept.length + 1) {
        this.watch();
        break;
      }
      kept.push(piece);
      fresh.push(piece);
    }
    return fresh;
  }

  #tell(type, detail) {
    this.dispatchEvent(Object.assign(new Event(type), { detail }));
  }
}
