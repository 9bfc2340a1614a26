// The tags that a portal writes. A page that loads the script twice has them once.

import { Answers } from "./answers.js";
import { Comments } from "./comments.js";
import { Count } from "./counts.js";
import { Dialogue } from "./dialogue.js";

const TAGS = { "engage-answers": Answers, "engage-comments": Comments, "engage-count": Count, "engage-dialogue": Dialogue };
for (const [tag, made] of Object.entries(TAGS)) if (!customElements.get(tag)) customElements.define(tag, made);
