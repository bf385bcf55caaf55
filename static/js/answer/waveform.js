// The shape of a sound below its player: decoded by the browser, drawn on a canvas, pressed or walked by keys to seek.

import { element } from "../page.js";
import { t } from "../texts.js";
import { clock } from "./segments.js";

const LARGEST = 30_000_000;
const RATE = 16_000;
const BAR = 3;
const GAP = 1;
const STEP_SECONDS = 5;

/** Draw the shape of what `audio` plays into `place`; nothing where the browser cannot decode it. */
export async function addWaveform(place, audio, file = null) {
  const samples = await decoded(file, audio.src).catch(() => null);
  if (!samples) return;
  const canvas = element("canvas.waveform", { role: "slider", tabindex: "0", "aria-label": t("Position in the sound"), "aria-valuemin": "0" });
  place.append(canvas);
  const shape = new Waveform(canvas, audio, samples);
  new ResizeObserver(() => shape.draw()).observe(canvas);
  document.addEventListener("theme", () => shape.draw());
  for (const event of ["timeupdate", "seeked", "durationchange"]) audio.addEventListener(event, () => shape.draw());
}

async function decoded(file, url) {
  const source = file ?? (await fetched(url));
  if (!source || source.size > LARGEST) return null;
  const data = await source.arrayBuffer();
  const sound = await new OfflineAudioContext(1, 1, RATE).decodeAudioData(data);
  return { levels: sound.getChannelData(0), duration: sound.duration };
}

async function fetched(url) {
  const answer = await fetch(url);
  return answer.ok && Number(answer.headers.get("content-length")) <= LARGEST ? answer.blob() : null;
}

class Waveform {
  constructor(canvas, audio, { levels, duration }) {
    Object.assign(this, { canvas, audio, levels, duration });
    canvas.addEventListener("click", ({ offsetX }) => this.#seek((offsetX / canvas.clientWidth) * duration));
    canvas.addEventListener("keydown", (event) => this.#key(event));
    this.draw();
  }

  draw() {
    const { canvas, audio, duration } = this;
    const { clientWidth: width, clientHeight: height } = canvas;
    if (!width) return;
    const scale = devicePixelRatio || 1;
    Object.assign(canvas, { width: width * scale, height: height * scale });
    const brush = canvas.getContext("2d");
    brush.scale(scale, scale);
    const played = (audio.currentTime / duration) * width;
    const { color: ahead, caretColor: behind } = getComputedStyle(canvas);
    for (const [index, level] of this.#peaks(Math.floor(width / (BAR + GAP))).entries()) {
      const x = index * (BAR + GAP);
      const tall = Math.max(2, level * height);
      brush.fillStyle = x < played ? behind : ahead;
      brush.fillRect(x, (height - tall) / 2, BAR, tall);
    }
    canvas.setAttribute("aria-valuemax", duration.toFixed(1));
    canvas.setAttribute("aria-valuenow", audio.currentTime.toFixed(1));
    canvas.setAttribute("aria-valuetext", `${clock(audio.currentTime)} / ${clock(duration)}`);
  }

  // The loudest moment behind each bar, against the loudest of all.
  #peaks(bars) {
    if (this.peaks?.length === bars) return this.peaks;
    const size = this.levels.length / bars;
    const found = Array.from({ length: bars }, (_, index) => loudest(this.levels, Math.floor(index * size), Math.floor((index + 1) * size)));
    const most = Math.max(...found, 0.01);
    return (this.peaks = found.map((level) => level / most));
  }

  #seek(time) {
    this.audio.currentTime = Math.min(Math.max(0, time), this.duration);
    this.draw();
  }

  #key(event) {
    const now = this.audio.currentTime;
    const to = { ArrowRight: now + STEP_SECONDS, ArrowLeft: now - STEP_SECONDS, Home: 0, End: this.duration }[event.key];
    if (event.key === " ") this.audio.paused ? this.audio.play() : this.audio.pause();
    else if (to === undefined) return;
    else this.#seek(to);
    event.preventDefault();
    event.stopPropagation();
  }
}

function loudest(levels, from, to) {
  let most = 0;
  for (let at = from; at < to; at++) most = Math.max(most, Math.abs(levels[at]));
  return most;
}
