// The process of one JavaScript system: loads its module and works on request.
//
// One request a line on standard input, one answer a line on standard output:
//   check WORK N   does the work N times and prints the N results
//   time WORK N    does the work N times and prints the nanoseconds that took
//   bytes WORK     prints the size of the WebAssembly module made for the work
//   memory         prints the most memory this process has ever held, in bytes

import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { readData, stepsInARun } from "./data.mjs";

const [systemPath, dataPath] = process.argv.slice(2);
const { works } = await import(pathToFileURL(systemPath).href);
const data = readData(dataPath);
const doers = {};
const repetitions = {}; // how often each work was done so far

/**
 * Does a work `count` times and, if `results` is given, adds them to it. What does the work is a
 * function of the repetition; or, where a call does many steps, an object of `restart()`, which
 * puts the starting weights back, and `run(steps)`, which returns the loss of each.
 */
async function repeat(work, count, results) {
  const doer = doers[work];
  const end = repetitions[work] + count;
  if (typeof doer === "function") {
    while (repetitions[work] < end) {
      const result = doer(repetitions[work]++);
      const value = result instanceof Promise ? await result : result;
      results?.push(value);
    }
    return;
  }
  while (repetitions[work] < end) {
    const done = repetitions[work] % stepsInARun;
    if (done === 0) doer.restart();
    const steps = Math.min(stepsInARun - done, end - repetitions[work]);
    const losses = await doer.run(steps);
    repetitions[work] += steps;
    results?.push(...losses);
  }
}

async function answer(request, work, count) {
  if (request === "memory") return process.resourceUsage().maxRSS * 1024;
  if (!doers[work]) {
    doers[work] = await works[work](data);
    repetitions[work] = 0;
  }
  if (request === "bytes") return doers[work].bytes();
  if (request === "check") {
    const results = [];
    await repeat(work, count, results);
    return results.join(" ");
  }
  const start = process.hrtime.bigint();
  await repeat(work, count);
  return process.hrtime.bigint() - start;
}

for await (const line of createInterface({ input: process.stdin })) {
  const [request, work, count] = line.split(" ");
  console.log(String(await answer(request, work, Number(count))));
}
