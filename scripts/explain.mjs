// npm run explain: the command `chainrule explain`, with nothing to set up first.

import { main, runCommand } from "./set-up.mjs";

await main(() => runCommand(["explain", ...process.argv.slice(2)], "explain"));
