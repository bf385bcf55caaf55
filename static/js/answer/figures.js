// The figures of a run: measured while it runs, as the server counted them once it has ended.

/** Sees frames go by and knows how the run stands. All times are ms since the call was sent. */
export class Figures {
  status = null;
  firstSign = null;
  firstText = null;
  lastAt = 0;
  characters = 0;
  usage = null;

  see(frames) {
    for (const frame of frames) this.#seeOne(frame);
  }

  #seeOne(frame) {
    this.lastAt = Math.max(this.lastAt, frame.at);
    if (frame.kind === "status") this.status = frame.status;
    else if (frame.kind === "usage") this.usage = merged(this.usage, frame);
    else if (frame.kind !== "problem") this.firstSign ??= frame.at;
    if (frame.kind === "text") {
      this.firstText ??= frame.at;
      this.characters += frame.text.length;
    }
  }

  /** What the strip shows after `elapsed` ms; `metrics` are the server's, once the run is over. */
  now(elapsed, metrics) {
    const total = metrics?.total_ms ?? elapsed;
    const firstSign = metrics?.first_frame_ms ?? this.firstSign;
    const output = metrics?.output_tokens ?? this.usage?.output_tokens ?? null;
    return {
      status: this.status,
      firstSign,
      firstText: metrics?.first_text_ms ?? this.firstText,
      total,
      input: metrics?.input_tokens ?? this.usage?.input_tokens ?? null,
      output,
      rate: rate({ output, characters: this.characters, from: firstSign, to: metrics ? total : this.lastAt }),
      cost: metrics?.cost ?? null,
      currency: metrics?.currency || "USD",
    };
  }
}

const SHORTEST_MS = 50;

/** Tokens a second where they are counted, else characters a second of the text that came. */
function rate({ output, characters, from, to }) {
  const seconds = (to - from) / 1000;
  if (from === null || seconds * 1000 < SHORTEST_MS) return null;
  if (output) return { value: output / seconds, unit: "tokens" };
  return characters ? { value: characters / seconds, unit: "characters" } : null;
}

function merged(before, frame) {
  const known = Object.entries(frame).filter(([, value]) => value !== null && value !== undefined);
  return { ...before, ...Object.fromEntries(known) };
}
