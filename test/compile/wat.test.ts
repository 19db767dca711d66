// Modules as text: an assembler makes of it the very code that was encoded, and it runs.

import { beforeAll, describe, expect, it } from "vitest";
import wabt from "wabt";
import { type CompileOptions, compile, type Loss, type Program } from "../../src/compile/index.ts";
import { instantiate } from "../../src/compile/machine.ts";
import { encode, type Module, WasmFunction } from "../../src/compile/wasm.ts";
import { print } from "../../src/compile/wat.ts";
import {
  crossEntropy,
  defineOperation,
  hinge,
  MLP,
  pythonRandom,
  squaredError,
  sum,
  Value,
} from "../../src/index.ts";
import { catalogue } from "../catalogue.ts";

let assembler: Awaited<ReturnType<typeof wabt>>;
beforeAll(async () => {
  assembler = await wabt();
});

/** The bytes that the assembler makes of a text. */
function assemble(text: string): Uint8Array<ArrayBuffer> {
  const features = {
    simd: true,
    relaxed_simd: true,
    bulk_memory: true,
    threads: true,
    multi_value: true,
  };
  const parsed = assembler.parseWat("module.wat", text, features);
  parsed.resolveNames();
  const validate: (features: object) => void = parsed.validate.bind(parsed); // its types forget them
  validate(features);
  const { buffer } = parsed.toBinary({});
  parsed.destroy();
  return new Uint8Array(buffer);
}

/** The code section of a module: its functions, without their types and names. */
function codeOf(bytes: Uint8Array): number[] {
  let at = 8;
  const unsigned = () => {
    let [x, factor] = [0, 1];
    for (; bytes[at]! >= 128; at++, factor *= 128) x += (bytes[at]! - 128) * factor;
    return x + bytes[at++]! * factor;
  };
  for (;;) {
    const id = bytes[at++];
    const size = unsigned();
    if (id === 10) return [...bytes.subarray(at, at + size)];
    at += size;
    if (at >= bytes.length) throw new Error("expected a code section");
  }
}

const net = (activation: "relu" | "tanh" | "gelu", sizes = [5, 3]) =>
  new MLP(2, sizes, { activation, random: pythonRandom(3) });

const cases: [string, Loss, CompileOptions][] = [];
const add = (name: string, loss: Loss, options: CompileOptions) =>
  cases.push([name, loss, options]);

const relu = net("relu", [16, 16, 1]);
add("relu layers, with a regularizer and predictions", (x, t) => hinge(relu.forward(x), t), {
  parameters: relu,
  inputs: 2,
  predict: (x) => relu.forward(x),
  regularizer: (ps) => sum(ps.map((p) => p.mul(p))).mul(1e-4),
});
for (const mode of ["exact", "fast", "fused"] as const) {
  const tanh = net("tanh", [7, 2]);
  const loss: Loss = (x, t) => squaredError(tanh.forward(x), t);
  add(`tanh layers, ${mode}`, loss, { parameters: tanh, inputs: 2, targets: 2, mode });
}
const classes = net("gelu");
add("three classes", (x, t) => crossEntropy(classes.forward(x), t[0]!), {
  parameters: classes,
  inputs: 2,
});

const hostile = defineOperation({
  name: ') (evil "\n;)',
  value: (A, x) => A.mul(x, A.tanh(x)),
  localDerivatives: [(A, x) => A.tanh(x)],
});
const cells = Array.from({ length: 36 }, (_, i) => new Value(Math.sin(i) / 3, ") evil\n"));
const weightedSum = (x: Value[], i: number) => sum(x.map((one, j) => one.mul(cells[6 * i + j]!)));
add(
  "labels and operations with names that close parentheses",
  (x, [t]) =>
    sum([0, 1, 2, 3, 4, 5].map((i) => hostile(weightedSum(x, i))))
      .sub(t!)
      .square(),
  { parameters: cells, inputs: 6 },
);

const leaves = catalogue.map(({ points }) => points[0]!.inputs.map((x) => new Value(x)));
add(
  "all operations",
  ([x]) =>
    sum(
      catalogue.map(({ method }, i) =>
        method(...leaves[i]!)
          .mul(x!)
          .tanh(),
      ),
    ),
  { parameters: leaves.flat(), inputs: 1, targets: 0 },
);

const chain = new Value(0.5, "w");
add(
  "a long sum",
  ([x]) => {
    let y = chain.mul(x!);
    for (let i = 0; i < 1500; i++) y = y.add(i % 2 === 0 ? chain : x!);
    return y;
  },
  { parameters: [chain], inputs: 1, targets: 0 },
);

/** Losses and gradients of a program that runs with other bytes. */
function runWith(bytes: Uint8Array<ArrayBuffer>, program: Program): Float64Array {
  const runner = program.runner!; // these programs are compiled
  const random = pythonRandom(5);
  const row = (width: number) => Array.from({ length: width }, () => random.uniform(-1, 1));
  const count = 5;
  const inputs = Float64Array.from(row(count * program.inputs));
  const targets = Float64Array.from(row(count * program.targets), (_, i) => i % 2);
  runner.load({ inputs, targets, count });
  const { gradient } = instantiate(bytes, runner.memory);
  const { at } = runner;
  gradient!(
    at.inputs,
    at.targets,
    at.order,
    count,
    1 / count,
    at.gradients,
    at.workspace,
    at.results,
  );
  return Float64Array.from([...runner.gradients(), ...runner.numbers(at.results, count)]);
}

describe("Program.toWat", () => {
  it.each(cases)("assembles to the module's very code, and runs: %s", (_name, loss, options) => {
    const program = compile(loss, options);
    expect(program.reason).toBeUndefined();
    const bytes = assemble(program.toWat());
    expect(codeOf(bytes)).toEqual(codeOf(program.bytes));
    const numbers = runWith(bytes, program);
    expect(numbers).toEqual(runWith(program.bytes, program));
    expect(numbers.filter((x) => x !== 0).length).toBeGreaterThan(1);
  });

  it("names each function once, by what it does", () => {
    const text = compile(...(cases[0]!.slice(1) as [Loss, CompileOptions])).toWat();
    const names = [...text.matchAll(/^ {2}\(func (\S+)/gm)].map(([, name]) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toEqual(expect.arrayContaining(["$gradient", "$forward.4.relu", "$weights.2x4"]));
    expect(text).toContain(";; layers.1: 16 inputs, 16 neurons, relu");
    expect(text).toMatch(/^ {2};; Gradients of weights, 2 neurons by 4 inputs/m);
  });

  it("breaks lines that would be too long", () => {
    for (const [, loss, options] of cases) {
      const lines = compile(loss, options).toWat().split("\n");
      expect(lines.filter((line) => line.length > 140)).toEqual([]);
    }
  });
});

describe("print", () => {
  /** A module of one function, and its text. */
  const textOf = (f: WasmFunction, more: Partial<Module> = {}) => {
    const module = { functions: [f], exports: [f.name], ...more };
    const text = print(module);
    expect(codeOf(assemble(text))).toEqual(codeOf(encode(module)));
    return text;
  };

  it("folds operands and names locals, each differently", () => {
    const f = new WasmFunction("f", [{ type: "f64", name: "x" }], ["f64"]);
    const local = f.local("f64", "x");
    f.get(0).f64(-0).emit("f64.add").tee(local).get(local).emit("f64.mul");
    expect(textOf(f)).toBe(`(module
  (import "env" "memory" (memory 1))

  (func $f (export "f") (param $x f64) (result f64)
    (local $x.2 f64)
    (f64.mul (local.tee $x.2 (f64.add (local.get $x) (f64.const -0))) (local.get $x.2))
  )
)
`);
  });

  it("writes what cannot be folded as it is: values below a statement, a comment, two results", () => {
    const pair = new WasmFunction("pair", [], ["f64", "f64"]);
    pair.f64(1).comment("between").f64(2);
    const f = new WasmFunction("f", [{ type: "f64", name: "x" }], ["f64"]);
    f.get(0).f64(3).set(0).emit("call", "pair").emit("f64.sub").emit("f64.add");
    expect(textOf(f, { functions: [pair, f], exports: ["f"] })).toContain(`
    (local.get $x)
    (local.set $x (f64.const 3))
    (call $pair)
    f64.sub
    f64.add
`);
  });

  it("closes blocks, with and without else, and names what is branched to", () => {
    const f = new WasmFunction("f", [{ type: "i32", name: "n" }], ["f64"]);
    f.emit("block").emit("loop").get(0).emit("i32.eqz").emit("br_if", 1);
    f.get(0).i32(1).emit("i32.sub").set(0).emit("br", 0).emit("end").emit("end");
    f.get(0).emit("if", "f64").f64(1).emit("else").f64(2).emit("end");
    f.get(0).emit("br_if", 0).emit("drop").f64(Number.POSITIVE_INFINITY);
    const text = textOf(f);
    expect(text).toContain(`
    (block $block1
      (loop $loop2
        (br_if $block1 (i32.eqz (local.get $n)))
        (local.set $n (i32.sub (local.get $n) (i32.const 1)))
        br $loop2
      )
    )
    (if $if3 (result f64) (local.get $n) (then
      (f64.const 1)
    ) (else
      (f64.const 2)
    ))
`);
  });

  it("has shared memory, imports and globals", () => {
    const f = new WasmFunction("f", [], ["v128"]);
    f.emit("global.get", "some number").i32(0).emit("call", "given: one").emit("f64x2.splat");
    f.emit("f64x2.add");
    const text = textOf(f, {
      imports: [{ name: "given: one", parameters: ["i32"], results: ["f64"] }],
      globals: [{ name: "some number", type: "v128", start: 1 / 3, constant: true }],
      shared: { pages: 16 },
    });
    expect(text).toContain('(import "env" "memory" (memory 1 16 shared))');
    expect(text).toContain(
      '(import "env" "given: one" (func $given_one (param i32) (result f64)))',
    );
    expect(text).toContain("(global $some_number v128 (v128.const f64x2 0.3333333333333333 0.333");
  });
});
