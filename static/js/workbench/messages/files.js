// Files that people paste, drop or pick: small ones are read as base64 in the browser, larger ones are uploaded.

import { bytes, t } from "../../texts.js";
import { element, toast } from "../../page.js";
import { upload } from "../uploads.js";

export const HEAVY = 20_000_000;
const LARGEST_INLINE = 256_000;
const UPLOADED = /^(image\/(png|jpeg|gif|webp)|application\/pdf|(audio|video)\/.*)$/;

/**
 * Read or upload files; each is `{name, mime, base64}`, or `{name, mime, mark}` when it was uploaded. One that the server
 * does not take is told and left out. A file past what gateways usually take is taken, and said to be heavy.
 */
export async function readFiles(files) {
  const read = (await Promise.all([...files].map(takeFile))).filter(Boolean);
  for (const file of files) {
    if (file.size > HEAVY) {
      toast(t("{name} is {size}", { name: file.name, size: bytes(file.size) }), { detail: t("Many gateways refuse more than 20 MB"), bad: true });
    }
  }
  return read;
}

// Kinds that the server does not keep, plain text for example, stay in the body as they always did.
function takeFile(file) {
  return file.size > LARGEST_INLINE && UPLOADED.test(file.type) ? uploaded(file) : readFile(file);
}

async function uploaded(file) {
  const bar = element("progress.progress", { max: 1, value: 0, "aria-label": t("Uploading {name}", { name: file.name }) });
  const card = element("div.toast-card", {}, element("span", {}, element("strong", {}, t("Uploading {name}", { name: file.name })), bar));
  document.getElementById("toasts")?.append(card);
  try {
    return await upload(file, (share) => (bar.value = share));
  } catch (error) {
    toast(t("{name} was not uploaded", { name: file.name }), { detail: error.message, bad: true });
    return null;
  } finally {
    card.remove();
  }
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
