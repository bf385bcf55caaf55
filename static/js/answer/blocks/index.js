// How each kind of block is drawn. A drawer is made once for a block and told to draw whenever the block has grown.

import { CitationBlock } from "./citation.js";
import { JsonBlock, WholeJsonBlock } from "./json.js";
import { MediaBlock } from "./media.js";
import { ProblemBlock } from "./problem.js";
import { RankingBlock } from "./ranking.js";
import { RefusalBlock } from "./refusal.js";
import { TaskBlock } from "./task.js";
import { TextBlock } from "./text.js";
import { ThinkingBlock } from "./thinking.js";
import { ToolBlock } from "./tool.js";
import { TranscriptBlock } from "./transcript.js";
import { VectorBlock } from "./vector.js";

export const DRAWERS = {
  text: TextBlock,
  reasoning: ThinkingBlock,
  tool_call: ToolBlock,
  media: MediaBlock,
  json: JsonBlock,
  whole_json: WholeJsonBlock,
  vector: VectorBlock,
  transcript: TranscriptBlock,
  ranking: RankingBlock,
  task: TaskBlock,
  citation: CitationBlock,
  refusal: RefusalBlock,
  problem: ProblemBlock,
};
