// Drafts that survive: written to this device at once, to the server after a pause and when the page is left.
//
// The server counts versions, so a tab that was left open cannot write over what another saved later: it is told, and
// the person decides. This device keeps only what the server has not confirmed yet.

import { ask, csrfToken } from "../page.js";

const PAUSE_MS = 1200;
// Past this a device's store has no room, and writing the whole request at each letter would be felt.
const HEAVY = 2_000_000;
const HEAVY_PAUSE_MS = 5000;
const MOST_KEPT_ALIVE = 60_000;
const NONE = { version: 0, call: null, updated: null };

/**
 * Keeps what is on a desk. Says what became of it by `onState(state)`: "" (nothing to keep), "saving", "kept",
 * "here" (on this device only), "elsewhere" (changed in another tab; `other` holds what stands there).
 */
export class Keeping {
  #timer = null;
  // The draft that is kept: {id, version, saved}; null while another operation is being laid out.
  #place = null;
  other = null;

  constructor(desk, { owner, onState }) {
    this.desk = desk;
    this.owner = owner;
    this.onState = onState;
    desk.addEventListener("change", () => this.#changed());
    addEventListener("pagehide", () => this.#leave());
    document.addEventListener("visibilitychange", () => document.hidden && this.flush());
    addEventListener("online", () => this.flush());
  }

  /** Save what is on the desk and keep nothing until `restore`: another operation is about to be laid out. */
  pause() {
    this.flush();
    clearTimeout(this.#timer);
    this.#place = null;
    this.other = null;
    this.onState("");
  }

  /**
   * Bring back what was written for the operation on the desk: the newer of the device's and the server's.
   * `isNone`: the page came with the word that the server has none.
   */
  async restore({ isNone = false } = {}) {
    const { id } = this.desk.operation;
    // An example that nobody touched is no draft.
    const untouched = JSON.stringify(this.desk.request);
    const local = this.#local(id);
    if (local) this.desk.lay(local.request);
    const remote = isNone ? NONE : await remoteDraft(id);
    if (id !== this.desk.operation.id) return;
    this.#place = { id, version: remote?.version ?? local?.version ?? 0, saved: remote?.call ?? untouched };
    if (!local) return this.#takeUp(remote);
    if (remote?.call === JSON.stringify(local.request)) return this.#confirmed(id);
    if (remote && remote.version > local.version) this.#conflict(remote);
    else this.flush();
  }

  #takeUp(remote) {
    if (!remote?.call) return;
    const place = this.#place;
    this.#place = null;
    this.desk.lay(JSON.parse(remote.call));
    this.#place = place;
    this.onState("kept");
  }

  /** Save now what is not saved yet. */
  async flush() {
    clearTimeout(this.#timer);
    const place = this.#place;
    if (!place || place.saving || this.other) return;
    const call = JSON.stringify(this.desk.request);
    if (call === place.saved) return;
    place.saving = true;
    this.onState("saving");
    const state = await this.#put(place, call);
    place.saving = false;
    if (place !== this.#place) return;
    if (state) this.onState(state);
    if (state === "kept" && JSON.stringify(this.desk.request) !== place.saved) this.#later();
  }

  /** Forget the draft: what is on the desk is the example again. */
  async forget() {
    const { id } = this.desk.operation;
    clearTimeout(this.#timer);
    this.#removeLocal(id);
    this.#place = { id, version: 0, saved: JSON.stringify(this.desk.request) };
    this.onState("");
    await ask(address(id), { method: "DELETE" }).catch(() => {});
  }

  /** Go on with what is on this page, over what was saved elsewhere. */
  keepMine() {
    Object.assign(this.#place, { version: this.other.version, saved: this.other.call });
    this.other = null;
    this.flush();
  }

  /** Go on with what was saved elsewhere; what was here is returned, so that it can be brought back. */
  takeTheirs() {
    const mine = this.desk.request;
    const { other } = this;
    this.other = null;
    Object.assign(this.#place, { version: other.version, saved: other.call });
    this.#takeUp(other);
    this.#removeLocal(this.#place.id);
    return mine;
  }

  #changed() {
    if (!this.#place || this.other) return;
    this.#keepLocal();
    this.#later();
  }

  #later() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.flush(), this.#isHeavy ? HEAVY_PAUSE_MS : PAUSE_MS);
  }

  async #put(place, call) {
    try {
      const response = await ask(address(place.id), { method: "PUT", json: { version: place.version, call } });
      if (response.status === 409) return place === this.#place ? this.#conflict(await response.json()) : "";
      if (!response.ok) return "here";
      Object.assign(place, { version: (await response.json()).version, saved: call });
      if (place !== this.#place || call === JSON.stringify(this.desk.request)) this.#removeLocal(place.id);
      return "kept";
    } catch {
      return "here";
    }
  }

  #confirmed(id) {
    this.#removeLocal(id);
    this.onState("kept");
  }

  #conflict(other) {
    this.other = other;
    this.onState("elsewhere");
    return "";
  }

  // A page that is being left may still send a small request; a larger one waits on this device.
  #leave() {
    const place = this.#place;
    if (!place || this.other) return;
    const call = JSON.stringify(this.desk.request);
    if (call === place.saved) return;
    this.#keepLocal();
    const body = JSON.stringify({ version: place.version, call });
    if (body.length > MOST_KEPT_ALIVE) return;
    const headers = { "Content-Type": "application/json", "X-CSRFToken": csrfToken() };
    fetch(address(place.id), { method: "PUT", body, headers, keepalive: true, credentials: "same-origin" }).catch(() => {});
  }

  // --- this device -----------------------------------------------------------------------------------------------

  #name(id) {
    return `draft:${this.owner}:${id}`;
  }

  #local(id) {
    try {
      return JSON.parse(localStorage.getItem(this.#name(id)));
    } catch {
      return null;
    }
  }

  get #isHeavy() {
    return this.desk.draft.text.length > HEAVY;
  }

  #keepLocal() {
    const { id, version } = this.#place;
    if (this.#isHeavy) return this.#removeLocal(id);
    try {
      localStorage.setItem(this.#name(id), JSON.stringify({ version, request: this.desk.request }));
    } catch {
      // Too large for this device: the server's copy is the one that counts.
    }
  }

  #removeLocal(id) {
    try {
      localStorage.removeItem(this.#name(id));
    } catch {
      // A closed store holds nothing to remove.
    }
  }
}

async function remoteDraft(id) {
  try {
    const response = await ask(address(id));
    return response.ok ? await response.json() : null;
  } catch {
    return null;
  }
}

function address(id) {
  return `/drafts/${encodeURIComponent(id)}/`;
}
