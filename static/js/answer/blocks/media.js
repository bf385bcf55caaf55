// Pictures, sounds and films. What came with the answer is shown at once; what lies elsewhere only when asked for.

import { element } from "../../page.js";
import { bytes, t } from "../../texts.js";
import { keepLink } from "../copying.js";
import { remoteMedia, shownMedia } from "../remote.js";

export class MediaBlock {
  node = element("figure.media");
  #urls = new Map();

  draw(block) {
    const { frame, partials } = block;
    const shown = this.#shown(frame);
    const caption = this.#caption(frame, partials);
    this.node.classList.toggle("is-partial", frame.partial !== undefined);
    this.node.replaceChildren(shown, caption);
  }

  /** Give the memory of pictures and sounds back. */
  remove() {
    for (const url of this.#urls.values()) URL.revokeObjectURL(url);
    this.#urls.clear();
  }

  #shown(frame) {
    const own = this.#ownUrl(frame);
    if (!own) return remoteMedia(frame.url, { mime: frame.mime });
    return shownMedia(own, frame.mime);
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
