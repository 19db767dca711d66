// npm run build: compiles src/ to dist/, which is what a user installs. Read set-up.mjs first.

import { ensureBuilt, main } from "./set-up.mjs";

await main(() => ensureBuilt("npm run build"));
