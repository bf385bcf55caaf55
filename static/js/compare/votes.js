// Votes: which answer of a row people liked best; names are hidden until the person has voted.

import { ask, toast } from "../page.js";
import { t } from "../texts.js";

/** The votes of a comparison as this page knows them. */
export class Votes {
  constructor(paper, votes) {
    this.paper = paper;
    this.all = votes;
  }

  /** Votes for a run. */
  of(run) {
    return this.all.filter((vote) => vote.run === run);
  }

  /** Whether the person has voted in a row for an answer that still stands there. */
  hasVoted(row) {
    const standing = new Set(Object.values(this.paper.document.runs));
    return this.all.some((vote) => vote.is_mine && vote.row === row && standing.has(vote.run));
  }

  /** Vote for a run; what the server tells after it, null when it was not kept. */
  async cast(run, isBlind) {
    const response = await ask(`/compare/${this.paper.id}/vote/`, { method: "POST", json: { run, is_blind: isBlind } }).catch(() => null);
    if (!response?.ok) {
      toast(t("Your vote could not be kept"), { detail: t("Check the connection and try again."), bad: true });
      return null;
    }
    const told = await response.json();
    this.all = told.votes;
    return told;
  }
}

/** The columns in an order that tells nothing, the same one each time this person looks at this comparison. */
export function shuffled(columns, seed) {
  return [...columns].map((column) => ({ column, rank: hash(`${seed}/${column.id}`) })).sort((one, other) => one.rank - other.rank).map(({ column }) => column);
}

function hash(text) {
  let value = 2166136261;
  for (const letter of text) value = Math.imul(value ^ letter.codePointAt(0), 16777619) >>> 0;
  return Math.imul(value ^ (value >>> 15), 2246822519) >>> 0;
}
