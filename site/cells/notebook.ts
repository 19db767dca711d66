/**
 * In which order cells run, so that the page is true from top to bottom: the cells above first, and
 * again after the kernel was stopped. Read kernel/kernel.ts first.
 */

import type { Output } from "chainrule/cells";
import type { Kernel, RunResult } from "../kernel/kernel.ts";

/** A cell of the page, as the notebook sees it. */
export interface NotebookCell {
  readonly number: number;
  readonly mode: string;
  readonly source: string;
  /** It will run when others are done. */
  waits(): void;
  /** Cells above run first: how many have run, of how many. */
  waitsForAbove(done: number, count: number): void;
  /** It runs now. */
  begins(): void;
  output(output: Output): void;
  ends(source: string, result: RunResult): void;
  /** It ran for the sake of a cell below. */
  ranForOther(source: string, outputs: readonly Output[], result: RunResult): void;
  /** The kernel no longer has what it declared. */
  forgotten(): void;
  /** After a stop: what became of the cells above. */
  recovered(sentence: string): void;
  /** A cell above ended with an error, so what it declares is missing. */
  lacks(above: NotebookCell): void;
}

/** What the kernel has of a cell: the text that ran, and when, as a count of runs. */
interface Ran {
  readonly source: string;
  readonly turn: number;
  /** Did it end with an error? */
  readonly failed: boolean;
}

const later = "The cells above run again with the next cell that you run.";
const stopped: RunResult = { ended: "stopped", milliseconds: 0 };

export class Notebook {
  /** In the order of the page. */
  readonly cells: NotebookCell[] = [];
  readonly #load: () => Promise<Kernel>;
  #kernel: Kernel | undefined;
  readonly #ran = new Map<NotebookCell, Ran>();
  #turn = 0;
  /** Counts the stops: what was asked for before one does not run after it. */
  #stops = 0;
  #last: Promise<unknown> = Promise.resolve();
  #isRunningAll = false;

  constructor(load: () => Promise<Kernel>) {
    this.#load = load;
  }

  /**
   * Runs a cell after those that it needs: the cells above that the kernel does not have as they stand
   * on the page, and, from the first of them on, all down to this one, because cells may declare a
   * name again and the latest counts. Checks are left out, and an exercise makes no other cell run
   * again: no cell depends on them.
   *
   * @param limit in milliseconds
   */
  run(cell: NotebookCell, limit?: number): Promise<RunResult> {
    cell.waits();
    return this.#next(cell, async (stops) => {
      const needed = this.#neededBefore(cell);
      for (const [done, above] of needed.entries()) {
        cell.waitsForAbove(done, needed.length);
        const outputs: Output[] = [];
        const { source } = above;
        const result = await this.#runInKernel(above, source, (output) => outputs.push(output));
        if (stops !== this.#stops || !isComplete(result)) {
          return this.#endEarly(cell, above, result);
        }
        above.ranForOther(source, outputs, result);
      }
      const result = await this.#runShown(cell, limit);
      const broken = this.#brokenAbove(cell);
      if (broken && (result.ended === "failed" || needed.includes(broken))) cell.lacks(broken);
      return result;
    });
  }

  /** The texts above a cell, by the cells' numbers: what its outputs may depend on. */
  textsAbove(cell: NotebookCell): ReadonlyMap<number, string> {
    const above = this.cells
      .slice(0, this.cells.indexOf(cell))
      .filter(({ mode }) => mode !== "exercise" && mode !== "check");
    return new Map(above.map(({ number, source }) => [number, source]));
  }

  /** The first cell above that ended with an error and should not have. */
  #brokenAbove(cell: NotebookCell): NotebookCell | undefined {
    const above = this.cells.slice(0, this.cells.indexOf(cell));
    return above.find((one) => one.mode !== "throws" && this.#ran.get(one)?.failed);
  }

  get isRunningAll(): boolean {
    return this.#isRunningAll;
  }

  /**
   * Runs all cells in a fresh kernel. Stops at an error, unless the cell is meant to have one or is an
   * exercise.
   *
   * @param progress is told each cell before it runs
   * @returns how it ended, and with which cell, unless all ran
   */
  async runAll(
    progress: (cell: NotebookCell) => void,
  ): Promise<{ ended: RunResult["ended"]; cell?: NotebookCell }> {
    this.#isRunningAll = true;
    let last: NotebookCell | undefined;
    const [first] = this.cells;
    if (!first) return { ended: "finished" };
    const { ended } = await this.#next(first, async (stops, kernel) => {
      if (!kernel.empty) kernel.stop();
      this.#ran.clear();
      for (const cell of this.cells) cell.waits();
      let result = stopped;
      for (const [i, cell] of this.cells.entries()) {
        last = cell;
        progress(cell);
        result = await this.#runShown(cell);
        const isExpected = result.ended === "failed" && cell.mode !== "run";
        const goesOn = result.ended === "finished" || isExpected;
        if (goesOn && stops === this.#stops) continue;
        for (const below of this.cells.slice(i + 1)) below.forgotten();
        return result;
      }
      last = undefined;
      return { ...result, ended: "finished" };
    });
    this.#isRunningAll = false;
    return last ? { ended, cell: last } : { ended };
  }

  /** Ends what runs and what waits, at once. */
  stop(): void {
    this.#stops += 1;
    this.#kernel?.stop();
  }

  /** The cells above that have to run before the cell can. */
  #neededBefore(cell: NotebookCell): NotebookCell[] {
    const needed: NotebookCell[] = [];
    let latest = 0;
    let again = false;
    for (const above of this.cells.slice(0, this.cells.indexOf(cell))) {
      if (above.mode === "check") continue;
      const ran = this.#ran.get(above);
      const isThere = ran?.source === above.source;
      if (above.mode === "exercise") {
        if (!isThere) needed.push(above);
        continue;
      }
      again ||= !isThere || ran.turn < latest;
      if (again) needed.push(above);
      else latest = ran?.turn ?? latest;
    }
    return needed;
  }

  /** Waits for its turn. */
  #next(
    cell: NotebookCell,
    work: (stops: number, kernel: Kernel) => Promise<RunResult>,
  ): Promise<RunResult> {
    const stops = this.#stops;
    const result = this.#last.then(async () => {
      try {
        this.#kernel ??= await this.#load();
      } catch {
        const message =
          "What runs cells could not be loaded. Is there a network? Then reload the page.";
        cell.ends(cell.source, { ended: "lost", milliseconds: 0, message });
        return stopped;
      }
      if (stops === this.#stops) return work(stops, this.#kernel);
      cell.ends(cell.source, stopped);
      return stopped;
    });
    this.#last = result;
    return result;
  }

  async #runShown(cell: NotebookCell, limit?: number): Promise<RunResult> {
    const { source } = cell;
    cell.begins();
    const result = await this.#runInKernel(cell, source, (output) => cell.output(output), limit);
    cell.ends(source, result);
    if (!isComplete(result)) await this.#recover(cell, cell);
    return result;
  }

  async #runInKernel(
    cell: NotebookCell,
    source: string,
    onOutput: (output: Output) => void,
    limit?: number,
  ): Promise<RunResult> {
    const kernel = this.#kernel;
    if (!kernel) return stopped;
    const options = limit === undefined ? {} : { limit };
    const result = await kernel.run({ id: String(cell.number), source }, onOutput, options);
    this.#turn += 1;
    const failed = result.ended === "failed";
    if (isComplete(result)) this.#ran.set(cell, { source, turn: this.#turn, failed });
    return result;
  }

  /** A cell above was stopped, so the cell itself did not run. */
  async #endEarly(cell: NotebookCell, above: NotebookCell, result: RunResult): Promise<RunResult> {
    const reason = result.message ?? "";
    const message = `Cell ${above.number}, which runs before this one, did not come to its end. ${reason}`;
    const early = result.ended === "stopped" ? result : { ...result, message: message.trim() };
    cell.ends(cell.source, early);
    if (result.ended === "stopped") this.#forget(cell);
    else await this.#recover(cell, above);
    return early;
  }

  /** The reader did not want to wait for the cells above: they do not run again until they must. */
  #forget(cell: NotebookCell): void {
    for (const known of this.#ran.keys()) if (known !== cell) known.forgotten();
    this.#ran.clear();
    cell.recovered(later);
  }

  /** After the kernel was ended in `culprit`: what ran above it runs again, as it ran last. */
  async #recover(cell: NotebookCell, culprit: NotebookCell): Promise<void> {
    const end = this.cells.indexOf(culprit);
    const before = new Map(this.#ran);
    this.#ran.clear();
    const above: { cell: NotebookCell; source: string; failed: boolean }[] = [];
    for (const [i, known] of this.cells.entries()) {
      const ran = before.get(known);
      if (!ran) continue;
      if (i < end) above.push({ cell: known, source: ran.source, failed: ran.failed });
      else if (known !== culprit && known !== cell) known.forgotten();
    }
    if (above.length === 0) return;
    cell.recovered("Running the cells above again …");
    const cells = above.map(({ cell, source }) => ({ id: String(cell.number), source }));
    const result = await this.#kernel?.replay(cells);
    if (result?.ended === "finished" || result?.ended === "failed") {
      for (const { cell, source, failed } of above) {
        this.#turn += 1;
        this.#ran.set(cell, { source, turn: this.#turn, failed });
      }
      cell.recovered("The cells above were run again.");
    } else {
      for (const { cell } of above) cell.forgotten();
      cell.recovered(later);
    }
  }
}

/** Did the cell come to an end of its own, be it an error? Then the kernel lives on. */
const isComplete = ({ ended }: RunResult) => ended === "finished" || ended === "failed";
