// Times as people say them, by the server's clock: a browser whose clock is wrong still shows right ages.

import { language, t } from "./texts.js";

const told = Number(document.documentElement.dataset.now) || Date.now();
const offset = told - Date.now();

/** Now, in milliseconds, as the server sees it. */
export function now() {
  return Date.now() + offset;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const relative = new Intl.RelativeTimeFormat(language, { numeric: "always", style: "short" });
const clock = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const weekday = new Intl.DateTimeFormat(language, { weekday: "short" });
const dayAndMonth = new Intl.DateTimeFormat(language, { day: "numeric", month: "short" });
const fullDay = new Intl.DateTimeFormat(language, { day: "numeric", month: "short", year: "numeric" });
const absolute = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "medium" });

/** How long ago: "now", "4 min. ago", "3 hr. ago", then the day and the clock; "in 4 min." for what is to come. */
export function ago(date, today = new Date(now())) {
  const age = today - date;
  if (age <= -MINUTE && age > -6 * HOUR) return ahead(-age);
  if (Math.abs(age) < MINUTE) return t("just now");
  if (age < HOUR) return relative.format(-Math.floor(age / MINUTE), "minute");
  if (age < 6 * HOUR) return relative.format(-Math.floor(age / HOUR), "hour");
  if (age < 7 * DAY) return sameDay(date, today) ? clock.format(date) : `${weekday.format(date)} ${clock.format(date)}`;
  return date.getFullYear() === today.getFullYear()
    ? `${dayAndMonth.format(date)} ${clock.format(date)}`
    : fullDay.format(date);
}

function ahead(wait) {
  return wait < HOUR
    ? relative.format(Math.round(wait / MINUTE), "minute")
    : relative.format(Math.round(wait / HOUR), "hour");
}

function sameDay(one, other) {
  return one.toDateString() === other.toDateString();
}

/** Fill every `<time datetime data-ago>` below `root`: how long ago, and the exact time on hover. */
export function tellAges(root = document) {
  for (const time of root.querySelectorAll("time[data-ago]")) {
    const date = new Date(time.dateTime);
    time.textContent = ago(date);
    time.title = absolute.format(date);
  }
  for (const time of root.querySelectorAll("time[data-exact]")) {
    time.textContent = absolute.format(new Date(time.dateTime));
  }
}
