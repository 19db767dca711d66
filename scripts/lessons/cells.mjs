// Runs cells in a worker with src/cells, as a lesson's page will: the second opinion beside the
// kernel. Read run.mjs first.

import { Worker } from "node:worker_threads";

/** @typedef {import("./kernel.mjs").Output} Output */
/** @typedef {{ id: string, source: string }} Cell */

/** Cells that share their declarations. It ends with `stop`. */
export class CellWorker {
  #worker = start();
  /** The cells that came to an end. @type {Cell[]} */
  #history = [];
  #count = 0;

  /**
   * Runs a cell. If it takes too long or all the memory, its worker ends, and the next one begins
   * with the cells above it.
   * @param {string} source
   * @param {number} limit in milliseconds
   * @returns {Promise<Output[]>}
   */
  async execute(source, limit = 60_000) {
    this.#count += 1;
    const cell = { id: String(this.#count), source };
    let evalue = `the cell was stopped after ${limit / 1000} seconds`;
    try {
      const outputs = await answer(this.#worker, cell, limit);
      if (outputs !== undefined) {
        this.#history.push(cell);
        return outputs;
      }
    } catch (error) {
      evalue = `the worker died: ${error instanceof Error ? error.message : error}`;
    }
    await this.#worker.terminate();
    this.#worker = start();
    await answer(this.#worker, { replay: this.#history }, 10 * limit);
    const traceback = [`Stopped: ${evalue}`];
    return [{ output_type: "error", ename: "Stopped", evalue, traceback }];
  }

  /** Ends the worker. */
  async stop() {
    await this.#worker.terminate();
  }
}

const start = () =>
  new Worker(new URL("cell-worker.mjs", import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: 1024 },
  });

/**
 * Sends a message and waits for what comes back.
 * @param {Worker} worker
 * @param {object} message
 * @param {number} limit
 * @returns {Promise<Output[] | undefined>} undefined if nothing came in time
 */
function answer(worker, message, limit) {
  return new Promise((resolve, reject) => {
    const end = (/** @type {() => void} */ settle) => {
      clearTimeout(timer);
      worker.off("message", onMessage);
      worker.off("error", onError);
      worker.off("exit", onExit);
      settle();
    };
    const onMessage = (/** @type {Output[]} */ outputs) => end(() => resolve(outputs));
    const onError = (/** @type {Error} */ error) => end(() => reject(error));
    const onExit = () => onError(new Error("it was ended"));
    const timer = setTimeout(() => end(() => resolve(undefined)), limit);
    worker.on("message", onMessage);
    worker.on("error", onError);
    worker.on("exit", onExit);
    worker.postMessage(message);
  });
}

/**
 * Runs a lesson's cells here and compares what they put out with what they did in the kernel.
 * @param {import("./run.mjs").Run} run in the kernel
 * @returns {Promise<import("./lesson.mjs").Problem[]>}
 */
export async function compareWithKernel({ lesson, cells }) {
  const worker = new CellWorker();
  const problems = [];
  try {
    for (const { cell, outputs } of cells) {
      const [kernel, page] = [outputs, await worker.execute(cell.source)].map(outputText);
      if (kernel === page) continue;
      const message = `the kernel puts out ${excerpt(kernel, page)}, the page ${excerpt(page, kernel)}`;
      problems.push({ file: lesson.file, line: cell.line, message });
    }
  } finally {
    await worker.stop();
  }
  return problems;
}

/** A text from a little before the place where it differs from another one. */
function excerpt(/** @type {string} */ text, /** @type {string} */ other) {
  let same = 0;
  while (same < text.length && text[same] === other[same]) same += 1;
  return JSON.stringify(text.slice(Math.max(0, same - 40), same + 80));
}

/**
 * What has to be equal in the kernel and here, as text: what was printed, shown and thrown. Stacks
 * are left out, and where a stream was cut into pieces.
 * @param {Output[]} outputs
 */
export function outputText(outputs) {
  const parts = outputs.map((output) => {
    if (output.output_type === "stream") return { of: output.name, text: output.text };
    if (output.output_type === "error") {
      return { of: "error", text: `${output.ename}: ${output.evalue}\n` };
    }
    return { of: "result", text: `${JSON.stringify(output.data, undefined, 1)}\n` };
  });
  let text = "";
  let last = "";
  for (const part of parts) {
    if (part.of !== last || part.of === "result") text += `--- ${part.of}\n`;
    text += part.text;
    last = part.of;
  }
  return withoutStacks(text);
}

/** Text without the lines of stacks, as they are printed and as they stand in JSON strings. */
function withoutStacks(/** @type {string} */ text) {
  const frame = /(?:\n|\\n) +at (?:(?!\\n|\n).)*?(,|,? \{)?(?=\\n|\n|"\n|",\n)/g;
  return text.replace(frame, "$1");
}
