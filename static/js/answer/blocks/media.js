// Pictures, sounds and films. What came with the answer is shown at once; what lies elsewhere only when asked for.

import { element } from "../../page.js";
import { bytes, t } from "../../texts.js";
import { keepLink } from "../copying.js";
import { remoteMedia, shownMedia } from "../remote.js";

export class MediaBlock {
  node = element("figure.media");
  #files = new Map();
  #drawn = null;
  #chosen = null;

  draw(block) {
    const { frame, partials } = block;
    if (frame !== this.#drawn) this.#chosen = null;
    this.#drawn = frame;
    const chosen = this.#chosen ?? frame;
    this.node.classList.toggle("is-partial", chosen.partial !== undefined);
    if (this.shown !== chosen) this.node.replaceChildren(this.#shown(chosen));
    this.shown = chosen;
    while (this.node.childElementCount > 1) this.node.lastElementChild.remove();
    if (partials.length) this.node.append(this.#stages(block, chosen));
    this.node.append(this.#caption(chosen, partials));
  }

  /** Give the memory of pictures and sounds back. */
  remove() {
    for (const { url } of this.#files.values()) URL.revokeObjectURL(url);
    this.#files.clear();
  }

  #shown(frame) {
    const own = this.#own(frame);
    if (!own) return remoteMedia(frame.url, { mime: frame.mime });
    return shownMedia(own.url, frame.mime, own);
  }

  // How a picture came about: each stage small, and large when it is pressed.
  #stages(block, chosen) {
    const { frame, partials } = block;
    const stages = frame.partial === undefined ? [...partials, frame] : partials;
    const label = (stage, index) => (stage === frame && frame.partial === undefined ? t("Finished picture") : t("Partial picture {n}", { n: index + 1 }));
    const buttons = stages.map((stage, index) => {
      const button = element("button.media-stage", { type: "button", "aria-pressed": String(stage === chosen), "aria-label": label(stage, index), title: label(stage, index) });
      const own = this.#own(stage);
      if (own) button.append(element("img", { src: own.url, alt: "" }));
      button.addEventListener("click", () => {
        this.#chosen = stage;
        this.draw(block);
      });
      return button;
    });
    return element("div.media-stages", { role: "group", "aria-label": t("Stages of the picture") }, ...buttons);
  }

  #caption(frame, partials) {
    const own = this.#own(frame);
    const size = frame.data ? bytes(Math.floor((frame.data.length * 3) / 4)) : "";
    const caption = element("figcaption", {}, element("span.mono", {}, frame.mime), element("span.figure", {}, size));
    if (partials.length) caption.append(element("span", {}, t("partial pictures {n}", { n: partials.length })));
    if (own) caption.append(keepLink(own.url, `answer.${frame.mime.split("/")[1].replace(/[^\w]/g, "")}`));
    return caption;
  }

  #own(frame) {
    const data = frame.data ?? /^data:[^,]*;base64,(.*)$/s.exec(frame.url ?? "")?.[1];
    if (!data) return null;
    if (!this.#files.has(frame)) {
      const file = blobOf(data, frame.mime);
      this.#files.set(frame, { file, url: URL.createObjectURL(file) });
    }
    return this.#files.get(frame);
  }
}

function blobOf(base64, mime) {
  return new Blob([Uint8Array.from(atob(base64.replace(/\s/g, "")), (letter) => letter.charCodeAt(0))], { type: mime });
}
