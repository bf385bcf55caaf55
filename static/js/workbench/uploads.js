// Files on their way to the server, and what is known of those that are there: a request names them by `@file:<id>`.

import { LitElement, html, nothing } from "lit";
import { ask, csrfToken } from "../page.js";
import { bytes, t } from "../texts.js";
import { icon } from "./icons.js";

export const MARK = "@file:";
const ID = /^@file:([0-9a-f-]{36})$/;
const known = new Map();

/** Whether a text stands for an uploaded file. */
export function isMark(text) {
  return Boolean(text?.startsWith(MARK));
}

/** Upload a file; `told(share)` hears how much of it is there. Its facts; rejects with a sentence to show. */
export function upload(file, told = () => {}) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const form = new FormData();
    form.append("file", file, file.name || "file");
    request.upload.addEventListener("progress", ({ loaded, total }) => told(total ? loaded / total : 0));
    request.addEventListener("load", () => {
      const answer = answered(request);
      if (request.status !== 201) return reject(new Error(answer?.message ?? t("The server did not take {name}.", { name: file.name })));
      known.set(answer.mark, Promise.resolve(answer));
      resolve(answer);
    });
    request.addEventListener("error", () => reject(new Error(t("The connection broke while {name} was uploaded. Try again.", { name: file.name }))));
    request.open("POST", "/attachments/");
    request.setRequestHeader("X-CSRFToken", csrfToken());
    request.setRequestHeader("Accept", "application/json");
    request.send(form);
  });
}

function answered(request) {
  try {
    return JSON.parse(request.responseText);
  } catch {
    return null;
  }
}

/** What is known of a mark's file: `{name, mime, size, url, mark}`, or null when it is not there (any more). */
export function factsOf(mark) {
  if (!known.has(mark)) known.set(mark, asked(mark));
  return known.get(mark);
}

async function asked(mark) {
  const id = ID.exec(mark)?.[1];
  if (!id) return null;
  try {
    const response = await ask(`/attachments/${id}.json`);
    return response.ok ? await response.json() : null;
  } catch {
    known.delete(mark);
    return null;
  }
}

const ICONS = { image: "image", audio: "audio-lines", video: "film" };

/** `<uploaded-file mark="@file:…">`: name, size and a small picture of a file, or that it is still to be chosen. */
class UploadedFile extends LitElement {
  static properties = { mark: {}, facts: { state: true } };

  createRenderRoot() {
    return this;
  }

  willUpdate(changed) {
    if (!changed.has("mark")) return;
    const { mark } = this;
    this.facts = undefined;
    factsOf(mark).then((facts) => mark === this.mark && (this.facts = facts));
  }

  render() {
    const { facts } = this;
    if (facts === undefined) return nothing;
    if (facts === null) return this.#missing();
    const kind = facts.mime.split("/")[0];
    return html`
      ${kind === "image"
        ? html`<img class="part-thumb" alt="" src=${facts.url} @load=${this.#measured} />`
        : html`<span class="part-thumb">${icon(ICONS[kind] ?? "file-text")}</span>`}
      <span class="part-facts">
        <b><a href=${facts.url} target="_blank" rel="noopener">${facts.name}</a></b>
        <small class="figure"><span data-extent></span>${bytes(facts.size)} · ${facts.mime}</small>
      </span>
    `;
  }

  #missing() {
    const name = this.mark.slice(MARK.length);
    return html`<span class="part-thumb is-missing">${icon("file-text")}</span>
      <span class="part-facts"><b>${ID.test(this.mark) ? t("This file is gone") : name}</b><small>${t("Choose a file before sending")}</small></span>`;
  }

  #measured({ target }) {
    target.nextElementSibling.querySelector("[data-extent]").textContent = `${target.naturalWidth} × ${target.naturalHeight} · `;
  }
}

customElements.define("uploaded-file", UploadedFile);
