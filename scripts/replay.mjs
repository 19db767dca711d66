// npm run replay: the command `chainrule replay`, with nothing to set up first.

import { main, runCommand } from "./set-up.mjs";

await main(() => runCommand(["replay", ...process.argv.slice(2)], "replay"));
