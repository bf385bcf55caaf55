// A saved request that lies open here may be changed elsewhere: then it is said, and the two are compared before anything is saved.

import { ask, element } from "../page.js";
import { t } from "../texts.js";

const LOOK_MS = 20_000;

/** Looks now and then whether the saved request on the desk has a newer version; draws it into `place`. */
export class SavedNews {
  constructor(place, saving) {
    this.place = place;
    this.saving = saving;
    this.told = null;
    setInterval(() => document.hidden || this.look(), LOOK_MS);
    addEventListener("focus", () => this.look());
    document.addEventListener("visibilitychange", () => document.hidden || this.look());
  }

  /** Ask once. */
  async look() {
    const { current } = this.saving;
    if (!current) return this.#draw(null);
    const response = await ask(`/saved/${current.id}/news.json`).catch(() => null);
    if (!response?.ok || this.saving.current?.id !== current.id) return;
    const news = await response.json();
    this.#draw(news.version > this.saving.current.version ? news : null);
  }

  /** The request on the desk is another, or another version of it. */
  forget() {
    this.#draw(null);
  }

  #draw(news) {
    this.place.hidden = !news;
    if (!news) return this.place.replaceChildren();
    const who = news.is_mine ? t("You saved v{version} of it in another place.", { version: news.version }) : t("{author} saved v{version} of it since you opened it.", { author: news.author || t("Somebody"), version: news.version });
    this.place.replaceChildren(
      element("span", {}, element("b", {}, t("Changed elsewhere")), " ", who),
      element("button.btn.btn-sm", { type: "button", onclick: () => this.saving.compare() }, t("Compare with mine")),
    );
  }
}
