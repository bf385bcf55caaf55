// Builds static/dist/: scripts, styles, fonts, icons, their compressed copies and the list of their versions.

import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { chmod, copyFile, mkdir, mkdtemp, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, extname, join, relative } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { build } from "esbuild";
import { sprite } from "./icons.mjs";

const TARGET = "static/dist";
const COMPRESSED = new Set([".css", ".js", ".svg", ".json"]);
const MODULES = "node_modules";
const chunks = new Map();

await mkdir("static", { recursive: true });
const folder = await mkdtemp("static/.dist-");
try {
  await chmod(folder, 0o755);
  await Promise.all([scripts(), styles().then(fonts), icons()]);
  await versions();
  await compressed();
  await rm(TARGET, { recursive: true, force: true });
  await rename(folder, TARGET);
} catch (error) {
  await rm(folder, { recursive: true, force: true });
  console.error(error.message ?? error);
  process.exitCode = 1;
}

/**
 * A script is built when a template loads it: `{% static 'dist/frame.js' %}` asks for static/js/frame.js. Each is one file.
 * esbuild's own splitting would share a small file for every set of pages and late parts, and a page would ask for eight.
 */
async function scripts() {
  const entries = (await loadedByTemplates("js")).map((name) => join("static/js", name));
  await Promise.all(entries.map((entry) => script(entry, "[dir]/[name]", relative(dirname(entry), "static/js/chunks"))));
}

function script(entry, entryNames, pathToChunks) {
  return build({
    entryPoints: [entry],
    outbase: "static/js",
    outdir: folder,
    entryNames,
    bundle: true,
    format: "esm",
    target: ["es2022"],
    minify: true,
    sourcemap: false,
    legalComments: "none",
    logLevel: "warning",
    metafile: true,
    plugins: [lateParts(pathToChunks)],
  });
}

/** What a script imports late is a file of its own in chunks/, named by its content: browsers may keep it for ever. */
function lateParts(pathToChunks) {
  return {
    name: "late parts",
    setup({ onResolve }) {
      onResolve({ filter: /^\./ }, async ({ kind, path, resolveDir }) => {
        if (kind !== "dynamic-import") return null;
        const name = await chunk(relative(".", join(resolveDir, path)));
        return { path: `./${join(pathToChunks, name)}`, external: true };
      });
    },
  };
}

function chunk(entry) {
  if (!chunks.has(entry)) {
    const built = script(entry, "chunks/[name]-[hash]", "");
    chunks.set(entry, built.then(({ metafile }) => basename(Object.keys(metafile.outputs)[0])));
  }
  return chunks.get(entry);
}

/** Tailwind makes one file of static/css/main.css and of the class names that templates and scripts use. */
async function styles() {
  const program = join(MODULES, "@tailwindcss/cli/dist/index.mjs");
  await run(process.execPath, program, "-i", "static/css/main.css", "-o", join(folder, "main.css"), "--minify");
}

/** The fonts that the styles name, out of their packages. Each address carries the version of what stands there. */
async function fonts() {
  const path = join(folder, "main.css");
  let css = await readFile(path, "utf8");
  await mkdir(join(folder, "fonts"));
  for (const name of new Set(Array.from(css.matchAll(/fonts\/([\w.-]+\.woff2)/g), ([, found]) => found))) {
    const file = await fontFile(name);
    await copyFile(file, join(folder, "fonts", name));
    css = css.replaceAll(`fonts/${name}`, `fonts/${name}?${version(await readFile(file))}`);
  }
  await writeFile(path, css);
}

async function fontFile(name) {
  for (const family of await readdir(join(MODULES, "@fontsource-variable"))) {
    const files = join(MODULES, "@fontsource-variable", family, "files");
    if ((await readdir(files)).includes(name)) return join(files, name);
  }
  throw new Error(`No installed font has the file ${name}, which static/css asks for.`);
}

async function icons() {
  await writeFile(join(folder, "icons.svg"), await sprite());
}

/** versions.json: the mark that `{% static %}` adds to an address, so that browsers may keep the file for ever. */
async function versions() {
  const marks = {};
  for (const path of await filesIn(folder)) marks[`dist/${relative(folder, path)}`] = version(await readFile(path));
  await writeFile(join(folder, "versions.json"), JSON.stringify(marks, null, 1));
}

async function compressed() {
  const paths = (await filesIn(folder)).filter((path) => COMPRESSED.has(extname(path)));
  const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } };
  await Promise.all(
    paths.map(async (path) => {
      const plain = await readFile(path);
      await writeFile(`${path}.gz`, await promisify(gzip)(plain, { level: 9 }));
      await writeFile(`${path}.br`, await promisify(brotliCompress)(plain, quality));
    }),
  );
}

async function loadedByTemplates(kind) {
  const names = new Set();
  for (const path of (await filesIn("templates")).filter((path) => path.endsWith(".html"))) {
    const text = await readFile(path, "utf8");
    for (const [, name] of text.matchAll(/static\s+['"]dist\/([\w/-]+\.\w+)['"]/g)) {
      if (extname(name) === `.${kind}`) names.add(name);
    }
  }
  return [...names].sort();
}

async function filesIn(place) {
  const entries = await readdir(place, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

function version(content) {
  return createHash("sha256").update(content).digest("hex").slice(0, 10);
}

function run(program, ...words) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, { stdio: ["ignore", "ignore", "pipe"] });
    let said = "";
    child.stderr.on("data", (piece) => (said += piece));
    child.on("error", reject);
    child.on("close", (code) => (code ? reject(new Error(`${basename(words[0])} failed:\n${said}`)) : resolve()));
  });
}
