// How many tokens a text will be, roughly: Chinese about seven for ten characters, other writing four characters each.

const WIDE = /[\u2e80-\u9fff\uac00-\ud7af\uff00-\uffef]/g;

/** An estimate; never shown without saying so. */
export function tokensOf(text) {
  const wide = text.match(WIDE)?.length ?? 0;
  return Math.ceil(wide * 0.7 + (text.length - wide) / 4);
}
