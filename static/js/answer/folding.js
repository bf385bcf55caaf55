// From frames to blocks: what belongs together in an answer, in the order it arrived.

import { segmentsOf } from "./segments.js";

/**
 * A block is a plain object: `kind`, `lane` (the candidate it belongs to), `from` and `to` (ms since the call was sent),
 * and what its kind needs: `text`, `calls`, `results`… `grew` tells how much of it is new since it was last drawn.
 */
export class Blocks {
  all = [];
  lanes = new Map();
  #tools = new Map();
  #changed = new Set();

  /** Take frames in; returns the blocks that are new or changed, each once. */
  add(frames) {
    for (const frame of frames) this.#take(frame);
    const changed = [...this.#changed];
    this.#changed.clear();
    return changed;
  }

  /** What the site has learned of the run's task since; returns the blocks that changed. */
  learn(task) {
    const block = this.all.findLast(({ kind }) => kind === "task");
    if (!block) return [];
    block.news = task;
    return [block];
  }

  #take(frame) {
    const take = TAKERS[frame.kind];
    if (take) take(this, frame);
  }

  /** The last block of a lane when it is of this kind, else a new one. */
  last(kind, lane, at) {
    const blocks = this.lane(lane);
    const last = blocks.at(-1);
    return last?.kind === kind && !last.closed ? this.touch(last, at) : this.open({ kind, lane }, at);
  }

  /** The newest block of a kind, wherever it stands, else a new one. */
  only(kind, at, lane = 0) {
    const block = this.lane(lane).findLast((each) => each.kind === kind);
    return block ? this.touch(block, at) : this.open({ kind, lane }, at);
  }

  open(block, at) {
    const blocks = this.lane(block.lane);
    const before = blocks.at(-1);
    if (before && !before.over) {
      before.over = true;
      this.#changed.add(before);
    }
    Object.assign(block, { from: at, to: at, over: false });
    blocks.push(block);
    this.all.push(block);
    this.#changed.add(block);
    return block;
  }

  touch(block, at) {
    block.to = at;
    this.#changed.add(block);
    return block;
  }

  /** Open a block that says again, and better, what the last text said: that is no longer shown. */
  retell(block, at) {
    const text = this.lane(block.lane).findLast(({ kind }) => kind === "text");
    if (text) this.touch(text, text.to).isRetold = true;
    return this.open(block, at);
  }

  lane(number) {
    if (!this.lanes.has(number)) this.lanes.set(number, []);
    return this.lanes.get(number);
  }

  /** The call this delta belongs to: by its index, unless another id says that a new one begins. */
  tool(frame) {
    const known = this.#tools.get(frame.index);
    const continues = known && (!frame.id || !known.id || known.id === frame.id);
    if (continues) return this.touch(known, frame.at);
    const block = this.open({ kind: "tool_call", lane: 0, id: null, name: null, text: "" }, frame.at);
    this.#tools.set(frame.index, block);
    return block;
  }
}

function isEmpty(value) {
  return value === null || (typeof value === "object" && Object.keys(value).length === 0);
}

function spoken(kind) {
  return (blocks, frame) => {
    const block = blocks.last(kind, frame.index ?? 0, frame.at);
    block.text = (block.text ?? "") + frame.text;
  };
}

function listed(kind, list) {
  return (blocks, frame) => {
    const block = blocks.only(kind, frame.at);
    (block[list] ??= []).push(frame);
  };
}

const TAKERS = {
  text: spoken("text"),
  reasoning: spoken("reasoning"),
  refusal: spoken("refusal"),
  citation: listed("citation", "sources"),
  vector: listed("vector", "vectors"),
  tool_call(blocks, frame) {
    const block = blocks.tool(frame);
    block.id ??= frame.id;
    block.name ??= frame.name;
    block.text += frame.arguments ?? "";
  },
  media(blocks, frame) {
    const last = blocks.lane(0).findLast((block) => block.kind === "media");
    const block = last?.frame.partial !== undefined ? blocks.touch(last, frame.at) : blocks.open({ kind: "media", lane: 0, partials: [] }, frame.at);
    block.partials = frame.partial === undefined ? block.partials : [...block.partials, frame];
    block.frame = frame;
  },
  // What an answer was already drawn as is told whole beside it, folded; nothing left of it is not told at all.
  json(blocks, frame) {
    const segments = segmentsOf(frame.value);
    if (segments) blocks.retell({ kind: "transcript", lane: 0, segments }, frame.at);
    const isBeside = blocks.lane(0).length > 0;
    if (isBeside && isEmpty(frame.value)) return;
    blocks.open({ kind: isBeside ? "whole_json" : "json", lane: 0, value: frame.value }, frame.at);
  },
  ranking(blocks, frame) {
    blocks.open({ kind: "ranking", lane: 0, results: frame.results }, frame.at);
  },
  task(blocks, frame) {
    const known = blocks.lane(0).find((block) => block.kind === "task" && block.task.id === frame.id);
    const block = known ? blocks.touch(known, frame.at) : blocks.open({ kind: "task", lane: 0 }, frame.at);
    block.task = frame;
  },
  problem(blocks, frame) {
    blocks.open({ kind: "problem", lane: 0, problem: frame }, frame.at);
  },
};

/** The colour a frame has wherever frames are drawn. */
export const KIND_COLOURS = {
  text: "text",
  refusal: "text",
  json: "text",
  ranking: "text",
  vector: "text",
  reasoning: "thinking",
  tool_call: "tool",
  media: "media",
  task: "media",
};

/** How much of an answer a frame brought, in characters. */
export function weight(frame) {
  const piece = frame.text ?? frame.arguments;
  return piece === undefined ? 12 : Math.max(1, piece.length);
}
