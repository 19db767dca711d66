// The command behind `npm run bench`: reads the options, runs the works, prints one table.

import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, cpus, release, tmpdir, type } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { readData, writeData } from "./data.mjs";
import { measure } from "./measure.mjs";
import { systems } from "./systems.mjs";
import { groups, works } from "./works.mjs";

const help = `npm run bench -- [options]

Times the engine and everything it is compared with, side by side, and prints one table.

  --only NAMES    only these works and systems, separated by commas; naming no work means all
                  works, naming no system means all systems: --only moons,engine,c
  --seconds S     measuring time for each system and work (2)
  --repeats R     rounds, in which the systems take turns; the median counts (21)
  --json          print only { machine, rows: [{ work, system, median_ns, ratio_to_c }] }
  --help          this text

Works
${list(works)}
  ${"widths".padEnd(20)} all of width-...
  ${"batches".padEnd(20)} all of batch-...
  ${"linearity".padEnd(20)} all chains: is the time for each node the same at every length?
Systems
${list(systems)}
`;

function list(entries) {
  return entries.map(({ name, about }) => `  ${name.padEnd(20)} ${about}`).join("\n");
}

/** Ends the program for a wrong option: one line, exit code 2. */
function refuse(message) {
  console.error(message);
  process.exit(2);
}

function readOptions() {
  try {
    return parseArgs({
      options: {
        only: { type: "string" },
        seconds: { type: "string", default: "2" },
        repeats: { type: "string", default: "21" },
        json: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    }).values;
  } catch (error) {
    return refuse(`bench: ${error.message.split("\n")[0]}`);
  }
}

function positive(option, text, isAllowed, expected) {
  const number = Number(text);
  if (text.trim() === "" || !isAllowed(number)) {
    refuse(`bench: --${option} expects ${expected}, got ${text}`);
  }
  return number;
}

/** The works and systems that `--only` names; none of a kind named means all of that kind. */
function choose(only) {
  const names = (only ?? "").split(",").flatMap((name) => groups[name.trim()] ?? name.trim() ?? []);
  const known = [...works, ...systems].map(({ name }) => name).concat(Object.keys(groups));
  const wanted = only === undefined ? [] : names;
  const unknown = wanted.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    refuse(`bench: --only expects names among ${known.join(", ")}, got ${unknown || "nothing"}`);
  }
  const pick = (entries) => {
    const picked = entries.filter(({ name }) => wanted.includes(name));
    return picked.length > 0 ? picked : entries;
  };
  return { works: pick(works), systems: pick(systems) };
}

/** A line of progress on a terminal, overwritten by the next; elsewhere a line for each work. */
function makeProgress() {
  let current = "";
  return (text) => {
    if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
    else if (text.split(":")[0] !== current) process.stderr.write(`${text.split(":")[0]} ...\n`);
    current = text.split(":")[0];
  };
}

const machine = {
  cpu: cpus()[0]?.model.trim() ?? "unknown",
  cores: availableParallelism(),
  os: `${type()} ${release()} ${process.arch}`,
  node: process.version,
};

function ratio(rows, row, to) {
  const other = rows.find(({ work, system }) => work === row.work && system === to);
  return other ? row.median_ns / other.median_ns : null;
}

/** Three digits and a unit: 26.1 us. */
function duration(nanoseconds) {
  const units = ["ns", "us", "ms", "s"];
  let unit = 0;
  let value = nanoseconds;
  while (value >= 999.5 && unit < 3) {
    value /= 1000;
    unit++;
  }
  return `${Number(value.toPrecision(3))} ${units[unit]}`;
}

const threeDigits = (number) =>
  number >= 100
    ? Math.round(number).toLocaleString("en")
    : Number(number.toPrecision(3)).toString();

function cells(rows, row) {
  const nodes = works.find(({ name }) => name === row.work).nodes;
  const toC = row.ratio_to_c;
  const toEngine = ratio(rows, row, "engine");
  return [
    row.work,
    row.system,
    duration(row.median_ns),
    toC === null ? "" : threeDigits(toC),
    toEngine === null ? "" : threeDigits(toEngine),
    row.flop_per_cycle ? row.flop_per_cycle.toPrecision(2) : "",
    nodes ? threeDigits(row.median_ns / nodes) : "",
    row.peak_bytes ? `${(row.peak_bytes / 2 ** 20).toFixed(0)} MiB` : "",
  ];
}

function table(rows) {
  const head = [
    ...["work", "system", "median", "x c", "x engine"],
    ...["flop/cycle", "ns/node", "peak memory"],
  ];
  const body = rows.map((row) => cells(rows, row));
  const widths = head.map((_, i) => Math.max(...[head, ...body].map((line) => line[i].length)));
  const draw = (line) =>
    line
      .map((cell, i) => (i < 2 ? cell.padEnd(widths[i]) : cell.padStart(widths[i])))
      .join("  ")
      .trimEnd();
  return [head, widths.map((width) => "-".repeat(width)), ...body].map(draw).join("\n");
}

/** Runs the chosen works one after the other and prints what came out. */
async function main() {
  const options = readOptions();
  if (options.help) {
    console.log(help.trimEnd());
    return;
  }
  const seconds = positive("seconds", options.seconds, (n) => n > 0 && n <= 600, "0 to 600");
  const repeats = positive(
    "repeats",
    options.repeats,
    (n) => Number.isInteger(n) && n >= 1 && n <= 1000,
    "a whole number from 1 to 1000",
  );
  const chosen = choose(options.only);
  const scratch = mkdtempSync(join(tmpdir(), "chainrule-bench-"));
  process.once("SIGINT", () => process.exit(130));
  process.once("exit", () => rmSync(scratch, { recursive: true, force: true }));
  const dataPath = join(scratch, "data.txt");
  writeData(dataPath);
  const say = makeProgress();
  const setting = { data: readData(dataPath), dataPath, scratch, seconds, repeats, say };

  const rows = [];
  const untimed = [];
  for (const work of chosen.works) {
    const able = chosen.systems.filter((system) => system.works.includes(work.name));
    const outcome = await measure(work, able, setting);
    rows.push(...outcome.rows);
    untimed.push(...outcome.untimed);
  }
  for (const row of rows) row.ratio_to_c = ratio(rows, row, "c");
  if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");
  for (const { work, system, reason } of untimed) {
    console.error(`not timed: ${system} on ${work}: ${reason}`);
  }
  if (options.json) {
    console.log(JSON.stringify({ machine, rows, untimed }, null, 2));
  } else {
    console.log(`${machine.cpu}, ${machine.cores} cores, ${machine.os}, Node ${machine.node}\n`);
    console.log(table(rows));
  }
  if (untimed.some(({ system }) => system === "engine")) process.exitCode = 1;
}

await main();
