// Two tabs, one draft: what was changed elsewhere is shown beside what is here, and nothing is written over in silence.

import { element, toast } from "../page.js";
import { t } from "../texts.js";

/** Draw the choice into its place, or take it away when there is none. */
export function drawConflict(place, keeping, desk) {
  const { other } = keeping;
  place.hidden = !other;
  if (!other) return place.replaceChildren();
  const done = (act) => () => {
    act();
    drawConflict(place, keeping, desk);
  };
  const theirs = () => {
    const mine = keeping.takeTheirs();
    toast(t("The version saved elsewhere is here"), { undo: () => desk.lay(mine) });
  };
  const both = () => {
    download(desk);
    theirs();
  };
  place.replaceChildren(
    element("p", {}, element("b", {}, t("This draft was changed elsewhere")), " ", t("at {time}. Which one goes on?", { time: new Date(other.updated).toLocaleTimeString() })),
    element("p.conflict-difference", {}, differenceBetween(desk.request, JSON.parse(other.call))),
    element(
      "span.conflict-ways",
      {},
      element("button.btn.btn-sm", { type: "button", onclick: done(() => keeping.keepMine()) }, t("Keep what is here")),
      element("button.btn.btn-sm", { type: "button", onclick: done(theirs) }, t("Take the other")),
      element("button.btn.btn-ghost.btn-sm", { type: "button", onclick: done(both) }, t("Take the other, save this one as a file")),
    ),
  );
}

function differenceBetween(here, there) {
  const [mine, other] = [members(here.text), members(there.text)];
  if (!mine || !other) return t("The texts differ.");
  const keys = [...new Set([...Object.keys(mine), ...Object.keys(other)])];
  const names = keys.filter((key) => JSON.stringify(mine[key]) !== JSON.stringify(other[key]));
  return names.length ? t("They differ in: {names}", { names: names.join(", ") }) : t("They differ in what is switched off, or in the headers.");
}

function members(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function download(desk) {
  const file = new Blob([JSON.stringify(desk.request, null, 2)], { type: "application/json" });
  const link = element("a", { href: URL.createObjectURL(file), download: `${desk.operation.id}.json` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
