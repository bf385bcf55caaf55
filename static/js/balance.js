// One key's balance: its chart over time, drawn without inline styles of ours.

import uPlot from "uplot";
import { ask } from "./page.js";
import { language, t, units } from "./texts.js";

const place = document.querySelector("[data-readings]");
const HEIGHT = 240;
const SIGNS = { USD: "$", CNY: "¥", EUR: "€", GBP: "£" };

const day = new Intl.DateTimeFormat(language, { day: "numeric", month: "short" });
const clock = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const exact = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" });

let readings = null;
let chart = null;

function amount(value, unit) {
  if (value === null || value === undefined) return "—";
  if (unit === "units") return units(value);
  const figure = value.toLocaleString("en", { minimumFractionDigits: 2, maximumFractionDigits: Math.abs(value) < 1 ? 4 : 2 });
  return SIGNS[unit] ? `${SIGNS[unit]}${figure}` : `${figure} ${unit}`;
}

function colour(name) {
  const probe = document.createElement("i");
  probe.className = `probe-${name}`;
  place.append(probe);
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
}

function times(span) {
  const format = span > 2 * 86_400 ? day : clock;
  return (_chart, moments) => moments.map((moment) => format.format(new Date(moment * 1000)));
}

function draw() {
  chart?.destroy();
  const { at, left, used, unit } = readings;
  const isSpend = left.every((value) => value === null);
  const line = colour(isSpend ? "violet" : "accent");
  const quiet = colour("ink3");
  const grid = { stroke: colour("line"), width: 1 };
  const axis = { stroke: quiet, grid, ticks: grid, font: `11px ${getComputedStyle(place).fontFamily}` };
  chart = new uPlot(
    {
      width: place.clientWidth,
      height: HEIGHT,
      legend: { live: true },
      cursor: { points: { size: 7 } },
      scales: { y: { range: (_chart, low, high) => [Math.min(0, low), high > 0 ? high * 1.05 : 1] } },
      axes: [
        { ...axis, values: times(at.at(-1) - at[0]) },
        { ...axis, size: 84, values: (_chart, values) => values.map((value) => amount(value, unit)) },
      ],
      series: [
        { label: t("Time"), value: (_chart, moment) => (moment ? exact.format(new Date(moment * 1000)) : "—") },
        {
          label: isSpend ? t("Used") : t("Left"),
          stroke: line,
          width: 2,
          fill: colour(isSpend ? "violet-soft" : "accent-soft"),
          paths: uPlot.paths.stepped({ align: 1 }),
          points: { show: at.length < 60 },
          value: (_chart, value) => amount(value, unit),
        },
      ],
    },
    [at, isSpend ? used : left],
    place,
  );
}

async function load() {
  const response = await ask(place.dataset.readings).catch(() => null);
  if (response?.ok) readings = await response.json();
  const isEnough = readings?.at.length > 1;
  place.hidden = !isEnough;
  document.querySelector(".chart-empty").hidden = isEnough;
  if (!isEnough) return;
  draw();
  new ResizeObserver(() => chart.setSize({ width: place.clientWidth, height: HEIGHT })).observe(place);
}

document.addEventListener("theme", () => readings?.at.length > 1 && draw());
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => readings?.at.length > 1 && draw());

for (const form of document.querySelectorAll("form[data-waits]")) {
  form.addEventListener("submit", () => {
    const button = form.querySelector("button");
    button.disabled = true;
    for (const words of button.querySelectorAll("span")) words.hidden = !words.hidden;
  });
}

load();
