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
  ${"workers".padEnd(20)} batch-1000 and batch-10000, for compiled-two-workers
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

const megabytes = (bytes) => `${(bytes / 2 ** 20).toFixed(0)} MiB`;

/** The columns: a head, and what a row has there; a column that no row has is left out. */
const columns = [
  ["work", (row) => row.work],
  ["system", (row) => row.system],
  ["median", (row) => duration(row.median_ns)],
  ["x c", (row) => row.ratio_to_c, threeDigits],
  ["x engine", (row, rows) => ratio(rows, row, "engine"), threeDigits],
  ["x forward", ratioToForward, threeDigits],
  ["flop/cycle", (row) => row.flop_per_cycle, (number) => number.toPrecision(2)],
  ["ns/node", nanosecondsPerNode, threeDigits],
  ["module", (row) => row.module_bytes, (bytes) => `${bytes} B`],
  ["peak memory", (row) => row.peak_bytes, megabytes],
];

function ratioToForward(row, rows) {
  const { forward } = works.find(({ name }) => name === row.work);
  const other = rows.find(({ work, system }) => work === forward && system === row.system);
  return other && row.median_ns / other.median_ns;
}

function nanosecondsPerNode(row) {
  const { nodes } = works.find(({ name }) => name === row.work);
  return nodes && row.median_ns / nodes;
}

function table(rows) {
  const filled = columns.map(([head, find, write = String]) => {
    const cells = rows.map((row) => find(row, rows) ?? "");
    return [head, ...cells.map((cell) => (cell === "" ? "" : write(cell)))];
  });
  const shown = filled.filter(([, ...cells]) => cells.some((cell) => cell !== ""));
  const padded = shown.map(([head, ...cells], column) => {
    const width = Math.max(...[head, ...cells].map((cell) => cell.length));
    const pad = (cell) => (column < 2 ? cell.padEnd(width) : cell.padStart(width));
    return [head, "-".repeat(width), ...cells].map(pad);
  });
  const lines = Array.from({ length: rows.length + 2 }, (_, i) => padded.map((cells) => cells[i]));
  return lines.map((cells) => cells.join("  ").trimEnd()).join("\n");
}

/** What has to be known of a system that is in the table. */
function notes(rows) {
  const noted = systems.filter(({ name, note }) => note && rows.some((row) => row.system === name));
  return noted.map(({ name, note }) => `\n${name}: ${note}`).join("");
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
    console.log(table(rows) + (notes(rows) && `\n${notes(rows)}`));
  }
  if (untimed.some(({ system }) => system === "engine")) process.exitCode = 1;
}

await main();
