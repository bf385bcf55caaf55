// Selectors of the catalogue: which values of a body a sentence speaks of.
//
// `a.b` a member · `a[]` every item · `a[=x]` items that are x · `a[key=x,y]` items whose key is one of these · `a[key]` items that have it.

import { childOf } from "./pointer.js";

const STEP = /^([^.[\]]+)?(?:\[([^\]]*)\])?$/;

/** The pointers of a draft that a selector names, last first, so that taking one out moves none of the others. */
export function selected(draft, selector) {
  return stepsOf(selector)
    .reduce((pointers, step) => pointers.flatMap((pointer) => taken(draft, pointer, step)), [""])
    .reverse();
}

function stepsOf(selector) {
  // A dot inside brackets parts nothing: `include[=message.output_text.logprobs]`.
  return selector.match(/(?:[^.[]|\[[^\]]*\])+/g).map((step) => {
    const [, name, filter] = STEP.exec(step);
    return { name, filter };
  });
}

function taken(draft, pointer, { name, filter }) {
  const member = childOf(pointer, name);
  if (draft.at(member) === null) return [];
  if (filter === undefined) return [member];
  const items = draft.items(member).map((token) => childOf(member, token));
  return items.filter((item) => passes(draft, item, filter));
}

function passes(draft, item, filter) {
  if (filter === "") return true;
  const [key, values] = filter.split("=");
  const pointer = key ? childOf(item, key) : item;
  if (values === undefined) return draft.at(pointer) !== null;
  return values.split(",").includes(draft.string(pointer) ?? draft.get(pointer));
}
