// The functions of math.ts as C and as JavaScript against math.ts itself, bit for bit.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mathNames } from "../../src/compile/formula.ts";
import { mathInC, mathInJavaScript } from "../../src/compile/math-text.ts";
import { columnsOf, firstDifference } from "./math-points.ts";

describe("mathInJavaScript: gives the bits of math.ts", () => {
  it.each(mathNames)("%s", (name) => {
    const text = `${mathInJavaScript([name])}\nreturn ${name};`;
    const f: (...numbers: number[]) => number = new Function(text)();
    const columns = columnsOf(name);
    const got = columns[0]!.map((_, i) => f(...columns.map((column) => column[i]!)));
    expect(firstDifference(name, got, columns)).toBe("none");
  });
});

/** Is there a C compiler? */
const compiler = (() => {
  try {
    execFileSync("gcc", ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
})();

const title = "mathInC: gives the bits of math.ts";
describe.skipIf(!compiler)(compiler ? title : `${title} (skipped: there is no gcc)`, () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "chainrule-math-"));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  const options = ["-std=c11", "-O2", "-ffp-contract=off", "-Wall", "-Wextra", "-Werror"];
  const includes = ["math", "stdint", "string", "stdio"].map((name) => `#include <${name}.h>\n`);

  /** Compiles C and runs it with the columns as its input, one behind the other. */
  function run(code: string, columns: readonly Float64Array[]): Float64Array {
    const file = (name: string) => join(folder, name);
    writeFileSync(file("math.c"), includes.join("") + code);
    execFileSync("gcc", [...options, file("math.c"), "-o", file("math"), "-lm"]);
    const input = Buffer.concat(columns.map(({ buffer }) => Buffer.from(buffer)));
    writeFileSync(file("in"), input);
    execFileSync(file("math"), [file("in"), file("out")]);
    const output = readFileSync(file("out"));
    return new Float64Array(
      output.buffer.slice(output.byteOffset, output.byteOffset + output.length),
    );
  }

  /** A program that reads columns of numbers, and writes what an expression over x[0], x[1] gives. */
  const program = (math: string, expression: string, count: number) => `${math}
static double x[2][${count}], y[${count}];
int main(int argc, char **argv) {
  FILE *in = fopen(argv[argc - 2], "rb"), *out = fopen(argv[argc - 1], "wb");
  if (fread(x, 8, 2 * ${count}, in) < ${count}) return 1;
  for (int i = 0; i < ${count}; i++) y[i] = ${expression};
  fwrite(y, 8, ${count}, out);
  fclose(out);
  return 0;
}
`;

  it.each(mathNames)("%s", (name) => {
    const columns = columnsOf(name);
    const inputs = columns.map((_, i) => `x[${i}][i]`).join(", ");
    const code = program(mathInC([name]), `math_${name}(${inputs})`, columns[0]!.length);
    expect(firstDifference(name, run(code, columns), columns)).toBe("none");
  });

  it("all of them together compile, and minimum and maximum are those of JavaScript", () => {
    const columns = columnsOf("pow");
    const [xs, ys] = [columns[0]!, columns[1]!];
    const all = [...mathNames.map((name) => `(void)math_${name};`)].join(" ");
    const math = mathInC([...mathNames, "min", "max"]);
    for (const name of ["min", "max"] as const) {
      const code = program(math, `${name}imum(x[0][i], x[1][i])`, xs.length);
      const got = run(code.replace("return 0;", `${all} return 0;`), columns);
      const wrong = got.findIndex((y, i) => !Object.is(y, Math[name](xs[i]!, ys[i]!)));
      expect(wrong).toBe(-1);
    }
  });
});

describe("mathInC and mathInJavaScript", () => {
  it("print what a function needs and nothing else", () => {
    const heads = (text: string) => text.match(/^(?:static double|function) \w+(?=\()/gm);
    expect(heads(mathInC(["log"]))).toEqual(
      [
        "fromBits",
        "timesPowerOfTwo",
        "exponentFrom",
        "mantissa",
        "logPlus",
        "logOutside",
        "math_log",
      ].map((name) => `static double ${name}`),
    );
    expect(mathInC(["exp"])).not.toContain("quadrant");
    expect(mathInJavaScript(["exp"])).not.toContain("function log");
  });
});
