// Every function of math.ts, and formulas, as WebAssembly against math.ts itself, bit for bit.

import { describe, expect, it } from "vitest";
import { type Formula, type MathName, mathNames, Sheet } from "../../src/compile/formula.ts";
import {
  emitFormulas,
  mathGlobals,
  mathUsed,
  scalarMath,
  vectorMath,
} from "../../src/compile/math-wasm.ts";
import { encode, WasmFunction } from "../../src/compile/wasm.ts";
import { clamp, leakyRelu, numbers, operations, power } from "../../src/operations.ts";
import { COUNT, columnsOf, firstDifference, functions, ofTwo } from "./math-points.ts";

/** A function `name.all(n)` that computes n results from xs at 0 and ys behind them. */
function forAll(name: string, width: "f64" | "v128", arity: number): WasmFunction {
  const f = new WasmFunction(`${name}.all`, [{ type: "i32", name: "n" }]);
  const i = f.local("i32", "i");
  f.emit("block").emit("loop");
  f.get(i).get(0).emit("i32.ge_u").emit("br_if", 1);
  const at = () => f.get(i).i32(8).emit("i32.mul");
  at();
  for (let k = 0; k < arity; k++) at().emit(`${width}.load`, 8 * COUNT * k);
  f.emit("call", name).emit(`${width}.store`, 16 * COUNT);
  f.get(i)
    .i32(width === "f64" ? 1 : 2)
    .emit("i32.add")
    .set(i);
  return f.emit("br", 0).emit("end").emit("end");
}

/** Results of all functions, computed by a module. */
function compile(names: readonly MathName[], width: "f64" | "v128") {
  const nameOf = (name: MathName) => `math.${name}${width === "f64" ? "" : ".f64x2"}`;
  const scalar = scalarMath(names);
  const vector = width === "f64" ? [] : vectorMath(names);
  const loops = names.map((name) => forAll(nameOf(name), width, functions[name].length));
  const module = new WebAssembly.Module(
    encode({
      functions: [...scalar, ...vector, ...loops],
      globals: mathGlobals(vector),
      exports: loops.map(({ name }) => name),
    }),
  );
  const memory = new WebAssembly.Memory({ initial: Math.ceil((24 * COUNT) / 65536) });
  const numbers = new Float64Array(memory.buffer);
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  return (name: MathName, ...columns: Float64Array[]): Float64Array => {
    columns.forEach((column, k) => {
      numbers.set(column, k * COUNT);
    });
    const all = exports[`${nameOf(name)}.all`] as (n: number) => void; // forAll makes it
    all(columns[0]!.length);
    return numbers.slice(2 * COUNT, 2 * COUNT + columns[0]!.length);
  };
}

describe("scalarMath: gives the bits of math.ts", () => {
  const run = compile(mathNames, "f64");
  it.each(mathNames)("%s", (name) => {
    const columns = columnsOf(name);
    expect(firstDifference(name, run(name, ...columns), columns)).toBe("none");
  });
});

describe("vectorMath: gives the bits of math.ts in both lanes", () => {
  const run = compile(mathNames, "v128");
  it.each(mathNames)("%s", (name) => {
    // Once more shifted by one number, so that each of them comes into either lane.
    for (const start of [0, 1]) {
      const columns = columnsOf(name).map((column) => column.slice(start, COUNT - start));
      expect(firstDifference(name, run(name, ...columns), columns)).toBe("none");
    }
  });
});

describe("scalarMath", () => {
  it("takes along what a function needs, once, and nothing else", () => {
    const names = scalarMath(["sin", "cos"]).map(({ name }) => name);
    expect(names).toEqual(["math.sin", "math.cos", "math.reduceLarge", "math.digit"]);
    expect(scalarMath(["tanh"]).map(({ name }) => name)).toEqual(["math.tanh"]);
  });
});

/** Computes formulas of two variables at all points, in either lane if there are two. */
function runFormulas(
  formulas: readonly Formula[],
  width: "f64" | "v128",
  inline: ReadonlySet<MathName>,
  [xs, ys]: readonly [Float64Array, Float64Array],
): Float64Array[] {
  const used = mathUsed(formulas);
  const f = new WasmFunction("run", [{ type: "i32", name: "at" }]);
  const variables = [0, 1].map((i) => {
    const local = f.local(width);
    f.get(0)
      .emit(`${width}.load`, 16 * i)
      .set(local);
    return local;
  });
  const two = f.local("v128");
  f.emit("v128.const", 2).set(two);
  const constant = (x: number) => (x === 2 ? two : undefined);
  const locals = emitFormulas(f, formulas, (i) => variables[i]!, width, { inline, constant });
  locals.forEach((local, i) => {
    f.get(0)
      .get(local)
      .emit(`${width}.store`, 32 + 16 * i);
  });
  const functions = [...scalarMath(used), ...(width === "f64" ? [] : vectorMath(used)), f];
  const globals = mathGlobals(functions);
  const memory = new WebAssembly.Memory({ initial: 1 });
  const bytes = encode({ functions, globals, exports: ["run"] });
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } });
  const run = instance.exports.run as (at: number) => void; // exported above
  const view = new Float64Array(memory.buffer);
  const lanes = width === "f64" ? 1 : 2;
  const results = formulas.map(() => new Float64Array(xs.length));
  for (let i = 0; i < xs.length; i += lanes) {
    for (let lane = 0; lane < lanes; lane++) {
      view[lane] = xs[i + lane]!;
      view[2 + lane] = ys[i + lane]!;
    }
    run(0);
    results.forEach((result, k) => {
      for (let lane = 0; lane < lanes; lane++) result[i + lane] = view[4 + 2 * k + lane]!;
    });
  }
  return results;
}

/** A result that differs from that of `expected`, or "none". */
function firstWrong(
  results: readonly Float64Array[],
  [xs, ys]: readonly [Float64Array, Float64Array],
  expected: (k: number, x: number, y: number) => number,
) {
  for (const [k, result] of results.entries()) {
    for (const [i, got] of result.entries()) {
      const wanted = expected(k, xs[i]!, ys[i]!);
      if (!Object.is(got, wanted)) return { k, x: xs[i], y: ys[i], got, wanted };
    }
  }
  return "none";
}

describe.each(["f64", "v128"] as const)("emitFormulas, %s", (width) => {
  const few: [Float64Array, Float64Array] = [ofTwo[0].slice(0, 6000), ofTwo[1].slice(0, 6000)];
  const all = { ...operations, clamp: clamp(-0.5, 2), leaky: leakyRelu(0.1), cube: power(3) };
  const every = new Set(mathNames);

  it.each(Object.entries(all))("%s: gives the bits of its rules", (_, operation) => {
    const sheet = new Sheet();
    const inputs = [0, 1].slice(0, operation.arity).map((i) => sheet.variable(i));
    const output = sheet.apply(operation.value, ...inputs);
    const formulas = [
      output,
      ...operation.localDerivatives.map((rule) => sheet.apply(rule, ...inputs, output)),
    ];
    const expected = (k: number, ...xy: number[]) => {
      const values = xy.slice(0, operation.arity);
      const y = operation.value(numbers, ...values);
      return k === 0 ? y : operation.localDerivatives[k - 1]!(numbers, ...values, y);
    };
    for (const inline of [new Set<MathName>(), every]) {
      const results = runFormulas(formulas, width, inline, few);
      expect(firstWrong(results, few, expected)).toBe("none");
    }
  });

  it("computes a sum of 3,000 terms, using local variables again", () => {
    const sheet = new Sheet();
    const [x, y] = [sheet.variable(0), sheet.variable(1)];
    let sum = x;
    const total = (a: number, b: number) => {
      let s = a;
      for (let i = 0; i < 3000; i++) s = i + Math.max(s * b, a);
      return s;
    };
    for (let i = 0; i < 3000; i++) {
      sum = sheet.arithmetic.add(i, sheet.arithmetic.max(sheet.arithmetic.mul(sum, y), x));
    }
    const results = runFormulas([sum], width, new Set(), few);
    expect(firstWrong(results, few, (_, a, b) => total(a, b))).toBe("none");
    const f = new WasmFunction("count");
    emitFormulas(f, [sum], () => 0, width);
    expect(f.locals.length).toBeLessThan(10);
  });

  it("gives the variable's own local for a variable, and one local for equal formulas", () => {
    const sheet = new Sheet();
    const x = sheet.variable(0);
    const f = new WasmFunction("same", [{ type: width, name: "x" }]);
    const square = sheet.arithmetic.mul(x, x);
    const [first, second, third] = emitFormulas(f, [x, square, square], () => 0, width);
    expect(first).toBe(0);
    expect(second).toBe(third);
    expect(f.body.filter(([name]) => name.endsWith(".mul"))).toHaveLength(1);
  });
});

describe("emitFormulas", () => {
  it("inline: computes what tanh and its derivative share once", () => {
    const sheet = new Sheet();
    const x = sheet.variable(0);
    const y = sheet.apply(operations.tanh.value, x);
    const slope = sheet.apply(operations.tanh.localDerivatives[0]!, x, y);
    const count = (formulas: Formula[]) => {
      const f = new WasmFunction("count", [{ type: "v128", name: "x" }]);
      emitFormulas(f, formulas, () => 0, "v128", { inline: new Set(mathNames) });
      return f.body.filter(([name]) => /\.(?:add|sub|mul)$/.test(name)).length;
    };
    expect(count([y, slope])).toBeLessThan(count([y]) + count([slope]) - 25);
  });
});
