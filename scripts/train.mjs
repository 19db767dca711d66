// npm run train: the command `chainrule train`, with nothing to set up first.

import { main, runCommand } from "./set-up.mjs";

await main(() => runCommand(["train", ...process.argv.slice(2)], "train"));
