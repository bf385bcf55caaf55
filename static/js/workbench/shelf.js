// The models that the chosen key may use, with their prices: what model fields complete from, and what a request will cost.

import { ask } from "../page.js";
import { t } from "../texts.js";
import { ago } from "../times.js";

// How a dialect calls a model, as the page of models says it.
const KINDS = {
  "openai-chat": ["chat"],
  "openai-responses": ["responses"],
  "anthropic-messages": ["messages"],
  gemini: ["gemini"],
  "openai-embeddings": ["embeddings"],
  "gemini-embeddings": ["embeddings"],
  "openai-images": ["images"],
  "openai-audio": ["speech", "transcription"],
  "openai-moderations": ["moderation"],
  "openai-completions": ["completions"],
  "sora-video": ["video"],
  rerank: ["rerank"],
};
const told = new Map();

/** The shelf of one key; says `change` when another one was opened. */
export class Shelf extends EventTarget {
  #key = null;
  #models = new Map();
  #oldSince = null;

  /** Show the models of this key. Those of a key that was asked for before are there at once. */
  async open(key) {
    if (key === this.#key) return;
    this.#key = key;
    if (!told.has(key)) told.set(key, asked(key));
    const { models, oldSince } = await told.get(key);
    if (key !== this.#key) return;
    this.#models = models;
    this.#oldSince = oldSince;
    this.dispatchEvent(new CustomEvent("change"));
  }

  /** What a model field of this operation offers: fitting models first; `known` where the key's own are not known. */
  choices(operation, known) {
    if (!this.#models.size) return known;
    const kinds = KINDS[operation.dialect] ?? [];
    const names = [...this.#models.keys()];
    const fits = (name) => this.#models.get(name).kinds.some((kind) => kinds.includes(kind));
    return [...names.filter(fits), ...names.filter((name) => !fits(name))];
  }

  /** What is to be said of the list itself: how old it is where the gateway told none since. */
  get note() {
    return this.#oldSince ? t("List read {age}. The gateway tells none now.", { age: ago(this.#oldSince) }) : "";
  }

  /** The price of a model, `{unit, input, output, call…}` as texts; null when nobody told one. */
  price(model) {
    const found = this.#models.get(model) ?? this.#models.get(model?.split(":")[0]);
    return found?.price ?? null;
  }
}

async function asked(key) {
  const response = key ? await ask(`/models/${encodeURIComponent(key)}/names.json`).catch(() => null) : null;
  const { models = [], read_at: readAt, is_old: isOld } = response?.ok ? await response.json() : {};
  return {
    models: new Map(models.map(([name, kinds, price]) => [name, { kinds, price }])),
    oldSince: isOld && readAt ? new Date(readAt) : null,
  };
}
