// What the model refused to do, in its own words.

import { element, icon } from "../../page.js";
import { t } from "../../texts.js";

export class RefusalBlock {
  #written = element("p");
  node = element("section.refusal", {}, icon("shield-x"), element("div", {}, element("b", {}, t("The model refused")), this.#written));

  draw(block) {
    this.#written.textContent = block.text;
  }
}
