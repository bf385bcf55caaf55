// Makes the sprite: the icons that templates and scripts name, out of the icon packages, as one SVG of symbols.

import { readFile, readdir } from "node:fs/promises";
import { extname, join } from "node:path";

const DRAWINGS = "node_modules/lucide-static/icons";
const BRANDS = "node_modules/@lobehub/icons-static-svg/icons";
const PLACES = ["templates", "static/js", "playground", "accounts"];
const KINDS = new Set([".html", ".js", ".py"]);

/** The sprite's text. `brand-openai` is a vendor's mark, every other name a drawing. */
export async function sprite() {
  const drawings = new Set((await readdir(DRAWINGS)).map((file) => file.replace(/\.svg$/, "")));
  const names = await namesIn(drawings);
  const symbols = await Promise.all([...names].sort().map(symbol));
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`;
}

/**
 * Every name that could be meant: names also come out of tables, so in a file that speaks of icons each
 * quoted word that is a drawing counts. A few too many cost little; one that is missing leaves a hole in a page.
 */
async function namesIn(drawings) {
  const names = new Set();
  for (const place of PLACES) {
    for (const entry of await readdir(place, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || !KINDS.has(extname(entry.name))) continue;
      const path = join(entry.parentPath, entry.name);
      const text = await readFile(path, "utf8");
      if (/icon/i.test(text)) collect(text, path, drawings, names);
    }
  }
  return names;
}

function collect(text, path, drawings, names) {
  for (const [, name] of text.matchAll(/["']([a-z0-9]+(?:-[a-z0-9]+)*)["']/g)) {
    if (drawings.has(name) || name.startsWith("brand-")) names.add(name);
  }
  for (const [, name] of text.matchAll(/\{%\s*icon\s+["']([^"']+)["']/g)) {
    if (!names.has(name)) throw new Error(`${path} asks for the icon "${name}", which no icon package has.`);
  }
}

async function symbol(name) {
  const isBrand = name.startsWith("brand-");
  const path = isBrand ? join(BRANDS, `${name.slice(6)}.svg`) : join(DRAWINGS, `${name}.svg`);
  const text = await readFile(path, "utf8");
  const [, box] = text.match(/viewBox="([^"]+)"/);
  const [, inside] = text.match(/<svg[^>]*>([\s\S]*)<\/svg>/);
  const drawn = inside.replace(/<title>[\s\S]*?<\/title>/, "").replace(/\s*\n\s*/g, "").trim();
  // A drawing takes lines and fill from the page's styles, a brand is a filled shape.
  const look = isBrand ? ' fill="currentColor" fill-rule="evenodd" stroke="none"' : "";
  return `<symbol id="${name}" viewBox="${box}"${look}>${drawn}</symbol>`;
}
