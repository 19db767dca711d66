/**
 * What the check of an exercise says, read from what it printed. Read src/cells/exercise.ts first.
 */

import type { Output } from "chainrule/cells";

/** Where an error was thrown. */
interface Place {
  readonly cell: string;
  readonly line: string;
}

export type Verdict =
  | { readonly kind: "right"; readonly checks: string }
  | { readonly kind: "unfinished"; readonly task: string }
  | { readonly kind: "checking" }
  /** It was stopped, by the reader or because it took too long. */
  | { readonly kind: "unchecked" }
  | { readonly kind: "wrong"; readonly reason: string; readonly place?: Place }
  | {
      readonly kind: "different";
      readonly what: string;
      readonly expected: string;
      readonly got: string;
    };

/**
 * The verdict on an exercise. Its line is the last one that the check printed: code that it calls may
 * print before, a line that looks like it too.
 *
 * @param number of the exercise, "1.1"
 * @returns undefined if the check did not come to one
 */
export function readVerdict(outputs: readonly Output[], number: string): Verdict | undefined {
  const printed = outputs
    .map((output) =>
      output.output_type === "stream" && output.name === "stdout" ? output.text : "",
    )
    .join("");
  const start = Math.max(
    ...["✓", "✗"].map((sign) => `\n${printed}`.lastIndexOf(`\n${sign} Exercise ${number} `)),
  );
  if (start < 0) return undefined;
  const line = printed.slice(start).trimEnd();
  const says = line.slice(line.indexOf(": ") + 2);
  if (line.startsWith("✓")) return { kind: "right", checks: says };
  const unfinished = /^not done yet: (.*)$/s.exec(says);
  if (unfinished) return { kind: "unfinished", task: unfinished[1] ?? "" };
  const different = /^(.*): expected (.*), got (.*)$/s.exec(says);
  if (!different) return wrong(says);
  const [, what = "", expected = "", got = ""] = different;
  return { kind: "different", what, expected, got };
}

/** What was thrown, and where, if it says so. */
function wrong(says: string): Verdict {
  const [, reason, cell, line] = /^(.*) \(cell (\d+), line (\d+)\)$/s.exec(says) ?? [];
  if (reason === undefined || !cell || !line) return { kind: "wrong", reason: says };
  return { kind: "wrong", reason, place: { cell, line } };
}
