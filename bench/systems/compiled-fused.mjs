// The compiler in its fast mode with fused multiply-add, whose bits depend on the machine. Read
// compiled.mjs first.

import { makeWorks } from "./compiled.mjs";

export const works = makeWorks({ mode: "fused" });
