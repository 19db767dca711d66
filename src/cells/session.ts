/**
 * A session: cells run one after the other and share their declarations, as in a notebook. It needs
 * no DOM and no Node; whoever starts it in a worker says how a module is evaluated and stops it by
 * ending the worker. Read rewrite.ts, scope.ts, outputs.ts, display.ts and exercise.ts first.
 */

import { quote } from "../errors.ts";
import { Builtins } from "./builtins.ts";
import { makeConsole } from "./console.ts";
import { bundleOf, displayOf } from "./display.ts";
import { findPlacesBy } from "./exercise.ts";
import { describeFailure, describePlace, type Place, placeOfSyntaxError } from "./failure.ts";
import { defaultLimits, type Limits, type Output, Outputs } from "./outputs.ts";
import { type Host, rewrite } from "./rewrite.ts";
import { Scope } from "./scope.ts";
import { loadTools, readCell, type Tools } from "./syntax.ts";

/** What a module gives: its exports by name. */
export type Exports = Readonly<Record<string, unknown>>;

export interface SessionOptions {
  /** What cells may import, by name: the exports, or a function that loads them. */
  readonly modules: Readonly<Record<string, Exports | (() => Promise<Exports>)>>;
  /** Is told each output as it comes. */
  readonly onOutput?: ((cell: string, output: Output) => void) | undefined;
  /** Is shown the value of each cell that came to its end, while the built-ins are the original ones. */
  readonly onValue?: ((cell: Cell, value: unknown) => void) | undefined;
  /** How much a cell may put out. */
  readonly limits?: Partial<Limits> | undefined;
  /**
   * Evaluates the text of a module and gives its exports: an import of a `data:` URL if not given,
   * one of a `blob:` URL in a page whose security policy wants that.
   */
  readonly evaluate?: ((text: string) => Promise<Exports>) | undefined;
}

/** A cell: its name in error messages ("3"), and TypeScript. */
export interface Cell {
  readonly id: string;
  readonly source: string;
}

export interface CellResult {
  readonly id: string;
  /** Whether it ended without an error. */
  readonly ok: boolean;
  readonly outputs: readonly Output[];
}

export interface Session {
  /** Runs a cell, after those that are running. It never rejects: errors are outputs. */
  run(id: string, source: string): Promise<CellResult>;
  /** The cells that came to an end, in order; after the worker was ended, {@link replay} them. */
  readonly history: readonly Cell[];
  /** Runs cells of an earlier session silently, so that their declarations are there again. */
  replay(cells: readonly Cell[]): Promise<void>;
  /** Says that a promise was rejected and nobody waits for it; the cell that made it prints that. */
  reportRejection(reason: unknown): void;
  /** Says that something was thrown where no cell waits for it, in a timer say; the same happens. */
  reportError(thrown: unknown): void;
}

const evaluateDataURL = (text: string): Promise<Exports> =>
  import(`data:text/javascript;charset=utf-8,${encodeURIComponent(text)}`);

/** A run of a cell. */
interface Run {
  readonly cell: Cell;
  readonly outputs: Outputs;
}

/**
 * Starts a session. It replaces the global `console` and keeps the cells' declarations on the global
 * object, so there is one session in a worker.
 *
 * @example
 * const session = createSession({ modules: { chainrule } });
 * await session.run("1", 'import { Value } from "chainrule"; const a = new Value(2);');
 * await session.run("2", "a.data"); // { outputs: [{ data: { "text/plain": "2" }, … }], … }
 */
export function createSession(options: SessionOptions): Session {
  const { modules, onOutput, onValue, evaluate = evaluateDataURL } = options;
  const limits: Limits = { ...defaultLimits, ...options.limits };
  const builtins = new Builtins();
  const run = <T>(work: () => T) => builtins.run(work);
  const scope = new Scope();
  const runs: Run[] = [];
  /** Names that stand for a run in stacks: that of its module, and the address it got. */
  const names = new Map<string, Run>();
  const history: Cell[] = [];
  let silent = false;
  let tools: Tools | undefined; // loaded once: a cell may break the machinery of imports
  let last: Promise<unknown> = Promise.resolve();

  const load = async (name: unknown): Promise<unknown> => await run(() => loadModule(name));
  const loadModule = (name: unknown): unknown => {
    const known =
      typeof name === "string" && Object.hasOwn(modules, name) ? modules[name] : undefined;
    if (known === undefined) {
      const all = Object.keys(modules).map(quote).join(", ");
      throw new TypeError(`import: expected one of ${all}, got ${quote(String(name))}`);
    }
    return typeof known === "function" ? known() : known;
  };
  const hoist = (name: string, made: unknown) => scope.define(name, made);
  const hostName = nameHost((number: number, address: unknown): Host => {
    const found = runs[number];
    if (found !== undefined && typeof address === "string") run(() => names.set(address, found));
    return { hoist, load };
  });
  const nowhere = new Outputs(limits, () => {});
  const present = () => runs[runs.length - 1]?.outputs ?? nowhere;
  Object.defineProperty(globalThis, "console", {
    value: makeConsole(present, run),
    writable: true,
    enumerable: false,
    configurable: true,
  });

  const placeOf = (stack: string): Place | undefined => {
    for (const line of stack.split("\n")) {
      // The name is found from its end: a pattern for it takes forever on a message of a megabyte.
      const end = /:(\d+):\d+\)?$/.exec(line);
      if (end === null) continue;
      const before = line.slice(0, end.index);
      const start = Math.max(...[" ", "(", "@"].map((mark) => before.lastIndexOf(mark))) + 1;
      const run = names.get(before.slice(start));
      if (run) return { cell: run.cell.id, line: Number(end[1]) };
    }
    return undefined;
  };
  findPlacesBy((stack) => {
    const place = run(() => placeOf(stack));
    return place?.line === undefined ? "" : `cell ${place.cell}, line ${place.line}`;
  });
  const fail = ({ cell, outputs }: Run, thrown: unknown) => {
    const known = placeOfSyntaxError(thrown, cell.id);
    const isConstant = (name: string) => scope.kindOf(name) === "const";
    const place = (stack: string) => known ?? placeOf(stack) ?? { cell: cell.id };
    outputs.fail(describeFailure(thrown, place, isConstant));
  };
  /** Makes a cell a module with its names declared. */
  const prepare = ({ cell }: Run, number: number, tools: Tools): string => {
    const { declared, module } = run(() => rewrite(readCell(cell.source, tools)));
    const name = `cell-${number}.js`;
    const entries = run(() => {
      names.set(name, runs[number] as Run); // this very one
      builtins.declare([...declared.keys()]);
      return [...declared];
    });
    scope.open(entries);
    const text = run(() => module(`${hostName}(${number}, import.meta.url)`));
    return `${text}\n//# sourceURL=${name}`;
  };

  const runCell = async (cell: Cell): Promise<CellResult> => {
    const quiet = silent;
    const outputs = new Outputs(limits, (output) => {
      if (!quiet) onOutput?.(cell.id, output);
    });
    const number = runs.length;
    const present = { cell, outputs };
    run(() => {
      runs[number] = present;
    });
    let ok = true;
    try {
      tools ??= await loadTools();
      const text = prepare(present, number, tools);
      const { value } = await run(() => evaluate(text));
      builtins.check();
      const shown = run(() => displayOf(value));
      if (shown !== undefined) {
        const bundle = await bundleOf(shown, run);
        run(() => outputs.show(bundle));
      }
      if (!quiet) run(() => onValue?.(cell, value));
    } catch (thrown) {
      ok = false;
      builtins.check();
      run(() => fail(present, thrown));
    }
    run(() => history.push(cell));
    return { id: cell.id, ok, outputs: outputs.list };
  };
  const next = <T>(work: () => Promise<T>): Promise<T> => {
    const before = last;
    const result = (async () => {
      await before;
      return await work(); // without `await`, a `then` that a cell has changed would be asked
    })();
    last = result;
    return result;
  };

  const report = (what: string, thrown: unknown) =>
    run(() => {
      const { ename, evalue, cell, line } = describeFailure(thrown, placeOf, () => false);
      const made = [...runs].reverse().find((earlier) => earlier.cell.id === cell) ?? runs.at(-1);
      const where = cell === undefined ? "" : ` (${describePlace({ cell, line })})`;
      made?.outputs.print("stderr", `${what}: ${ename}: ${evalue}${where}\n`);
    });

  return {
    run: (id, source) => next(() => runCell({ id, source })),
    history,
    replay: (cells) =>
      next(async () => {
        silent = true;
        for (let i = 0; i < cells.length; i++) await runCell(cells[i] as Cell); // i is in range
        silent = false;
      }),
    reportRejection: (reason) => report("Uncaught, in a promise", reason),
    reportError: (thrown) => report("Uncaught", thrown),
  };
}

/** Makes the function that a cell's module calls first, and gives the expression that names it. */
function nameHost(host: (run: number, address: unknown) => Host): string {
  let name = "chainrule/cells";
  while (name in globalThis) name += "'";
  Object.defineProperty(globalThis, name, { value: host, enumerable: false });
  return `globalThis[${JSON.stringify(name)}]`;
}
