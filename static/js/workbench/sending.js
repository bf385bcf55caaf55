// Send and Stop: one start for one press, however often it is pressed; the answer pane shows what comes of it.

const UNDER_WAY = ["waiting", "running"];

/** Wires the buttons of a page to its answer; `call()` gives what is sent, or null when nothing can be. */
export class Sending {
  #lockedUntil = 0;
  #isHeld = false;
  /** The run that the next one tries again. */
  retryOf = null;

  constructor({ answerElement, buttons, call, onStart }) {
    this.answerElement = answerElement;
    this.buttons = buttons;
    this.call = call;
    this.onStart = onStart;
    for (const button of buttons) button.addEventListener("click", () => this.press());
    answerElement.addEventListener("answer:state", () => this.#learn());
    this.#draw();
  }

  get answer() {
    return this.answerElement.answer;
  }

  get isUnderWay() {
    return UNDER_WAY.includes(this.answer?.state);
  }

  /** Whether the pane still asks what became of the run it shows: it may well go on. */
  get isUnknown() {
    return this.answer?.state === "loading";
  }

  /** Send, or stop what is under way. A double click is one press. */
  press() {
    if (performance.now() < this.#lockedUntil) return;
    this.#lockedUntil = performance.now() + 400;
    if (this.isUnderWay) this.answer.stop();
    else if (!this.send()) this.#lockedUntil = 0;
  }

  /**
   * Start a run of what is written now; `retryOf` names the run that it tries again. Says whether the press was taken: before
   * the page knows whether its last run goes on, a press waits, for a second run beside that one may cost somebody twice.
   */
  send({ retryOf = this.retryOf } = {}) {
    if (this.isUnknown) return (this.#isHeld = true);
    const message = this.isUnderWay ? null : this.call();
    if (!message) return false;
    const run = newName();
    this.retryOf = null;
    this.answer.start({ run, ...message, ...(retryOf ? { retry_of: retryOf } : {}) });
    this.onStart(run);
    return true;
  }

  stop() {
    if (this.isUnderWay) this.answer.stop();
  }

  #learn() {
    const isDue = this.#isHeld && !this.isUnknown;
    if (isDue) this.#isHeld = false;
    if (isDue && !this.isUnderWay) this.send();
    this.#draw();
  }

  #draw() {
    for (const button of this.buttons) {
      button.classList.toggle("is-stop", this.isUnderWay);
      button.classList.toggle("btn-primary", !this.isUnderWay);
      button.classList.toggle("btn-error", this.isUnderWay);
    }
  }
}

// `crypto.randomUUID` exists in secure contexts only; a team's own server may speak plain HTTP.
function newName() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
