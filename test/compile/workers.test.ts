// Teams of workers, against the program alone. Workers load the built package, so the package is
// what is tested here.

import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Worker } from "node:worker_threads";
import { afterEach, describe, expect, test } from "vitest";
import { ensureBuilt, root } from "../../scripts/set-up.mjs";
import type * as Compiler from "../../src/compile/index.ts";
import type * as Library from "../../src/index.ts";

await ensureBuilt("the test of workers");
const dist = (name: string): string => new URL(`../../dist/${name}`, import.meta.url).href;
const { AdamW, hinge, MLP, pythonRandom, SGD, sum }: typeof Library = await import(
  dist("index.js")
);
const { compile, openTeam }: typeof Compiler = await import(dist("compile/index.js"));

const ways = ["shared", "transferred", "alone"] as const;
const open: Compiler.Team[] = [];
afterEach(() => {
  for (const team of open.splice(0)) team.close();
});

/** A team that is closed after the test. */
async function team(...args: Parameters<typeof openTeam>): Promise<Compiler.Team> {
  const opened = await openTeam(...args);
  open.push(opened);
  return opened;
}

const optimizers = {
  SGD: (parameters: Library.Value[]) => new SGD(parameters, { rate: 0.05, momentum: 0.9 }),
  AdamW: (parameters: Library.Value[]) => new AdamW(parameters, { rate: 0.01 }),
};

/** A small net, `count` points with the sides they are on, and the program of their loss. */
function example(count: number, mode: Compiler.Mode = "fast", decay = 1e-4) {
  const random = pythonRandom(1);
  const model = new MLP(2, [8, 8, 1], { activation: "relu", random });
  const points = Array.from({ length: count }, () => [
    random.uniform(-1, 1),
    random.uniform(-1, 1),
  ]);
  const sides = points.map(([x, y]) => (x! * y! > 0 ? 1 : -1));
  const program = compile((x, t) => hinge(model.forward(x), t), {
    parameters: model,
    inputs: 2,
    regularizer: (parameters) => sum(parameters.map((p) => p.mul(p))).mul(decay),
    mode,
  });
  return { parameters: model.parameters(), points, sides, program };
}

const numbersOf = (parameters: readonly Library.Value[]) =>
  parameters.map(({ data, grad }) => [data, grad]);

describe("openTeam", () => {
  test.each(ways)(
    "openTeam: the way %s is there in Node, so there is no reason to give",
    async (way) => {
      const { way: found, reason, size } = await team(example(10).program, 2, { way });
      expect({ found, reason, size }).toEqual({ found: way, reason: undefined, size: 2 });
    },
  );

  test.each([0, 1.5, 1000, Number.NaN, "2"])("openTeam: refuses %s workers", async (workers) => {
    const promise = openTeam(example(10).program, workers as number);
    await expect(promise).rejects.toThrow(
      /openTeam, workers: expected a whole number from 1 to 64/,
    );
  });

  test("openTeam: refuses what is not a program, and options that it does not know", async () => {
    const { program } = example(10);
    await expect(openTeam({} as Compiler.Program, 2)).rejects.toThrow(
      /openTeam: expected a program made by compile/,
    );
    await expect(openTeam(program, 2, { road: "shared" } as object)).rejects.toThrow(/road/);
    await expect(openTeam(program, 2, { way: "none" as "alone" })).rejects.toThrow(/way/);
  });

  test("openTeam: exact sums go from one example to the next, which one worker can do", async () => {
    const exact = example(20, "exact");
    await expect(openTeam(exact.program, 2)).rejects.toThrow(/expected .*"fast".* got .*"exact"/);
    const other = example(20, "exact");
    const losses = other.program.train(other.points, other.sides, {
      optimizer: optimizers.SGD(other.parameters),
      steps: 20,
    });
    const alone = await team(exact.program, 1);
    const found = await alone.train(exact.points, exact.sides, {
      optimizer: optimizers.SGD(exact.parameters),
      steps: 20,
    });
    expect(found).toEqual(losses);
    expect(numbersOf(exact.parameters)).toEqual(numbersOf(other.parameters));
  });
});

describe("Team.gradient", () => {
  test.each(ways)("Team.gradient: %s, two workers add up the halves of the batch", async (way) => {
    // 64 examples: 1/32 and then 1/2 round as little as 1/64; with no decay its terms are 0.
    const { parameters, points, sides, program } = example(64, "fast", 0);
    const halves = [0, 32].map((start) => {
      program.gradient(points.slice(start, start + 32), sides.slice(start, start + 32));
      return parameters.map(({ grad }) => grad / 2);
    });
    const pair = await team(program, 2, { way });
    const loss = await pair.gradient(points, sides);
    const found = parameters.map(({ grad }) => grad);
    expect(found).toEqual(halves[0]!.map((grad, i) => grad + halves[1]![i]!));
    expect(loss).toBe(program.loss(points, sides));
  });

  test("Team.gradient: fewer examples than workers leave some with nothing to do", async () => {
    const { parameters, points, sides, program } = example(3);
    const results = [];
    for (const way of ways) {
      const four = await team(program, 4, { way });
      results.push([await four.gradient(points, sides), numbersOf(parameters)]);
    }
    program.gradient(points, sides);
    const closeTo = parameters.map(({ grad }) => expect.closeTo(grad, 12));
    expect((results[0]![1] as number[][]).map(([, grad]) => grad)).toEqual(closeTo);
    expect(results).toEqual([results[0], results[0], results[0]]);
  });

  test("Team.gradient: refuses rows that do not fit, and is ready for others then", async () => {
    const { points, sides, program } = example(8);
    const pair = await team(program, 2);
    await expect(pair.gradient(points, sides.slice(1))).rejects.toThrow(
      /Team.gradient: expected as many rows of targets as of inputs/,
    );
    expect(await pair.gradient(points, sides)).toBe(program.loss(points, sides));
  });
});

describe("Team.train", () => {
  const cases = Object.keys(optimizers).flatMap((name) =>
    [undefined, 7, 64].map((batch) => ({ name: name as keyof typeof optimizers, batch })),
  );

  test.each(cases)("Team.train: $name, batches of $batch: the same bits all ways", async (each) => {
    const { name, batch } = each;
    const run = async (size: number, way: Compiler.Way | "program") => {
      const { parameters, points, sides, program } = example(150);
      const optimizer = optimizers[name](parameters);
      const options = {
        optimizer,
        batch: batch ?? 150,
        schedule: (step: number) => 0.1 / (step + 1),
      };
      const trained = way === "program" ? program : await team(program, size, { way });
      const found = [];
      for (const steps of [20, 3])
        found.push(await trained.train(points, sides, { ...options, steps }));
      return { found, numbers: numbersOf(parameters) };
    };
    for (const size of [1, 2, 3]) {
      const expected = size === 1 ? await run(1, "program") : await run(size, "alone");
      expect(expected.found[0]!.losses.length).toBe(20);
      for (const way of ways) expect(await run(size, way)).toEqual(expected);
    }
  });

  test.each(ways)("Team.train: %s, training a little differently for more workers", async (way) => {
    const numbers = [];
    for (const size of [1, 2]) {
      const { parameters, points, sides, program } = example(150);
      const crew = await team(program, size, { way });
      await crew.train(points, sides, { optimizer: optimizers.SGD(parameters), steps: 10 });
      numbers.push(parameters.map(({ data }) => data));
    }
    expect(numbers[1]).not.toEqual(numbers[0]);
    expect(numbers[1]).toEqual(numbers[0]!.map((x) => expect.closeTo(x, 12)));
  });

  test.each(ways)(
    "Team.train: %s, ends at what is not finite as Program.train does",
    async (way) => {
      const results = [];
      for (const size of [0, 2]) {
        const { parameters, points, sides, program } = example(40);
        const trained = size === 0 ? program : await team(program, size, { way });
        const optimizer = new SGD(parameters, { rate: 1e30 });
        const { steps, problem } = await trained.train(points, sides, { optimizer, steps: 100 });
        results.push({ steps, problem });
      }
      expect(results[0]!.problem).toMatch(/not finite|NaN|Infinity/);
      expect(results[1]).toEqual(results[0]);
    },
  );

  test.each(ways)(
    "Team.train: %s, an optimizer of another kind makes its own steps",
    async (way) => {
      const results = [];
      for (const kind of ["ours", "theirs"]) {
        const { parameters, points, sides, program } = example(40);
        const sgd = new SGD(parameters, { rate: 0.05 });
        const theirs = { rate: 0.05, step: () => sgd.step(), zeroGrad: () => sgd.zeroGrad() };
        const pair = await team(program, 2, { way });
        const optimizer = kind === "ours" ? sgd : theirs;
        const { losses } = await pair.train(points, sides, { optimizer, steps: 30, batch: 16 });
        results.push({ losses, numbers: numbersOf(parameters) });
      }
      expect(results[1]).toEqual(results[0]);
    },
  );

  test.each(ways)("Team.train: %s, leaves the caller free to do other things", async (way) => {
    const { parameters, points, sides, program } = example(150);
    const pair = await team(program, 2, { way });
    let stopped = false;
    setTimeout(() => {
      stopped = true;
    });
    const { steps } = await pair.train(points, sides, {
      optimizer: optimizers.SGD(parameters),
      steps: 1e6,
      onProgress: () => !stopped,
    });
    expect(steps).toBeLessThan(1e6);
  });

  test("Team.train: a team does one thing at a time, and nothing once it is closed", async () => {
    const { parameters, points, sides, program } = example(150);
    const pair = await openTeam(program, 2);
    const options = { optimizer: optimizers.SGD(parameters), steps: 100 };
    const first = pair.train(points, sides, options);
    await expect(pair.gradient(points, sides)).rejects.toThrow(/got one that is at work/);
    expect((await first).steps).toBe(100);
    const second = pair.train(points, sides, options);
    pair.close();
    await expect(second).rejects.toThrow(/Team.train: worker . was closed/);
    await expect(pair.train(points, sides, options)).rejects.toThrow(/got one that is closed/);
    pair.close();
  });

  test("Team.train: an error in an option is the caller's, and the team goes on", async () => {
    const { parameters, points, sides, program } = example(20);
    const pair = await team(program, 2);
    const optimizer = optimizers.SGD(parameters);
    await expect(pair.train(points, sides, { optimizer, steps: -1 })).rejects.toThrow(/steps/);
    const schedule = () => {
      throw new Error("no rate");
    };
    await expect(pair.train(points, sides, { optimizer, steps: 5, schedule })).rejects.toThrow(
      "no rate",
    );
    expect((await pair.train(points, sides, { optimizer, steps: 5 })).steps).toBe(5);
  });

  test.each(["shared", "transferred"] as const)(
    "Team.train: %s, says which worker ended",
    async (way) => {
      const { parameters, points, sides, program } = example(150);
      const threads: Worker[] = [];
      const note = (thread: Worker) => threads.push(thread);
      process.on("worker", note);
      const three = await team(program, 3, { way });
      process.off("worker", note);
      expect(threads.length).toBe(3);
      const training = three.train(points, sides, {
        optimizer: optimizers.SGD(parameters),
        steps: 1e7,
      });
      setTimeout(() => threads[1]!.terminate(), 50);
      await expect(training).rejects.toThrow(/Team.train: worker 1 ended with exit code 1/);
      await expect(three.gradient(points, sides)).rejects.toThrow(/got one that is closed/);
      await Promise.all(threads.map((thread) => thread.threadId < 0 || once(thread, "exit")));
    },
  );
});

/** A program for a process of its own: what is above, and then this. */
const script = (text: string) => `
  const { hinge, MLP, SGD, pythonRandom } = await import(${JSON.stringify(dist("index.js"))});
  const { compile, openTeam } = await import(${JSON.stringify(dist("compile/index.js"))});
  const model = new MLP(2, [8, 8, 1], { random: pythonRandom(1) });
  const optimizer = new SGD(model.parameters(), { rate: 0.01 });
  const program = compile((x, t) => hinge(model.forward(x), t), {
    parameters: model, inputs: 2, mode: "fast",
  });
  const points = Array.from({ length: 100 }, (_, i) => [i / 100, (i % 7) / 7]);
  const sides = points.map(([x, y]) => (x > y ? 1 : -1));
  const train = (team, steps = 20) => team.train(points, sides, { optimizer, steps });
  ${text}`;
const args = (text: string) => ["--input-type=module", "--eval", script(text)];
const node = async (text: string) =>
  (
    await promisify(execFile)(process.execPath, args(text), {
      cwd: fileURLToPath(`file://${root}`),
    })
  ).stdout;

describe("a process", () => {
  test("openTeam: a process ends by itself though a team is open, but not before it is done", async () => {
    const out = await node(`
      for (const way of ["shared", "transferred"]) {
        const team = await openTeam(program, 2, { way });
        console.log(team.way, (await train(team)).losses.length);
      }`);
    expect(out).toBe("shared 20\ntransferred 20\n");
  });

  test.skipIf(process.platform === "win32")(
    "openTeam: Ctrl-C ends a process in training",
    async () => {
      const child = spawn(
        process.execPath,
        args(`
        const team = await openTeam(program, 2);
        setTimeout(() => console.log(team.way), 50);
        await train(team, 1e7);`),
      );
      const [said] = await once(child.stdout, "data");
      expect(String(said)).toBe("shared\n");
      child.kill("SIGINT");
      const [code, signal] = await once(child, "exit");
      expect({ code, signal }).toEqual({ code: null, signal: "SIGINT" });
    },
  );

  test("openTeam: without workers or shared memory the bits are the same, and it says why", async () => {
    const out = await node(`
      const results = [];
      const start = model.parameters().map(({ data }) => data);
      for (const missing of [undefined, "SharedArrayBuffer", "process"]) {
        const { process } = globalThis;
        if (missing) delete globalThis[missing];
        const team = await openTeam(program, 2);
        if (missing === "process") globalThis.process = process;
        model.parameters().forEach((p, i) => { p.data = start[i]; });
        const { losses } = await train(team);
        results.push([team.way, team.reason ?? "", losses.join()]);
      }
      console.log(JSON.stringify(results));`);
    const results = JSON.parse(out) as [way: string, reason: string, losses: string][];
    expect(results.map(([way]) => way)).toEqual(["shared", "transferred", "alone"]);
    expect(results[1]![1]).toMatch(/shared: memory can be shared only by pages/);
    expect(results[2]![1]).toMatch(/transferred: there are no workers here/);
    expect(new Set(results.map(([, , losses]) => losses)).size).toBe(1);
  });
});
