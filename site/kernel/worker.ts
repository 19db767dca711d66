/** The worker that runs cells, in a sandboxed frame. */

import { createSession } from "chainrule/cells";

console.log(createSession);
