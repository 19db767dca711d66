#!/usr/bin/env node
/**
 * The command `chainrule`: finds out what is wanted and has it done. What a command needs is
 * loaded when it is asked for. Read arguments.ts first.
 */

import { readFileSync, realpathSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { nearest, quote } from "../errors.ts";
import { CommandError, UsageError } from "./arguments.ts";
import { complain, outputFailure, print, printed, watchOutput } from "./terminal.ts";

const help = `chainrule: a scalar autograd engine to read in an evening

  chainrule train     trains a small network: four points, moons, spirals, your CSV, ...
  chainrule replay    runs a published training run again, number for number
  chainrule graph     draws a formula such as "(a*b + c) * tanh(f)" as a graph
  chainrule explain   tells the passes of a formula step by step, and proves its gradients

  chainrule train --help     what a command can do
  chainrule --version        which version this is`;

const commands: Readonly<Record<string, () => Promise<(args: string[]) => Promise<number>>>> = {
  train: async () => (await import("./train.ts")).train,
  replay: async () => (await import("./replay.ts")).replay,
  graph: async () => (await import("./graph.ts")).graph,
  explain: async () => (await import("./explain.ts")).explain,
};

/**
 * Does what the words of a command line ask for, without the names of Node and of the program.
 *
 * @returns the exit code: 0, 1 if it could not be done, 2 if the command line is wrong, 128 + the
 * number of a signal that ended it
 */
export async function main(args: readonly string[]): Promise<number> {
  watchOutput();
  const [name, ...rest] = args;
  const where =
    name !== undefined && Object.hasOwn(commands, name) ? `chainrule ${name}` : "chainrule";
  try {
    const code = await run(name, rest);
    await printed();
    if (outputFailure() === undefined) return code;
    throw new CommandError(`the output could not be written: ${outputFailure()}`);
  } catch (error) {
    complain(`${where}: ${error instanceof Error ? error.message : error}`);
    return error instanceof UsageError ? 2 : 1;
  }
}

async function run(name: string | undefined, args: string[]): Promise<number> {
  if (name === undefined || name === "--help" || name === "-h") {
    print(help);
    return 0;
  }
  if (name === "--version") {
    print(version());
    return 0;
  }
  if (!Object.hasOwn(commands, name)) {
    const near = nearest(name.replace(/^-+/, ""), Object.keys(commands));
    const hint = near === undefined ? "see chainrule --help" : `did you mean ${near}?`;
    throw new UsageError(
      `expected ${Object.keys(commands).join(", ")}, got ${quote(name)}; ${hint}`,
    );
  }
  const command = await commands[name]();
  return command(args);
}

/** The version of the package that this file belongs to. */
export function version(): string {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version; // our own file
}

/** Is this file the program, perhaps by way of a link such as npm makes? Or only imported? */
function isProgram(): boolean {
  const program = process.argv[1];
  if (program === undefined) return false;
  try {
    return realpathSync(program) === realpathSync(fileURLToPath(import.meta.url));
  } catch {
    return false;
  }
}

if (isProgram()) process.exitCode = await main(process.argv.slice(2));
