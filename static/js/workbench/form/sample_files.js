// Files to try a call with: a picture that is drawn and a sound that is reckoned here, so that an example runs at one press.

import { t } from "../../texts.js";
import { MARK } from "../uploads.js";

const PICTURE = /\.(?:png|jpe?g|webp)$/i;
const SOUND = /\.(?:mp3|wav|m4a|ogg|webm|flac)$/i;
const SIDE = 512;
const RATE = 16_000;
const NOTES = [262, 330, 392, 523];

/** What could stand for the files that an example only names: `{label, make()}`, or null where nothing fits. */
export function sampleFor(marks) {
  const names = marks.filter((mark) => mark.startsWith(MARK)).map((mark) => mark.slice(MARK.length));
  const picture = names.find((name) => PICTURE.test(name));
  if (picture) return { label: t("Use a sample picture"), make: () => drawnPicture(picture.replace(PICTURE, ".png")) };
  const sound = names.find((name) => SOUND.test(name));
  return sound ? { label: t("Use a sample sound"), make: async () => soundOf(sound.replace(SOUND, ".wav")) } : null;
}

// A mask is the same scene with a hole where it may be painted anew.
async function drawnPicture(name) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIDE;
  const pen = canvas.getContext("2d");
  const block = (colour, x, y, width, height) => {
    pen.fillStyle = colour;
    pen.fillRect(x, y, width, height);
  };
  block("#cfe3f7", 0, 0, SIDE, SIDE);
  block("#7fa66b", 0, SIDE * 0.7, SIDE, SIDE * 0.3);
  block("#c8553d", SIDE * 0.34, SIDE * 0.42, SIDE * 0.32, SIDE * 0.32);
  if (/mask/i.test(name)) pen.clearRect(SIDE * 0.3, SIDE * 0.38, SIDE * 0.4, SIDE * 0.4);
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
  return new File([blob], name, { type: "image/png" });
}

// Four notes that rise, as sixteen-bit WAV.
function soundOf(name) {
  const each = RATE * 0.4;
  const data = new DataView(new ArrayBuffer(44 + NOTES.length * each * 2));
  const word = (at, text) => Array.from(text, (sign, place) => data.setUint8(at + place, sign.charCodeAt(0)));
  word(0, "RIFF");
  data.setUint32(4, data.byteLength - 8, true);
  word(8, "WAVEfmt ");
  data.setUint32(16, 16, true);
  data.setUint16(20, 1, true);
  data.setUint16(22, 1, true);
  data.setUint32(24, RATE, true);
  data.setUint32(28, RATE * 2, true);
  data.setUint16(32, 2, true);
  data.setUint16(34, 16, true);
  word(36, "data");
  data.setUint32(40, data.byteLength - 44, true);
  for (let at = 0; at < NOTES.length * each; at++) {
    const fading = 1 - (at % each) / each;
    const wave = Math.sin((2 * Math.PI * NOTES[Math.floor(at / each)] * at) / RATE);
    data.setInt16(44 + at * 2, wave * fading * 12_000, true);
  }
  return new File([data.buffer], name, { type: "audio/wav" });
}
