// Files that people paste, drop or pick, read as base64 in the browser.

import { bytes, t } from "../../texts.js";
import { toast } from "../../page.js";

export const HEAVY = 20_000_000;

/** Read files; each is `{name, mime, base64}`. A file past what gateways usually take is read, and said to be heavy. */
export async function readFiles(files) {
  const read = await Promise.all([...files].map(readFile));
  for (const file of files) {
    if (file.size > HEAVY) {
      toast(t("{name} is {size}", { name: file.name, size: bytes(file.size) }), { detail: t("Many gateways refuse more than 20 MB"), bad: true });
    }
  }
  return read;
}

function readFile(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => {
      const mime = file.type || "application/octet-stream";
      resolve({ name: file.name, mime, base64: reader.result.slice(reader.result.indexOf(",") + 1) });
    };
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
}

/** The files of a paste or a drop; none when only text came. */
export function filesOf(transfer) {
  return transfer ? [...transfer.files] : [];
}

/** The size of what a base64 text or data address holds. */
export function sizeOf(text) {
  const data = text.length - (text.startsWith("data:") ? text.indexOf(",") + 1 : 0);
  return Math.floor((data * 3) / 4) - (text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0);
}

/** Ask for files by the browser's own dialog. */
export function pickFiles() {
  return new Promise((resolve) => {
    const input = document.createElement("input");
    input.type = "file";
    input.multiple = true;
    input.addEventListener("change", () => resolve(input.files));
    input.addEventListener("cancel", () => resolve([]));
    input.click();
  });
}
