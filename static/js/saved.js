// The page of a saved request: names complete behind an @.

import { completeMentions } from "./saved/mentions.js";

completeMentions(document.getElementById("comments"));
