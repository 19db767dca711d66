/** The console of cells: prints what Deno's prints, to the same of two streams. Read format.ts first. */

import { formatLog } from "./format.ts";
import { inspect } from "./inspect.ts";
import { formatTable } from "./table.ts";

/** Where printed text goes. */
export interface Printer {
  /** What is printed is dropped, so it need not be formatted. */
  readonly full: boolean;
  print(name: "stdout" | "stderr", text: string): void;
}

/**
 * @param printer says at each call where the text of the moment goes
 * @param run runs a function with the original built-ins
 */
export function makeConsole(
  printer: () => Printer,
  run: <T>(work: () => T) => T,
): Record<string, (...values: never[]) => void> {
  let groups = 0;
  const counts = new Map<string, number>();
  const timers = new Map<string, number>();
  const print = (name: "stdout" | "stderr", text: () => string) => {
    const target = printer();
    if (target.full) return;
    run(() => {
      const shown = text();
      const indentation = "  ".repeat(groups);
      target.print(name, `${indentation}${shown.replaceAll("\n", `\n${indentation}`)}\n`);
    });
  };
  const out = (...values: unknown[]) => print("stdout", () => formatLog(values));
  const err = (...values: unknown[]) => print("stderr", () => formatLog(values));
  const group = (...label: unknown[]) => {
    if (label.length > 0) out(...label);
    groups += 1;
  };
  const timed = (label: string, end: boolean, values: readonly unknown[]) => {
    const start = timers.get(label);
    if (start === undefined) return err(`Timer '${label}' does not exist`);
    if (end) timers.delete(label);
    out(`${label}: ${Date.now() - start}ms`, ...values);
  };
  return {
    log: out,
    debug: out,
    info: out,
    dirxml: out,
    warn: err,
    error: err,
    dir: (value: unknown, options?: { depth?: number }) =>
      print("stdout", () =>
        typeof value === "string" ? value : inspect(value, options?.depth ?? undefined),
      ),
    assert: (condition: unknown, ...values: unknown[]) => {
      if (condition) return;
      const [first, ...rest] = values;
      if (values.length === 0) err("Assertion failed");
      else if (typeof first === "string") err(`Assertion failed: ${first}`, ...rest);
      else err("Assertion failed:", ...values);
    },
    count: (label: unknown = "default") => {
      const name = String(label);
      counts.set(name, (counts.get(name) ?? 0) + 1);
      out(`${name}: ${counts.get(name)}`);
    },
    countReset: (label: unknown = "default") => {
      if (!counts.delete(String(label))) err(`Count for '${String(label)}' does not exist`);
    },
    table: (data?: unknown, columns?: readonly string[]) => {
      if (printer().full) return;
      const table = run(() => formatTable(data, columns));
      if (table === undefined) out(data);
      else print("stdout", () => table);
    },
    time: (label: unknown = "default") => {
      const name = String(label);
      if (timers.has(name)) err(`Timer '${name}' already exists`);
      else timers.set(name, Date.now());
    },
    timeLog: (label: unknown = "default", ...values: unknown[]) =>
      timed(String(label), false, values),
    timeEnd: (label: unknown = "default") => timed(String(label), true, []),
    group,
    groupCollapsed: group,
    groupEnd: () => {
      groups = Math.max(0, groups - 1);
    },
    trace: (...values: unknown[]) => err(`Trace: ${formatLog(values)}`),
    clear: () => {},
    profile: () => {},
    profileEnd: () => {},
    timeStamp: () => {},
  };
}
