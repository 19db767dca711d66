// Runs the command in this process, with what it prints caught and a terminal pretended.

import { vi } from "vitest";
import { main } from "../src/cli/main.ts";

/** How a command ended, and what it printed. */
export interface Result {
  code: number | null;
  out: string;
  err: string;
}

/** A terminal to pretend: none at all, unless said otherwise. */
export interface Pretended {
  readonly tty?: boolean;
  readonly columns?: number;
  readonly env?: Record<string, string>;
}

/** The environment of a plain terminal. */
export const bare = { LANG: "C.UTF-8", NO_COLOR: "", FORCE_COLOR: "", TERM: "xterm", COLUMNS: "" };

/** Runs the command; what it prints has to be text. */
export async function runCommand(args: readonly string[], pretended?: Pretended): Promise<Result> {
  const { code, bytes, err } = await catchOutput(args, pretended);
  return { code, out: bytes.toString(), err };
}

/** The same for a command that prints any bytes. */
export async function catchOutput(
  args: readonly string[],
  { tty, columns, env }: Pretended = {},
): Promise<{ code: number; bytes: Buffer; err: string }> {
  const printed: Record<"stdout" | "stderr", Buffer[]> = { stdout: [], stderr: [] };
  const spies = (["stdout", "stderr"] as const).map((name) =>
    vi.spyOn(process[name], "write").mockImplementation((part, done?: unknown) => {
      printed[name].push(Buffer.from(part as string)); // text or bytes: it takes both
      if (typeof done === "function") done();
      return true;
    }),
  );
  for (const name of ["LC_ALL", "LC_CTYPE"]) vi.stubEnv(name, undefined);
  for (const [name, value] of Object.entries({ ...bare, ...env })) vi.stubEnv(name, value);
  const pretended = { isTTY: tty ?? false, columns };
  const real = Object.keys(pretended).map((name) => {
    return [name, Object.getOwnPropertyDescriptor(process.stdout, name)] as const;
  });
  for (const [name, value] of Object.entries(pretended)) {
    Object.defineProperty(process.stdout, name, { value, configurable: true });
  }
  try {
    const code = await main(args);
    return { code, bytes: Buffer.concat(printed.stdout), err: `${Buffer.concat(printed.stderr)}` };
  } finally {
    for (const spy of spies) spy.mockRestore();
    vi.unstubAllEnvs();
    for (const [name, descriptor] of real) {
      delete (process.stdout as unknown as Record<string, unknown>)[name];
      if (descriptor !== undefined) Object.defineProperty(process.stdout, name, descriptor);
    }
  }
}
