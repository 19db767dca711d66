// The process of one JavaScript system: loads its module and works on request.
//
// One request a line on standard input, one answer a line on standard output:
//   check WORK N   does the work N times and prints the N results
//   time WORK N    does the work N times and prints the nanoseconds that took
//   memory         prints the most memory this process has ever held, in bytes

import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { readData } from "./data.mjs";

const [systemPath, dataPath] = process.argv.slice(2);
const { works } = await import(pathToFileURL(systemPath).href);
const data = readData(dataPath);
const steps = {};
const repetitions = {}; // how often each work was done so far

function check(work, count) {
  const results = [];
  for (let i = 0; i < count; i++) results.push(steps[work](repetitions[work]++));
  return results.join(" ");
}

function time(work, count) {
  const start = process.hrtime.bigint();
  for (let i = 0; i < count; i++) steps[work](repetitions[work]++);
  return process.hrtime.bigint() - start;
}

for await (const line of createInterface({ input: process.stdin })) {
  const [request, work, count] = line.split(" ");
  if (work && !steps[work]) {
    steps[work] = works[work](data);
    repetitions[work] = 0;
  }
  if (request === "check") console.log(check(work, Number(count)));
  if (request === "time") console.log(String(time(work, Number(count))));
  if (request === "memory") console.log(process.resourceUsage().maxRSS * 1024);
}
