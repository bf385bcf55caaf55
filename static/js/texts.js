// The page's language: sentences, figures and times, as the person's language writes them.

const dictionary = globalThis.texts ?? {};

/** The sentence in the page's language; `{name}` is filled from `values`. The English sentence is the key. */
export function t(source, values) {
  const sentence = dictionary[source] || source;
  return values ? sentence.replace(/\{(\w+)\}/g, (hole, name) => values[name] ?? hole) : sentence;
}

/** The language of the page as Intl knows it. */
export const language = globalThis.document?.documentElement.lang === "zh-hans" ? "zh-CN" : "en";

const whole = new Intl.NumberFormat("en");

/** A whole number with its thousands parted. */
export function count(number) {
  return whole.format(number);
}

/** A length of time in parts, `{figure, unit}`: ms below a second, then seconds with up to three figures, then minutes. */
export function durationParts(ms) {
  if (ms < 1000) return { figure: String(Math.round(ms)), unit: "ms" };
  if (ms < 60_000) return { figure: (ms / 1000).toFixed(ms < 10_000 ? 2 : 1), unit: "s" };
  const seconds = Math.floor(ms / 1000);
  return { figure: `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`, unit: "min" };
}

/** A length of time in one piece: `312 ms`, `7.42 s`, `2:14 min`. */
export function duration(ms) {
  const { figure, unit } = durationParts(ms);
  return `${figure} ${unit}`;
}

/** A size in bytes as people read it. */
export function bytes(size) {
  if (size < 1000) return `${size} B`;
  if (size < 1_000_000) return `${(size / 1000).toFixed(1)} kB`;
  return `${(size / 1_000_000).toFixed(1)} MB`;
}

const SIGNS = { USD: "$", CNY: "¥", EUR: "€", GBP: "£" };

/** An amount that always carries its sign; nothing charged is a word. */
export function money(amount, currency = "USD") {
  if (Number(amount) === 0) return t("free");
  if (currency === "units") return units(amount);
  const figure = Math.abs(amount) >= 1 ? Number(amount).toFixed(2) : small(Number(amount));
  return SIGNS[currency] ? `${SIGNS[currency]}${figure}` : `${figure} ${currency}`;
}

/** An amount in the units that a gateway counts in. */
export function units(amount) {
  const number = Math.round(amount);
  return number === 1 ? t("{count} unit", { count: 1 }) : t("{count} units", { count: count(number) });
}

/** An amount below one: four digits, and of very small ones the first two figures. */
function small(amount) {
  if (Math.abs(amount) >= 0.001) return amount.toFixed(4);
  return amount.toFixed(1 - Math.floor(Math.log10(Math.abs(amount))));
}
