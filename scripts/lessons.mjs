// npm run lessons: runs lessons in the kernel, prints what their cells print, and checks them. Read
// set-up.mjs first.

import { ensureInstalled, main, say } from "./set-up.mjs";

const usage = `npm run lessons                  run and check all lessons
npm run lessons -- 3 7           … only these (appendix is 9)
npm run lessons -- 3 --no-run    only what can be checked without running any cell: words, links, types
npm run lessons -- 3 --png       … and paint each picture as PNG beside the SVG

Prints each cell's line in the lesson and what it puts out; pictures are written to .cache/lessons/.
Then lists what is wrong, as file:line: message. How a lesson is written: lessons/AUTHORS.md.`;

const args = process.argv.slice(2);

if (args.includes("--help") || args.includes("-h")) console.log(usage);
else
  await main(async () => {
    await ensureInstalled(".", "npm run lessons");
    const { lessons } = await import("./lessons/command.mjs"); // it needs what was installed
    const problems = await lessons(args);
    for (const { file, line, message } of problems) console.log(`${file}:${line}: ${message}`);
    const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
    say(problems.length === 0 ? "no problems" : count);
    if (problems.length > 0) process.exitCode = 1;
  });
