// The compiler in its fast mode, the examples shared out to two workers. Read compiled.mjs first.

import { makeWorks } from "./compiled.mjs";

export const works = makeWorks({ mode: "fast", workers: 2 });
