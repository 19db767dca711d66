// Every function of math.ts as WebAssembly, C and JavaScript against math.ts itself, bit for bit.

import { describe, expect, it } from "vitest";
import { type MathName, mathNames } from "../../src/compile/formula.ts";
import { mathGlobals, scalarMath, vectorMath } from "../../src/compile/math-wasm.ts";
import { encode, WasmFunction } from "../../src/compile/wasm.ts";
import * as math from "../../src/math.ts";
import { xorshiftRandom } from "../../src/random.ts";

const COUNT = 200_000;

const functions: Readonly<Record<MathName, (...numbers: number[]) => number>> = { ...math };

/** Points at which something may go wrong, and their neighbours. */
function awkward(): number[] {
  const borders = [
    0,
    5e-324,
    1e-310,
    2.2250738585072014e-308,
    1e-300,
    1e-16,
    1e-9,
    0.25,
    0.3467,
    0.5,
    0.5625,
    Math.SQRT1_2,
    0.75,
    Math.PI / 4,
    1,
    Math.SQRT2,
    Math.PI / 2,
    2,
    Math.PI,
    4,
    6.5,
    22,
    27.3,
    40,
    44,
    60,
    708.4,
    709.78,
    710.5,
    711,
    745.1,
    746,
    1e6,
    2 ** 20,
    1e9,
    2 ** 52,
    2 ** 53,
    1e22,
    1e150,
    1e154,
    1e300,
    2 ** 1023,
    Number.MAX_VALUE,
    Infinity,
  ];
  const near = borders.flatMap((x) => [x, x * (1 - 2 ** -53), x * (1 + 2 ** -52), x + 5e-324]);
  const turns = Array.from({ length: 200 }, (_, n) => ((n * n * n + 1) * Math.PI) / 2);
  return [...near, ...turns].flatMap((x) => [x, -x]).concat(NaN);
}

/** Numbers of every size, those of common size more often. */
function inputs(seed: number): Float64Array {
  const random = xorshiftRandom(seed);
  const double = new Float64Array(1);
  const words = new Uint32Array(double.buffer);
  const points = awkward();
  return Float64Array.from({ length: COUNT }, (_, i) => {
    if (i < points.length) return points[i]!;
    words.set([random.integer(0xffffffff), random.integer(0xffffffff)]);
    return i % 4 === 0 ? double[0]! : random.uniform(-1, 1) * [0, 1, 30, 2000][i % 4]!;
  });
}

/** Pairs for pow: every awkward point with every other, then numbers of every size. */
function pairs(): [xs: Float64Array, ys: Float64Array] {
  const xs = inputs(2);
  const ys = inputs(3);
  const special = [
    0,
    5e-324,
    1e-310,
    0.5,
    1 - 2 ** -53,
    1,
    1 + 2 ** -52,
    2,
    3,
    2 ** 52 + 1,
    2 ** 53,
  ]
    .concat(0.1, 1.5, 10, 1e9 + 1, 1e15, 1e154, 1e300, Number.MAX_VALUE, Infinity)
    .flatMap((x) => [x, -x])
    .concat(NaN);
  special.forEach((x, i) => {
    xs.fill(x, i * special.length, (i + 1) * special.length);
    ys.set(special, i * special.length);
  });
  // Whole exponents of common size, so that negative numbers have powers too.
  for (let i = 10_000; i < COUNT; i += 5) ys[i] = Math.round(ys[i]! / 50);
  return [xs, ys];
}

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

/** The first input of which the result is not that of math.ts. */
function firstDifference(name: MathName, got: Float64Array, columns: readonly Float64Array[]) {
  for (const [i, y] of got.entries()) {
    const at = columns.map((column) => column[i]!);
    const wanted = functions[name](...at);
    if (!Object.is(y, wanted)) return { at, got: y, wanted };
  }
  return "none";
}

const ofOne = inputs(1);
const ofTwo = pairs();
const columnsOf = (name: MathName) => (functions[name].length === 2 ? ofTwo : [ofOne]);

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
