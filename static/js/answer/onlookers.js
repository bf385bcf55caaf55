// Who else looks at a run now: their letters, their names on hover and for screen readers.

import { element } from "../page.js";
import { t } from "../texts.js";

const MOST_LETTERS = 5;

/** Draw those of `people` who are not `place.dataset.me`; nothing when one is alone. */
export function drawOnlookers(place, people) {
  const others = people.filter(({ id }) => String(id) !== place.dataset.me);
  place.hidden = !others.length;
  const letters = others.slice(0, MOST_LETTERS).map(({ name, hue }) => element("span.avatar-letter", { "data-hue": hue, "aria-hidden": "true", title: name }, name.slice(0, 1).toUpperCase()));
  const more = others.length > MOST_LETTERS ? element("span.onlookers-more", { "aria-hidden": "true" }, `+${others.length - MOST_LETTERS}`) : null;
  const names = others.map(({ name }) => name).join(", ");
  const words = element("span.onlookers-words", {}, others.length === 1 ? t("{name} is watching too", { name: names }) : t("{n} others are watching: {names}", { n: others.length, names }));
  place.replaceChildren(...[...letters, more, others.length ? words : null].filter(Boolean));
}
