// One socket for every run a page looks at. It comes back by itself and goes on from the last number it has seen.

const FIRST_PAUSE_MS = 300;
const LONGEST_PAUSE_MS = 8000;
const BUSY_MS = 60_000;

/** The pause before try number `tries`: doubling, with a random half, so that many pages don't return at once. */
export function pauseBefore(tries, random = Math.random) {
  const whole = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** tries);
  return whole / 2 + (whole / 2) * random();
}

/** What a busy server could not answer: each run is asked for again with growing pauses, for about a minute. */
class Unanswered {
  #waiting = new Map();
  #ask;
  #giveUp;

  constructor(ask, giveUp) {
    this.#ask = ask;
    this.#giveUp = giveUp;
  }

  /** The server is busy, and says so by `message`: ask again in a moment. */
  refused(run, message) {
    const one = this.#waiting.get(run) ?? this.#begin(run);
    one.message = message;
    clearTimeout(one.timer);
    one.timer = setTimeout(() => this.#ask(run), pauseBefore(one.tries++));
  }

  /** It was answered, or nobody wants to know any more. */
  forget(run) {
    const one = this.#waiting.get(run);
    clearTimeout(one?.timer);
    clearTimeout(one?.limit);
    this.#waiting.delete(run);
  }

  /** On a new socket all is asked for anyway. */
  pause() {
    for (const one of this.#waiting.values()) clearTimeout(one.timer);
  }

  #begin(run) {
    const one = { tries: 0, timer: null, message: null };
    one.limit = setTimeout(() => {
      this.forget(run);
      this.#giveUp(one.message);
    }, BUSY_MS);
    this.#waiting.set(run, one);
    return one;
  }
}

/**
 * The page's client of `/ws/runs/`.
 *
 * A watcher is an object with `seen` (last frame number), `seenEvent`, `raw`, and the methods `onRun`, `onFrames`,
 * `onEvents`, `onEnd`, `onError`, `onSaving`, and `onBusy` where the server has no time for a watch or a stop: to say them again is
 * harmless and is done here. What a socket missed while it was away is asked for by those numbers. The event `down`
 * carries the server's sentence when it was the server that refused the socket.
 */
export class RunSocket extends EventTarget {
  #address;
  #make;
  #socket = null;
  #tries = 0;
  #complaint = "";
  #timer = null;
  #watchers = new Map();
  #starts = new Map();
  #stops = new Set();
  #unanswered = new Unanswered(
    (run) => this.#askAgain(run),
    (message) => this.isOpen && this.#refused(message),
  );

  constructor(address, make = (url) => new WebSocket(url)) {
    super();
    this.#address = address;
    this.#make = make;
    globalThis.addEventListener?.("online", () => this.#reconnectNow());
    globalThis.addEventListener?.("offline", () => this.#letGo());
    globalThis.document?.addEventListener("visibilitychange", () => document.hidden || this.#reconnectNow());
  }

  get isOpen() {
    return this.#socket?.readyState === 1;
  }

  /** Start a run and watch it. The message is said again after a break until the server has answered it. */
  start(message, watcher) {
    this.#watchers.set(message.run, watcher);
    this.#starts.set(message.run, { type: "start", ...message, ...(watcher.raw && { raw: true }) });
    if (this.isOpen) this.#say(this.#starts.get(message.run));
    else this.#connect();
  }

  /** Follow a run from what the watcher has seen. */
  watch(run, watcher) {
    this.#watchers.set(run, watcher);
    if (this.isOpen) this.#sayWatch(run);
    else this.#connect();
  }

  /** Leave a run alone; it goes on by itself. */
  unwatch(run) {
    this.#starts.delete(run);
    this.#unanswered.forget(run);
    if (this.isOpen) this.#stops.delete(run);
    if (this.#watchers.delete(run) && this.isOpen) this.#say({ type: "unwatch", run });
  }

  /** Ask the server to stop a run; said again until the run has ended or the server has refused it. */
  stop(run) {
    this.#stops.add(run);
    if (this.isOpen) this.#say({ type: "stop", run });
  }

  #connect() {
    if (this.#socket || this.#timer) return;
    const socket = this.#make(this.#address);
    this.#socket = socket;
    socket.onopen = () => this.#opened();
    socket.onmessage = ({ data }) => this.#hear(JSON.parse(data));
    socket.onclose = () => this.#closed(socket);
  }

  #opened() {
    this.#complaint = "";
    this.#unanswered.pause();
    for (const run of this.#watchers.keys()) {
      if (this.#starts.has(run)) this.#say(this.#starts.get(run));
      else this.#sayWatch(run);
    }
    for (const run of this.#stops) this.#say({ type: "stop", run });
    this.dispatchEvent(new Event("up"));
  }

  #closed(socket) {
    if (socket !== this.#socket) return;
    this.#socket = null;
    if (!this.#watchers.size) return;
    this.dispatchEvent(new CustomEvent("down", { detail: this.#complaint }));
    const pause = pauseBefore(this.#tries++);
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#connect();
    }, pause);
  }

  // A network that went away leaves its sockets open for minutes, and nobody says that they are dead.
  #letGo() {
    const socket = this.#socket;
    if (!socket) return;
    this.#closed(socket);
    socket.onopen = socket.onmessage = null;
    socket.close();
  }

  #reconnectNow() {
    if (!this.#timer) return;
    clearTimeout(this.#timer);
    this.#timer = null;
    this.#connect();
  }

  #say(message) {
    this.#socket.send(JSON.stringify(message));
  }

  #sayWatch(run) {
    const watcher = this.#watchers.get(run);
    const message = { type: "watch", run, after: watcher.seen };
    if (watcher.raw) Object.assign(message, { raw: true, after_event: watcher.seenEvent });
    if (watcher.isSeen) message.presence = true;
    this.#say(message);
  }

  #hear(message) {
    // The server closes a socket that is one too many: until it listens, tries grow rarer.
    if (message.type === "error" && !message.run) this.#complaint = message.message;
    else this.#tries = 0;
    if (message.type === "run") this.#unanswered.forget(message.run);
    else if (message.type === "end") this.#stops.delete(message.run);
    const watcher = this.#watchers.get(message.run);
    if (!watcher) return;
    if (message.type === "run") {
      this.#starts.delete(message.run);
      watcher.onRun(message);
    } else if (message.type === "frames") watcher.onFrames(message.frames);
    else if (message.type === "events") watcher.onEvents(message.events);
    else if (message.type === "task") watcher.onTask?.(message);
    else if (message.type === "onlookers") watcher.onOnlookers?.(message);
    else if (message.type === "saving") watcher.onSaving?.(message);
    else if (message.type === "end") watcher.onEnd(message);
    else if (message.type === "error" && message.code === "busy" && !this.#starts.has(message.run)) this.#wait(message, watcher);
    else if (message.type === "error") this.#refused(message);
  }

  #wait(message, watcher) {
    this.#unanswered.refused(message.run, message);
    watcher.onBusy?.(message);
  }

  #askAgain(run) {
    if (!this.isOpen) return;
    this.#sayWatch(run);
    if (this.#stops.has(run)) this.#say({ type: "stop", run });
  }

  #refused(message) {
    this.#unanswered.forget(message.run);
    this.#starts.delete(message.run);
    this.#stops.delete(message.run);
    this.#watchers.get(message.run).onError(message);
  }
}

let shared = null;

/** The page's one socket, opened when something is watched for the first time. */
export function runs() {
  if (!shared) {
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    shared = new RunSocket(`${scheme}//${location.host}/ws/runs/`);
  }
  return shared;
}
