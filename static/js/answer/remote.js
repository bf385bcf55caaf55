// Pictures, sounds and films: shown when they are here, and asked for through the site when they lie elsewhere.

import { csrfToken, element, icon } from "../page.js";
import { t } from "../texts.js";
import { keepLink } from "./copying.js";

const PICTURE = /^image\/(?:png|jpeg|gif|webp|avif)$/;

/** What plays or shows a file of this kind. `url` is our own: of `file`, a blob, or one of the site's. */
export function shownMedia(url, mime, { name = "", file = null } = {}) {
  if (PICTURE.test(mime)) return element("img", { src: url, alt: name || t("Picture of the answer") });
  if (mime.startsWith("audio/")) return sound(url, file);
  if (mime.startsWith("video/")) return element("video", { src: url, controls: true, playsinline: true, preload: "metadata" });
  return element("p", {}, icon("file"), " ", mime);
}

/** A sound to play, its shape below it. The page's policy lets nobody fetch a blob by its address: that is handed over. */
export function sound(url, file = null) {
  const audio = element("audio", { src: url, controls: true, preload: "metadata" });
  const shape = element("div.sound", {}, audio);
  import("./waveform.js").then(({ addWaveform }) => addWaveform(shape, audio, file));
  return shape;
}

/** A button that stands for what lies elsewhere: it says where, and fetches it through the site when pressed. */
export function remoteMedia(url, { mime = "image/*", name = "" } = {}) {
  const host = URL.canParse(url ?? "") ? new URL(url).host : (url ?? "");
  const [kind, drawing] = mime.startsWith("audio/") ? [t("Sound"), "audio-lines"] : mime.startsWith("video/") ? [t("Film"), "video"] : [t("Picture"), "image"];
  const hint = element("small", {}, t("Load from {host}", { host }));
  const button = element("button.remote-picture", { type: "button" }, icon(drawing), element("span", {}, name || kind, hint));
  button.addEventListener("click", () => load(button, hint, url, name));
  return button;
}

async function load(button, hint, url, name) {
  button.disabled = true;
  hint.textContent = t("Loading…");
  const file = await fetched(button.closest("run-answer").answer.run, url);
  if (file instanceof Blob) button.replaceWith(loaded(file, name));
  else {
    hint.textContent = file;
    button.disabled = false;
  }
}

function loaded(file, name) {
  const url = URL.createObjectURL(file);
  const [kind, ending] = file.type.split("/");
  return element("span.loaded-media", {}, shownMedia(url, file.type, { name, file }), keepLink(url, `${name || kind}.${ending.replace(/[^\w]/g, "")}`));
}

/** The file as a blob, or a sentence that says why there is none. */
async function fetched(run, url) {
  const headers = { "X-CSRFToken": csrfToken(), "Content-Type": "application/json" };
  const answer = await fetch(`/runs/${run}/picture`, { method: "POST", headers, body: JSON.stringify({ url }) }).catch(() => null);
  if (answer?.ok) return answer.blob();
  const told = await answer?.json().catch(() => null);
  return told?.message ?? t("It could not be loaded. Press to try again.");
}
