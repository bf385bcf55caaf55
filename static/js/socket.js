// One socket for every run a page looks at. It comes back by itself and goes on from the last number it has seen.

const FIRST_PAUSE_MS = 300;
const LONGEST_PAUSE_MS = 8000;

/** The pause before try number `tries`: doubling, with a random half, so that many pages don't return at once. */
export function pauseBefore(tries, random = Math.random) {
  const whole = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** tries);
  return whole / 2 + (whole / 2) * random();
}

/**
 * The page's client of `/ws/runs/`.
 *
 * A watcher is an object with `seen` (last frame number), `seenEvent`, `raw`, and the methods `onRun`, `onFrames`,
 * `onEvents`, `onEnd`, `onError`. What a socket missed while it was away is asked for by those numbers. The event `down`
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
    if (this.#watchers.delete(run) && this.isOpen) this.#say({ type: "unwatch", run });
  }

  /** Ask the server to stop a run. */
  stop(run) {
    if (this.isOpen) this.#say({ type: "stop", run });
    else this.addEventListener("up", () => this.#say({ type: "stop", run }), { once: true });
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
    for (const run of this.#watchers.keys()) {
      if (this.#starts.has(run)) this.#say(this.#starts.get(run));
      else this.#sayWatch(run);
    }
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
    const watcher = this.#watchers.get(message.run);
    if (!watcher) return;
    if (message.type === "run") {
      this.#starts.delete(message.run);
      watcher.onRun(message);
    } else if (message.type === "frames") watcher.onFrames(message.frames);
    else if (message.type === "events") watcher.onEvents(message.events);
    else if (message.type === "task") watcher.onTask?.(message);
    else if (message.type === "onlookers") watcher.onOnlookers?.(message);
    else if (message.type === "end") watcher.onEnd(message);
    else if (message.type === "error") this.#refused(message, watcher);
  }

  #refused(message, watcher) {
    this.#starts.delete(message.run);
    watcher.onError(message);
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
