// Many steps and many programs leave nothing behind.

import { expect, test } from "vitest";
import { compile, type Program } from "../../src/compile/program.ts";
import { hinge } from "../../src/losses.ts";
import { MLP } from "../../src/nn.ts";
import { SGD } from "../../src/optim.ts";
import { pythonRandom } from "../../src/random.ts";

const gc = globalThis.gc!; // vitest.config.ts exposes it

/** Bytes in use after everything that is garbage is gone. */
async function bytesInUse(): Promise<number> {
  for (let i = 0; i < 3; i++) {
    gc();
    await new Promise((resolve) => setTimeout(resolve, 5)); // finalizers run in between
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

const random = pythonRandom(1);
const xs = Array.from({ length: 10 }, () => [random.uniform(-1, 1), random.uniform(-1, 1)]);
const ts = xs.map(([a, b]) => (a * b > 0 ? 1 : -1));

function newProgram(): { program: Program; model: MLP } {
  const model = new MLP(2, [7, 7, 1], { activation: "relu", random: pythonRandom(2) });
  const program = compile((x, t) => hinge(model.forward(x), t), { parameters: model, inputs: 2 });
  return { program, model };
}

test("Program.gradient, Program.train: 100,000 steps leave the memory flat", async () => {
  const { program, model } = newProgram();
  const optimizer = new SGD(model.parameters(), { rate: 1e-4 });
  const steps = (count: number) => {
    for (let i = 0; i < count; i++) {
      program.gradient(xs, ts);
      optimizer.step();
    }
    for (let i = 0; i < 10; i++) program.train(xs, ts, { optimizer, steps: count / 10 });
  };
  steps(1000); // everything is compiled and all buffers are there
  const before = await bytesInUse();
  const size = program.runner?.memory.buffer.byteLength;
  steps(50_000);
  expect(program.runner?.memory.buffer.byteLength).toBe(size);
  expect((await bytesInUse()) - before).toBeLessThan(500_000); // 5 bytes a step
});

test("compile: of a thousand programs, none stays", async () => {
  const references: WeakRef<object>[] = [];
  const make = (count: number) => {
    for (let i = 0; i < count; i++) {
      const { program } = newProgram();
      program.gradient(xs, ts);
      program.train(xs, ts, { optimizer: new SGD(program.parameters), steps: 1 });
      expect(program.path).toBe("layers"); // there was memory for it
      references.push(new WeakRef(program));
    }
  };
  make(50);
  const before = await bytesInUse();
  make(1000);
  expect((await bytesInUse()) - before).toBeLessThan(1_000_000); // 1,000 bytes a program
  const alive = references.filter((reference) => reference.deref() !== undefined);
  expect(alive.length).toBeLessThan(10);
});
