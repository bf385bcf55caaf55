// How well words are found in a text: as they stand, at the beginnings of words, or as letters in their order.

const AS_TYPED = 100;
const AT_A_BEGINNING = 40;
const LETTERS = 30;
const WIDEST_GAP = 12;

/**
 * How well every one of the words of `asked` is found in `text`: `{score, places, isGuess}`, places being `[from, to]` of
 * what fits, a guess being letters that stand apart; null when a word is missing.
 */
export function matched(asked, text) {
  const low = text.toLowerCase();
  const found = { score: 0, places: [], isGuess: false };
  for (const word of asked.toLowerCase().split(/\s+/).filter(Boolean)) {
    const whole = standing(word, low);
    const one = whole ?? scattered(word, low);
    if (!one) return null;
    found.isGuess ||= !whole;
    found.score += one.score;
    found.places.push(...one.places);
  }
  // Of two that fit alike, the shorter one is meant.
  found.score -= Math.min(20, text.length / 8);
  found.places = merged(found.places);
  return found;
}

function standing(word, low) {
  let best = null;
  for (let at = low.indexOf(word); at >= 0; at = low.indexOf(word, at + 1)) {
    const score = AS_TYPED + (begins(low, at) ? AT_A_BEGINNING : 0) - Math.min(10, at / 4);
    if (!best || score > best.score) best = { score, places: [[at, at + word.length]] };
  }
  return best;
}

function begins(low, at) {
  return at === 0 || !/[\p{L}\p{N}]/u.test(low[at - 1]) || !/[a-z0-9]/.test(low[at]);
}

/** Letters in their order, never far apart; one letter or sign alone is no guess. */
function scattered(word, low) {
  if (word.length < 2) return null;
  let best = null;
  for (let first = low.indexOf(word[0]); first >= 0; first = low.indexOf(word[0], first + 1)) {
    const places = lettersFrom(word, low, first);
    if (!places) continue;
    const gaps = places.at(-1)[1] - first - word.length;
    const beginnings = places.filter(([at]) => begins(low, at)).length;
    const score = LETTERS + 10 * beginnings - 2 * gaps;
    if (!best || score > best.score) best = { score, places };
  }
  return best && best.score > 0 ? best : null;
}

function lettersFrom(word, low, first) {
  const places = [[first, first + 1]];
  for (const letter of [...word].slice(1)) {
    const from = places.at(-1)[1];
    const at = low.indexOf(letter, from);
    if (at < 0 || at - from > WIDEST_GAP) return null;
    places.push([at, at + letter.length]);
  }
  return places;
}

function merged(places) {
  const ordered = [...places].sort(([one], [other]) => one - other);
  const whole = [];
  for (const [from, to] of ordered) {
    const last = whole.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else whole.push([from, to]);
  }
  return whole;
}

/** The text in pieces `[piece, fits]`. */
export function pieces(text, places) {
  const cut = [];
  let at = 0;
  for (const [from, to] of places) {
    if (from > at) cut.push([text.slice(at, from), false]);
    cut.push([text.slice(from, to), true]);
    at = to;
  }
  if (at < text.length) cut.push([text.slice(at), false]);
  return cut;
}
