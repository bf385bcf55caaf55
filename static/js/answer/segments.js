// Transcripts in pieces: `{from, to, text, speaker?}`, times in seconds, out of a JSON answer or out of subtitles.

const TIMES = /^\s*((?:\d+:)?\d+:\d+[.,]\d+)\s+-->\s+((?:\d+:)?\d+:\d+[.,]\d+)/;

/** The pieces of a transcript that came as JSON with times; null for any other answer. */
export function segmentsOf(value) {
  const listed = [value?.segments, value?.words].find((list) => Array.isArray(list) && list.length && list.every(isTimed));
  return listed?.map(({ start, end, text, word, speaker }) => ({ from: start, to: end, text: String(text ?? word).trim(), speaker })) ?? null;
}

function isTimed(piece) {
  return typeof piece?.start === "number" && typeof piece.end === "number" && typeof (piece.text ?? piece.word) === "string";
}

/** The pieces of subtitles as SRT and WebVTT write them; null for any other text. */
export function segmentsOfSubtitles(text) {
  if (!/^(?:\uFEFF?WEBVTT|\s*1\r?\n)/.test(text)) return null;
  const found = text.split(/\r?\n\s*\r?\n/).flatMap((cue) => {
    const lines = cue.trim().split(/\r?\n/);
    const at = lines.findIndex((line) => TIMES.test(line));
    if (at < 0) return [];
    const [, from, to] = TIMES.exec(lines[at]);
    return [{ from: seconds(from), to: seconds(to), text: lines.slice(at + 1).join(" ") }];
  });
  return found.length ? found : null;
}

function seconds(clock) {
  return clock.replace(",", ".").split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
}

/** Pieces as an SRT file. */
export function subtitles(segments) {
  return segments.map(({ from, to, text }, index) => `${index + 1}\n${stamp(from)} --> ${stamp(to)}\n${text}\n`).join("\n");
}

function stamp(time) {
  const ms = Math.round(time * 1000);
  const two = (figure) => String(figure).padStart(2, "0");
  const whole = Math.floor(ms / 1000);
  return `${two(Math.floor(whole / 3600))}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)},${String(ms % 1000).padStart(3, "0")}`;
}

/** A time as a player shows it: `1:07`. */
export function clock(time) {
  const whole = Math.max(0, Math.floor(time));
  const minutes = Math.floor(whole / 60);
  const rest = String(whole % 60).padStart(2, "0");
  return minutes < 60 ? `${minutes}:${rest}` : `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}:${rest}`;
}
