// Runs lessons in the kernel: once as they stand, once with every answer to every exercise. Read
// lesson.mjs and kernel.mjs first.

import * as fs from "node:fs";
import * as path from "node:path";
import { ensureBuilt, ensureInstalled, forgetInstall, root, SetUpError } from "../set-up.mjs";
import { findDeno, hasDeno, kernelFolder } from "./deno.mjs";
import { Kernel, KernelError } from "./kernel.mjs";
import { cellsOf } from "./lesson.mjs";

/**
 * @typedef {import("./lesson.mjs").Lesson} Lesson
 * @typedef {import("./lesson.mjs").Cell} Cell
 * @typedef {import("./lesson.mjs").Problem} Problem
 * @typedef {import("./kernel.mjs").Output} Output
 * @typedef {{ cell: Cell, outputs: Output[], seconds: number }} CellRun
 * @typedef {{ lesson: Lesson, cells: CellRun[], problems: Problem[] }} Run the problems are faults of
 *   the kernel: cells below were not run
 */

/**
 * What an exercise's check printed with each answer.
 * @typedef {object} Rehearsal
 * @property {import("./lesson.mjs").Exercise} exercise
 * @property {{ line: number, printed: string }[]} solutions
 * @property {{ line: number, printed: string }[]} mistakes
 */

const SVG = "image/svg+xml";

/** Milliseconds after which a cell is given up. */
const LIMIT = 60_000;

/** Makes sure that there is a kernel, and the package that cells import. */
export async function setUpKernel(/** @type {string} */ purpose) {
  await ensureBuilt(purpose);
  await ensureInstalled(kernelFolder, purpose);
  if (findDeno() !== undefined) return;
  if (!hasDeno()) {
    throw new SetUpError(`npm brings no Deno for ${process.platform} on ${process.arch}.`);
  }
  // To npm all of them are optional: it says nothing when it cannot have the one for this machine.
  forgetInstall(kernelFolder);
  throw new SetUpError(`npm could not install Deno, the TypeScript kernel.
There is no network, or none that npm can use: connect once and run the command again.`);
}

/**
 * Runs work with a kernel of its own, in the folder of the notebooks.
 * @template T
 * @param {(kernel: Kernel) => Promise<T>} work
 */
export async function withKernel(work) {
  const deno = findDeno();
  if (deno === undefined) throw new Error("withKernel: call setUpKernel first");
  const folder = path.join(root, "notebooks");
  fs.mkdirSync(folder, { recursive: true });
  const kernel = await Kernel.start(deno, folder);
  try {
    return await work(kernel);
  } finally {
    await kernel.stop();
  }
}

/**
 * Runs a lesson as it stands.
 * @param {Lesson} lesson
 * @param {(run: CellRun) => void} onCell called after each cell
 * @param {number} limit milliseconds for a cell
 * @returns {Promise<Run>}
 */
export function runLesson(lesson, onCell = () => {}, limit = LIMIT) {
  return withKernel(async (kernel) => {
    /** @type {Run} */
    const run = { lesson, cells: [], problems: [] };
    for (const cell of cellsOf(lesson)) {
      const start = performance.now();
      const outputs = await orProblem(run.problems, lesson, cell.line, () =>
        kernel.execute(cell.source, limit),
      );
      if (outputs === undefined) break;
      const seconds = (performance.now() - start) / 1000;
      const count = run.cells.length + 1;
      run.cells.push({ cell, outputs: outputs.map((output) => settle(output, count)), seconds });
      onCell(run.cells[count - 1]);
    }
    return run;
  });
}

/**
 * Runs a lesson with the solutions and the mistakes of its exercises in place of the holes.
 * @param {Lesson} lesson
 * @returns {Promise<{ rehearsals: Rehearsal[], problems: Problem[] }>}
 */
export function rehearseLesson(lesson, limit = LIMIT) {
  return withKernel(async (kernel) => {
    /** @type {Rehearsal[]} */
    const rehearsals = [];
    /** @type {Problem[]} */
    const problems = [];
    const run = (/** @type {string} */ source, /** @type {number} */ line) =>
      orProblem(problems, lesson, line, () => kernel.execute(source, limit));
    for (const cell of cellsOf(lesson)) {
      if (problems.length > 0) break;
      const exercise = lesson.exercises.find(({ check }) => check === cell);
      if (cell.mode === "exercise") continue; // its answers come with the check
      if (exercise === undefined) {
        await run(cell.source, cell.line);
        continue;
      }
      const answer = async (/** @type {import("./lesson.mjs").Code} */ { source, line }) => {
        const outputs = [await run(source, line), await run(cell.source, cell.line)];
        return { line, printed: textOf(outputs.flatMap((output) => output ?? [])) };
      };
      /** @type {Rehearsal} */
      const rehearsal = { exercise, solutions: [], mistakes: [] };
      rehearsals.push(rehearsal);
      // The mistakes first: what is below goes on with a right answer.
      for (const code of exercise.mistakes) rehearsal.mistakes.push(await answer(code));
      for (const code of exercise.solutions) rehearsal.solutions.push(await answer(code));
    }
    return { rehearsals, problems };
  });
}

/**
 * Does jobs two at a time.
 * @template T
 * @param {(() => Promise<T>)[]} jobs
 * @returns {Promise<T[]>} the results in the order of the jobs
 */
export async function twoAtATime(jobs) {
  /** @type {T[]} */
  const results = [];
  let next = 0;
  const work = async () => {
    while (next < jobs.length) {
      const i = next++;
      results[i] = await jobs[i]();
    }
  };
  await Promise.all([work(), work()]);
  return results;
}

/** What outputs print, errors as `Name: message`. Pictures print nothing. */
export function textOf(/** @type {Output[]} */ outputs) {
  return outputs
    .map((output) => {
      if (output.output_type === "stream") return output.text;
      if (output.output_type === "error") return `${output.ename}: ${output.evalue}\n`;
      return SVG in output.data ? "" : `${output.data["text/plain"] ?? ""}\n`;
    })
    .join("");
}

/** The pictures among outputs, as SVG. */
export function picturesOf(/** @type {Output[]} */ outputs) {
  return outputs.flatMap((output) =>
    "data" in output && SVG in output.data ? [String(output.data[SVG])] : [],
  );
}

/**
 * The output without what differs from run to run: stacks, and the kernel's own count.
 * @param {Output} output
 * @param {number} count
 * @returns {Output}
 */
function settle(output, count) {
  if (output.output_type === "execute_result") return { ...output, execution_count: count };
  if (output.output_type !== "error") return output;
  return { ...output, traceback: [`${output.ename}: ${output.evalue}`] };
}

/**
 * The outputs, or undefined and one more problem when the kernel cannot go on.
 * @param {Problem[]} problems
 * @param {Lesson} lesson
 * @param {number} line
 * @param {() => Promise<Output[]>} execute
 */
async function orProblem(problems, lesson, line, execute) {
  try {
    return await execute();
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    const message = `${error.message}; the cells below were not run`;
    problems.push({ file: lesson.file, line, message });
    return undefined;
  }
}
