// Runs one work on several systems side by side and finds the median time of each.
//
// Every system has a process of its own for the work, so that nobody's garbage, shapes or type
// feedback slow anybody else. The systems take turns, a short slice each, round after round, so
// that a machine that gets slower for a while gets slower for all.

import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { checkedRepetitions } from "./works.mjs";

const LONGEST_ANSWER_MS = 120_000;
const LEAST_WARM_UP_S = 0.4;
const FEWEST_ROUNDS = 5;

/** A system's process: send it a line, wait for the line that it answers. */
class Process {
  constructor(command) {
    this.child = spawn(command[0], command.slice(1), { stdio: ["pipe", "pipe", "pipe"] });
    this.errors = "";
    this.waiting = null;
    this.child.stderr.on("data", (text) => {
      this.errors += text;
    });
    this.child.stdin.on("error", () => {}); // the process has ended; "close" below says why
    this.child.on("error", (error) => this.fail(explain(error)));
    this.child.on("close", (code, signal) => this.fail(this.reason(code, signal)));
    createInterface({ input: this.child.stdout }).on("line", (line) => {
      this.waiting?.resolve(line);
      this.waiting = null;
    });
  }

  /** What the process last said of itself, in one line. */
  reason(code, signal) {
    const lines = this.errors.split("\n").filter((line) => line.trim());
    const error = lines.find((line) => /error/i.test(line)) ?? lines.at(-1);
    return error?.trim() ?? `ended with ${signal ?? `exit code ${code}`}`;
  }

  fail(reason) {
    this.failure ??= reason;
    this.waiting?.reject(new Error(this.failure));
    this.waiting = null;
  }

  ask(request) {
    if (this.failure) return Promise.reject(new Error(this.failure));
    return new Promise((resolve, reject) => {
      const tooLong = setTimeout(() => {
        this.fail(`no answer within ${LONGEST_ANSWER_MS / 1000} s`);
        this.stop();
      }, LONGEST_ANSWER_MS);
      const settle = (how) => (value) => {
        clearTimeout(tooLong);
        how(value);
      };
      this.waiting = { resolve: settle(resolve), reject: settle(reject) };
      this.child.stdin.write(`${request}\n`);
    });
  }

  stop() {
    this.child.kill("SIGKILL");
  }
}

/** An error in one line; a program that cannot be started is not on this machine. */
function explain(error) {
  if (error.code === "ENOENT") return `${error.path} is not on this machine`;
  return error.message.split("\n").find((line) => /error/i.test(line)) ?? error.message;
}

const EXACT = 1e-9; // relative: the order of a sum is free

/** Throws if a system's first results are not the right ones. */
async function check(entrant, work, expected) {
  const { tolerance = EXACT } = entrant.system;
  const close = (a, b) => Math.abs(a - b) <= tolerance * Math.abs(b);
  const count = work.once || work.fresh ? 1 : checkedRepetitions;
  const results = (await entrant.process.ask(`check ${work.name} ${count}`)).trim().split(" ");
  for (const [i, result] of results.entries()) {
    if (!close(Number(result), expected[i])) {
      throw new Error(`wrong: repetition ${i + 1} gave ${result}, right is ${expected[i]}`);
    }
  }
}

const time = async (entrant, work, count) =>
  Number(await entrant.process.ask(`time ${work.name} ${count}`));

/** Runs until it is compiled and settled, twice as long each time; finds how many fill a slice. */
async function warmUp(entrant, work, { seconds, repeats }) {
  const enough = Math.max(LEAST_WARM_UP_S, seconds / 10) * 1e9;
  let count = 1;
  let nanoseconds = await time(entrant, work, count);
  while (nanoseconds < enough) {
    count *= 2;
    nanoseconds = await time(entrant, work, count);
  }
  const slice = (seconds / repeats) * 1e9;
  entrant.count = Math.max(1, Math.round((slice * count) / nanoseconds));
}

/** The time of a repetition in this round. */
async function oneRound(entrant, work) {
  if (!work.fresh) {
    const count = work.once ? 1 : entrant.count;
    return (await time(entrant, work, count)) / count;
  }
  entrant.process.stop();
  entrant.process = entrant.start();
  return time(entrant, work, 1);
}

export function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * Times `work` on each of `systems`. Returns `{ rows, untimed }`: a row
 * `{ work, system, median_ns, least_ns, rounds }` for each system that answered rightly (with
 * `flop_per_cycle` where one of them, C, knows the clock, `peak_bytes` for a work that is done once
 * and `module_bytes` of a compiler), and `{ work, system, reason }` for each that did not.
 */
export async function measure(work, systems, { data, dataPath, scratch, seconds, repeats, say }) {
  const expected = work.expected(data);
  const untimed = [];
  let entrants = [];

  /** Does something with a system's process; a failure takes the system out of this work. */
  async function attempt(entrant, action) {
    try {
      await action(entrant);
    } catch (error) {
      untimed.push({ work: work.name, system: entrant.system.name, reason: explain(error) });
      entrants = entrants.filter((other) => other !== entrant);
      entrant.process?.stop();
    }
  }

  for (const system of systems) {
    const start = () => new Process([...system.command(scratch), dataPath]);
    const entrant = { system, start, times: [], spent: 0 };
    entrants.push(entrant);
    say(`${work.name}: checking ${system.name}`);
    await attempt(entrant, async () => {
      entrant.process = start();
      if (work.once) return;
      await check(entrant, work, expected);
      if (!work.fresh) await warmUp(entrant, work, { seconds, repeats });
    });
  }
  const rounds = work.once ? 1 : repeats;
  for (let round = 1; round <= rounds; round++) {
    say(`${work.name}: round ${round} of ${rounds}`);
    for (const entrant of [...entrants]) {
      // One that needs far longer than a slice (Python) stops early.
      if (round > FEWEST_ROUNDS && entrant.spent > 2 * seconds * 1e9) continue;
      await attempt(entrant, async () => {
        const nanoseconds = await oneRound(entrant, work);
        entrant.spent += nanoseconds * (entrant.count ?? 1);
        entrant.times.push(nanoseconds);
      });
    }
  }
  for (const entrant of [...entrants]) {
    await attempt(entrant, async () => {
      if (work.flop && entrant.system.knowsClock) {
        entrant.clock = Number(await entrant.process.ask(`clock ${work.name}`));
      }
      if (work.flop && entrant.system.makesModule && work.name !== "forward-moons") {
        entrant.bytes = Number(await entrant.process.ask(`bytes ${work.name}`));
      }
      if (work.once) {
        entrant.peak = Number(await entrant.process.ask("memory"));
        await check(entrant, work, expected);
      }
      entrant.process.stop();
    });
  }
  const clock = Math.max(...entrants.map((entrant) => entrant.clock ?? 0));
  const rows = entrants.map(({ system, times, peak, bytes }) => {
    const nanoseconds = median(times);
    return {
      work: work.name,
      system: system.name,
      median_ns: nanoseconds,
      least_ns: Math.min(...times),
      rounds: times.length,
      ...(clock && { flop_per_cycle: work.flop / (nanoseconds * clock) }),
      ...(peak && { peak_bytes: peak }),
      ...(bytes && { module_bytes: bytes }),
    };
  });
  return { rows, untimed };
}
