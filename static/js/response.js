// The response pane by itself, for pages that only show a run.

import "./answer/answer.js";
