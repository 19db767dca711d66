// The errors that Deno does not publish. Read ../lessons/zmtp.mjs first.
//
// When Deno cannot parse a cell, or the cell was stopped, it answers "Execution failed" to whoever
// asked, and publishes nothing: a notebook shows nothing then. So we look for what is wrong, and
// publish it in Deno's name, before the message that says that the cell is done.

import { randomUUID } from "node:crypto";
import { sign } from "../lessons/kernel.mjs";
import { encodeMessage } from "../lessons/zmtp.mjs";

/**
 * @typedef {{ ename: string, evalue: string, traceback: string[] }} Failure
 *
 * @typedef {object} Cell
 * @property {string} code
 * @property {boolean} stopped somebody asked for that
 * @property {boolean} published whether Deno has published an error
 * @property {Promise<boolean>} failed what the answer to it will say
 * @property {(failed: boolean) => void} settle
 * @property {Promise<Buffer>} [own] the error that we publish
 */

const PATIENCE = 1000; // milliseconds between a cell's answer and its end, in whatever order
const HEADER = 0; // the parts of a message after its signature
const PARENT = 1;
const CONTENT = 3;

/** The cells that are run, whoever asked for them. Nothing here throws, whatever comes. */
export class Cells {
  #key;
  /** @type {Map<string, Cell>} by the id of the request */
  #cells = new Map();

  /** @param {string} key by which messages are signed */
  constructor(key) {
    this.#key = key;
  }

  /** Notes what a client asks. @param {Buffer[]} frames */
  asked(frames) {
    const { msg_type, msg_id } = part(frames, HEADER);
    if (msg_type === "interrupt_request") {
      for (const cell of this.#cells.values()) cell.stopped = true;
    }
    if (msg_type !== "execute_request") return;
    const { code, silent } = part(frames, CONTENT);
    if (typeof code !== "string" || silent === true) return;
    /** @type {Cell["settle"]} */
    let settle = () => {};
    /** @type {Cell["failed"]} */
    const failed = new Promise((resolve) => (settle = resolve));
    this.#cells.set(msg_id, { code, stopped: false, published: false, failed, settle });
  }

  /** Notes what the kernel answers. @param {Buffer[]} frames */
  answered(frames) {
    if (part(frames, HEADER).msg_type !== "execute_reply") return;
    const id = part(frames, PARENT).msg_id;
    this.#cells.get(id)?.settle(part(frames, CONTENT).status === "error");
    setTimeout(() => this.#cells.delete(id), 10 * PATIENCE).unref();
  }

  /**
   * What a subscriber must get before a message that the kernel publishes.
   * @param {Buffer[]} frames
   * @returns {Promise<Buffer | undefined>}
   */
  async before(frames) {
    const cell = this.#cells.get(part(frames, PARENT).msg_id);
    if (cell === undefined) return undefined;
    const type = part(frames, HEADER).msg_type;
    cell.published ||= type === "error";
    const isEnd = type === "status" && part(frames, CONTENT).execution_state === "idle";
    if (!isEnd || cell.published) return undefined;
    setTimeout(cell.settle, PATIENCE, false).unref(); // whoever asked may have gone
    if (!(await cell.failed)) return undefined;
    cell.own ??= explain(cell.code, cell.stopped).then((failure) => this.#error(frames, failure));
    return cell.own;
  }

  /**
   * @param {Buffer[]} end the message that the cell is done
   * @param {Failure} failure
   */
  #error(end, failure) {
    const mark = markOf(end);
    const header = { ...part(end, HEADER), msg_id: randomUUID(), msg_type: "error" };
    const parent = end[mark + 2 + PARENT].toString();
    const parts = [JSON.stringify(header), parent, "{}", JSON.stringify(failure)];
    return encodeMessage([...end.slice(0, mark + 1), sign(this.#key, parts), ...parts]);
  }
}

/** The type of a message of Jupyter's; empty for what belongs to the protocol below. */
export function typeOf(/** @type {Buffer[]} */ frames) {
  return String(part(frames, HEADER).msg_type ?? "");
}

/**
 * A part of a message; an empty object if there is none, or it cannot be read.
 * @param {Buffer[]} frames
 * @param {number} which
 * @returns {any}
 */
function part(frames, which) {
  const mark = markOf(frames);
  if (mark < 0) return {};
  try {
    return JSON.parse(frames[mark + 2 + which].toString()) ?? {};
  } catch {
    return {};
  }
}

/** @param {Buffer[]} frames */
const markOf = (frames) => frames.findIndex((frame) => frame.toString("latin1") === "<IDS|MSG>");

// --- What is wrong ------------------------------------------------------------------------------

/**
 * Why a cell failed of which Deno does not say it.
 * @param {string} code
 * @param {boolean} stopped
 * @returns {Promise<Failure>}
 */
export async function explain(code, stopped) {
  const found = await syntaxError(code.trimEnd()); // what is missing is missing after the last word
  if (found !== undefined) return found;
  if (stopped) return failure("Interrupted", "the cell was stopped");
  return failure("SyntaxError", "this cell could not be read");
}

/**
 * @param {string} ename
 * @param {string} evalue
 * @param {string[]} below
 */
const failure = (ename, evalue, below = []) => ({
  ...{ ename, evalue },
  traceback: [`${ename}: ${evalue}`, ...below],
});

/**
 * What the reader of the browser's course says of the cell: undefined if it can read it, or is not
 * to be had.
 * @param {string} code
 */
async function syntaxError(code) {
  try {
    const { href } = new URL("../../dist/cells/syntax.js", import.meta.url);
    const { loadTools, readCell } = await import(href);
    const tools = await loadTools();
    try {
      readCell(code, tools);
    } catch (error) {
      if (error instanceof SyntaxError) return describe(code, error);
    }
  } catch {
    // Not built, or being built.
  }
  return undefined;
}

const WIDTH = 80; // of the line that is shown

/**
 * @param {string} code
 * @param {SyntaxError & { line?: number, column?: number }} error
 */
function describe(code, { message, line, column }) {
  const text = line === undefined ? undefined : code.split("\n")[line - 1];
  if (text === undefined || column === undefined) return failure("SyntaxError", message);
  const start = Math.max(0, column - 1 - WIDTH / 2);
  const indentation = text.slice(start, column - 1).replace(/[^\t]/gu, " ");
  const shown = [text.slice(start, start + WIDTH).trimEnd(), `${indentation}^`];
  return failure("SyntaxError", `${message} (line ${line}, column ${column})`, shown);
}
