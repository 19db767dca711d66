/**
 * gradcheck: compares the gradients of `backward` with slopes found by nudging each input a
 * little to both sides. Read value.ts first.
 */

import { describe, expectFinite, expectOptions } from "./errors.ts";
import { type Operand, Value } from "./value.ts";

/** How close is close enough; the defaults are those of PyTorch's `torch.autograd.gradcheck`. */
export interface GradcheckOptions {
  /** How far each input is nudged to either side: 1e-6 unless said otherwise. */
  readonly eps?: number;
  /** The difference that is always allowed: 1e-5. */
  readonly atol?: number;
  /** The difference that is allowed for each unit of the slope: 1e-3. */
  readonly rtol?: number;
}

/** What was found for one input. */
export interface GradcheckRow {
  /** The input's label, or "input 0", "input 1", … */
  readonly name: string;
  /** Where it was checked. */
  readonly at: number;
  /** d output / d input, from `backward`. */
  readonly gradient: number;
  /** The slope by nudging: (f(x + eps) - f(x - eps)) / (2 eps). */
  readonly slope: number;
  /** The slopes to either side alone; where they differ, the function has a corner there. */
  readonly left: number;
  readonly right: number;
  readonly passed: boolean;
}

/** The outcome. `String(report)` is a table to read. */
export interface GradcheckReport {
  readonly passed: boolean;
  readonly rows: readonly GradcheckRow[];
  toString(): string;
}

/**
 * Checks d f / d input for every input: |gradient - slope| <= atol + rtol |slope|.
 *
 * @param f a function of Values that returns a Value; it is called 2n + 2 times and must compute
 * the same thing each time
 * @param inputs where to check: numbers, or leaves (of a model, say), which are nudged in place
 * and get their data and gradients back
 *
 * @example
 * const report = gradcheck((a, b) => a.mul(b).tanh(), [2, -0.3]);
 * if (!report.passed) console.log(String(report));
 *
 * @throws TypeError if f does not return a Value or an input is neither finite number nor leaf
 */
export function gradcheck(
  f: (...inputs: Value[]) => Value,
  inputs: readonly Operand[],
  options: GradcheckOptions = {},
): GradcheckReport {
  if (typeof f !== "function") {
    throw new TypeError(`gradcheck: expected a function, got ${describe(f)}`);
  }
  if (!Array.isArray(inputs)) {
    throw new TypeError(`gradcheck: expected an array of inputs, got ${describe(inputs)}`);
  }
  expectOptions(options, ["eps", "atol", "rtol"], "gradcheck");
  const { eps = 1e-6, atol = 1e-5, rtol = 1e-3 } = options;
  for (const size of [eps, atol, rtol]) expectFinite(size, "gradcheck");
  if (!(eps > 0)) throw new RangeError(`gradcheck: expected eps above 0, got ${eps}`);

  const leaves = inputs.map((input) => {
    const node = input instanceof Value ? input : new Value(expectFinite(input, "gradcheck"));
    if (node.op !== "") {
      throw new TypeError(`gradcheck: expected numbers or leaves, got a Value made by ${node.op}`);
    }
    expectFinite(node.data, "gradcheck");
    return node;
  });
  const at = leaves.map((node) => node.data);
  const putBack = Value.rememberGradients(leaves);
  const compute = (): Value => {
    const output = f(...leaves);
    if (output instanceof Value) return output;
    throw new TypeError(`gradcheck: expected f to return a Value, got ${describe(output)}`);
  };

  try {
    for (const node of leaves) node.zeroGrad();
    const output = compute();
    output.backward();
    const gradients = leaves.map((node) => node.grad);
    const rows = leaves.map((node, i) => {
      const up = at[i] + eps;
      const down = at[i] - eps;
      node.data = up;
      const above = compute().data;
      node.data = down;
      const below = compute().data;
      node.data = at[i];
      const slope = (above - below) / (up - down); // up - down: 2 eps as it was really nudged
      const gradient = gradients[i];
      return {
        name: node.label === "" ? `input ${i}` : node.label,
        at: at[i],
        gradient,
        slope,
        left: (output.data - below) / (at[i] - down),
        right: (above - output.data) / (up - at[i]),
        passed: Math.abs(gradient - slope) <= atol + rtol * Math.abs(slope),
      };
    });
    return new Report(rows);
  } finally {
    leaves.forEach((node, i) => {
      node.data = at[i];
    });
    putBack();
  }
}

class Report implements GradcheckReport {
  readonly passed: boolean;
  readonly rows: readonly GradcheckRow[];

  constructor(rows: readonly GradcheckRow[]) {
    this.rows = rows;
    this.passed = rows.every((row) => row.passed);
  }

  toString(): string {
    const failed = this.rows.filter((row) => !row.passed).length;
    const heading = this.passed
      ? `gradcheck passed: ${this.rows.length} of ${this.rows.length} gradients agree`
      : `gradcheck FAILED: ${failed} of ${this.rows.length} gradients disagree with the slope`;
    const cells = this.rows.map((row) => [
      row.name,
      `at ${short(row.at)}`,
      `gradient ${short(row.gradient)}`,
      `slope ${short(row.slope)}`,
      row.passed ? "ok" : `WRONG${reason(row)}`,
    ]);
    const widths = [0, 1, 2, 3].map((j) => Math.max(0, ...cells.map((line) => line[j].length)));
    const lines = cells.map((line) =>
      line.map((cell, j) => cell.padEnd(widths[j] ?? 0)).join("  "),
    );
    return [heading, ...lines.map((line) => `  ${line}`)].join("\n");
  }
}

const short = (x: number): string => String(Number(x.toPrecision(10)));

/** What may be behind a disagreement. */
function reason({ gradient, slope, left, right }: GradcheckRow): string {
  if (!Number.isFinite(slope)) return " (f is not finite next to this point)";
  if (Number.isNaN(gradient)) return " (the gradient is NaN)";
  if (Math.abs(left - right) > 1e-3 * (1 + Math.abs(left) + Math.abs(right))) {
    return ` (a corner: slope ${short(left)} to the left, ${short(right)} to the right)`;
  }
  if (Math.abs(gradient + slope) < 1e-3 * Math.abs(slope)) return " (the sign is wrong)";
  return slope === 0 ? "" : ` (${short(gradient / slope)} times the slope)`;
}
