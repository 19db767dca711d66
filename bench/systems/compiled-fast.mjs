// The compiler in its fast mode: vectors of two doubles, the sums in another order, the same bits
// on every machine. Read compiled.mjs first.

import { makeWorks } from "./compiled.mjs";

export const works = makeWorks({ mode: "fast" });
