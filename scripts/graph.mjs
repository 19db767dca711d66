// npm run graph: the command `chainrule graph`, with nothing to set up first.

import { main, runCommand } from "./set-up.mjs";

await main(() => runCommand(["graph", ...process.argv.slice(2)], "graph"));
