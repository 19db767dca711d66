// npm run notebooks: makes notebooks/*.ipynb from the lessons, with the outputs of the real kernel.
// Read set-up.mjs first.

import { ensureInstalled, main, say } from "./set-up.mjs";

const usage = `npm run notebooks                    make all notebooks: run the lessons, keep what they put out
npm run notebooks -- 3 7             … only those of these lessons (the appendix is 9)
npm run notebooks -- 3 --check       write nothing: run again and say what differs from the files
npm run notebooks -- --to-markdown notebooks/03-name.ipynb [--out lesson.md] [--force]
                                     the way back: a notebook that was edited, as a lesson (printed, or
                                     written to a file; --force if that file exists)

npm run kernel makes Jupyter able to open them.`;

const args = process.argv.slice(2);

if (args.includes("--help") || args.includes("-h")) console.log(usage);
else
  await main(async () => {
    await ensureInstalled(".", "npm run notebooks");
    const work = await import("./lessons/notebooks.mjs"); // it needs what was installed
    if (args.includes("--to-markdown")) return work.toMarkdown(args);
    const problems = await work.notebooks(args);
    for (const { file, line, message } of problems) console.log(`${file}:${line}: ${message}`);
    const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
    if (problems.length > 0) say(count);
    if (problems.length > 0) process.exitCode = 1;
  });
