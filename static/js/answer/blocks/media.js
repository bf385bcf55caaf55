// Pictures, sounds and films. What came with the answer is shown at once; what lies elsewhere only when asked for.

import { element, icon } from "../../page.js";
import { bytes, t } from "../../texts.js";
import { keepLink } from "../copying.js";

const SHOWN_PICTURE = /^image\/(?:png|jpeg|gif|webp|avif)$/;

export class MediaBlock {
  node = element("figure.media");
  #urls = new Map();

  draw(block, context) {
    const { frame, partials } = block;
    const shown = this.#shown(frame, context);
    const caption = this.#caption(frame, partials);
    this.node.classList.toggle("is-partial", frame.partial !== undefined);
    this.node.replaceChildren(shown, caption);
  }

  /** Give the memory of pictures and sounds back. */
  remove() {
    for (const url of this.#urls.values()) URL.revokeObjectURL(url);
    this.#urls.clear();
  }

  #shown(frame, context) {
    const own = this.#ownUrl(frame);
    if (!own) return remote(frame, context);
    if (SHOWN_PICTURE.test(frame.mime)) return element("img", { src: own, alt: t("Picture of the answer") });
    if (frame.mime.startsWith("audio/")) return element("audio", { src: own, controls: true, preload: "metadata" });
    if (frame.mime.startsWith("video/")) return element("video", { src: own, controls: true, playsinline: true });
    return element("p", {}, icon("file"), " ", frame.mime);
  }

  #caption(frame, partials) {
    const url = this.#ownUrl(frame);
    const size = frame.data ? bytes(Math.floor((frame.data.length * 3) / 4)) : "";
    const caption = element("figcaption", {}, element("span.mono", {}, frame.mime), element("span.figure", {}, size));
    if (partials.length) caption.append(element("span", {}, t("partial pictures {n}", { n: partials.length })));
    if (url) caption.append(keepLink(url, `answer.${frame.mime.split("/")[1].replace(/[^\w]/g, "")}`));
    return caption;
  }

  #ownUrl(frame) {
    const data = frame.data ?? /^data:[^,]*;base64,(.*)$/s.exec(frame.url ?? "")?.[1];
    if (!data) return null;
    if (!this.#urls.has(frame)) this.#urls.set(frame, URL.createObjectURL(blobOf(data, frame.mime)));
    return this.#urls.get(frame);
  }
}

function blobOf(base64, mime) {
  return new Blob([Uint8Array.from(atob(base64.replace(/\s/g, "")), (letter) => letter.charCodeAt(0))], { type: mime });
}

/** What lies elsewhere: where it lies, a button that fetches it through the site, and its address. */
function remote(frame, { run }) {
  const host = URL.canParse(frame.url ?? "") ? new URL(frame.url).host : (frame.url ?? "");
  const kind = frame.mime.startsWith("image/") ? "image" : frame.mime.startsWith("audio/") ? "audio-lines" : "video";
  const words = element("span", {}, frame.mime.startsWith("image/") ? t("Picture") : t("File"), element("small", {}, t("Load from {host}", { host })));
  return element("button.remote-picture", { type: "button", "data-remote": frame.url, "data-mime": frame.mime, "data-run": run }, icon(kind), words);
}
