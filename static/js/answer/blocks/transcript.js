// A transcript piece by piece, each with its time; with the sound it was made of, a piece leads to its place in it.

import { element, icon } from "../../page.js";
import { t } from "../../texts.js";
import { copyButton } from "../copying.js";
import { sound } from "../remote.js";
import { clock, subtitles } from "../segments.js";

const UPLOADED = /^@file:([0-9a-f-]{36})$/;

export class TranscriptBlock {
  node = element("section.transcript");
  #player = null;

  draw({ segments }, { asked }) {
    if (!this.list) this.#lay(segments);
    const id = UPLOADED.exec(asked?.file ?? "")?.[1];
    if (id && !this.#player) this.#play(`/attachments/${id}/`, segments);
  }

  /** Give the memory of the file back. */
  remove() {
    URL.revokeObjectURL(this.file?.href ?? "");
  }

  #lay(segments) {
    this.list = element("ol.transcript-list", {}, ...segments.map(row));
    this.file = element("a.btn.btn-sm", { href: URL.createObjectURL(new Blob([subtitles(segments)], { type: "text/plain" })), download: "transcript.srt" }, icon("download", "small"), "SRT");
    const copying = copyButton(() => segments.map(({ text }) => text).join("\n"), t("Copy as plain text"));
    this.node.replaceChildren(this.list, element("footer.transcript-foot", {}, this.file, copying));
  }

  #play(url, segments) {
    const player = sound(url);
    const audio = player.querySelector("audio");
    this.#player = audio;
    this.node.prepend(player);
    audio.addEventListener("timeupdate", () => this.#follow(segments, audio.currentTime));
    for (const [index, item] of [...this.list.children].entries()) {
      const time = item.firstElementChild;
      const button = element("button.transcript-time.figure", { type: "button", title: t("Play from here") }, time.textContent);
      button.addEventListener("click", () => {
        audio.currentTime = segments[index].from;
        audio.play().catch(() => {});
      });
      time.replaceWith(button);
    }
  }

  #follow(segments, now) {
    for (const [index, item] of [...this.list.children].entries()) {
      item.classList.toggle("is-current", segments[index].from <= now && now < segments[index].to);
    }
  }
}

function row({ from, text, speaker }) {
  const who = speaker ? [element("b", {}, speaker), " "] : [];
  return element("li", {}, element("span.transcript-time.figure", {}, clock(from)), element("span", {}, ...who, text));
}
