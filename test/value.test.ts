// Value: how graphs are made, the six rules of backward, and what happens to bad input.

import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { grad, hessian, jvp } from "../src/derivatives.ts";
import * as exportedFunctions from "../src/functions.ts";
import { crossEntropy, squaredError } from "../src/losses.ts";
import { activations, MLP } from "../src/nn.ts";
import { graphOf, Value, watching, withOrigin } from "../src/value.ts";
import { catalogue } from "./catalogue.ts";
import "./closeness.ts";

const functions = { ...exportedFunctions }; // to be picked by name

describe("a node", () => {
  test("new Value: a leaf has its number, no gradient, no operation and no inputs", () => {
    const a = new Value(2.5, "a");
    expect(a.data).toBe(2.5);
    expect(a.grad).toBe(0);
    expect(a.hasGrad).toBe(false);
    expect(a.op).toBe("");
    expect(a.inputs).toEqual([]);
    expect(a.label).toBe("a");
    expect(new Value(1).label).toBe("");
  });

  test("new Value: takes every number, infinities, NaN and -0 included", () => {
    for (const x of [0, -0, NaN, Infinity, -Infinity, 5e-324, Number.MAX_VALUE]) {
      expect(new Value(x).data).toBe(x);
    }
  });

  test("Value.op, Value.inputs: what made it, and from what, in order", () => {
    const a = new Value(2);
    const b = new Value(3);
    const c = a.sub(b);
    expect(c.op).toBe("sub");
    expect(c.inputs[0]).toBe(a);
    expect(c.inputs[1]).toBe(b);
    expect(b.sub(a).inputs[0]).toBe(b);
    expect(c.tanh().inputs).toEqual([c]);
  });

  test("Value.inputs: a + a has two edges", () => {
    const a = new Value(3);
    const y = a.add(a);
    expect(y.inputs.length).toBe(2);
    expect(y.inputs[0]).toBe(a);
    expect(y.inputs[1]).toBe(a);
    y.backward();
    expect(a.grad).toBe(2); // 1 along each edge
  });

  test("Value.add: a number becomes a leaf of its own", () => {
    const y = new Value(2).add(5);
    expect(y.data).toBe(7);
    expect(y.inputs[1].data).toBe(5);
    expect(y.inputs[1].op).toBe("");
  });

  test("Value.label: may be written, also on inner nodes; the number stays", () => {
    const y = new Value(2).mul(3);
    y.label = "y";
    expect(y.label).toBe("y");
    expect(y.data).toBe(6);
    expect(withOrigin({ layer: 1 }, () => new Value(1, "w")).label).toBe("w");
  });

  test("Value.zeroGrad: grad is 0 and hasGrad false again", () => {
    const a = new Value(2);
    a.mul(3).backward();
    expect([a.grad, a.hasGrad]).toEqual([3, true]);
    a.zeroGrad();
    expect([a.grad, a.hasGrad]).toEqual([0, false]);
  });

  test("Value.grad: may be written, to clip it; a further pass adds to what was written", () => {
    const a = new Value(2);
    a.mul(30).backward();
    a.grad = 1;
    expect([a.grad, a.hasGrad]).toEqual([1, true]);
    a.mul(30).backward();
    expect(a.grad).toBe(31);
    a.grad = 0;
    expect(a.hasGrad).toBe(false);
  });

  test("Value.hasGrad: true on every node that a pass has reached, also where grad is 0", () => {
    const a = new Value(0);
    const b = new Value(5);
    const unrelated = new Value(1);
    const y = a.mul(b);
    y.backward();
    expect([y, a, b, unrelated].map((node) => node.hasGrad)).toEqual([true, true, true, false]);
    expect(b.grad).toBe(0);
  });

  test("Value.hasGrad: false behind detach, through which no gradient flows", () => {
    const w = new Value(2);
    w.mul(3).detach().mul(4).backward();
    expect([w.grad, w.hasGrad]).toEqual([0, false]);
  });

  test("Value.detach: a leaf behind it may be written before the pass: no gradient needs it", () => {
    const w = new Value(2);
    const x = new Value(5);
    const y = w.mul(3).detach().mul(x);
    w.data = 7;
    y.backward();
    expect([x.grad, w.grad]).toEqual([6, 0]); // the numbers of the forward pass
    expect(grad(y, [x])[0].data).toBe(6);
    expect(jvp(y, [x], [1])).toBe(6);
  });

  test("graphOf: every node once, inputs before consumers", () => {
    const a = new Value(1);
    const b = a.add(a);
    const c = b.mul(a);
    const d = c.sub(b);
    const nodes = graphOf(d);
    expect(nodes).toHaveLength(4);
    expect(new Set(nodes)).toEqual(new Set([a, b, c, d]));
    for (const node of nodes) {
      for (const input of node.inputs) {
        expect(nodes.indexOf(input)).toBeLessThan(nodes.indexOf(node));
      }
    }
  });
});

describe("Value.backward, rule 1: every node once, consumers before inputs", () => {
  test("Value.backward: of a leaf is 1", () => {
    const a = new Value(7);
    a.backward();
    expect([a.grad, a.hasGrad]).toEqual([1, true]);
    a.backward();
    expect(a.grad).toBe(2); // a leaf adds up, this one too
  });

  test("Value.backward: a diamond in which the short way comes first", () => {
    // u = x^2 = 9, v = u + 1 = 10, y = u v = 90; dy/du = v + u = 19; dy/dx = 19 * 2x = 114
    const x = new Value(3);
    const u = x.mul(x);
    const v = u.add(1);
    const y = u.mul(v);
    y.backward();
    expect([y.grad, v.grad, u.grad, x.grad]).toEqual([1, 9, 19, 114]);
  });

  test("Value.backward: an old node that is consumed late is complete at its turn", () => {
    // G = 3x, F = 5G; out = (2G + 2000) + F; d out/dx = (2 + 5) * 3 = 21
    const x = new Value(1);
    const G = x.mul(3);
    for (let i = 0; i < 5000; i++) new Value(0);
    const F = G.mul(5);
    for (let i = 0; i < 66_000; i++) new Value(0);
    let c = G.mul(2);
    for (let i = 0; i < 2000; i++) c = c.add(1);
    c.add(F).backward();
    expect(x.grad).toBe(21);
  });

  test("Value.backward: every local derivative is asked for once", () => {
    let calls = 0;
    const counted = functions.defineOperation({
      name: "counted",
      value: (m, x) => m.mul(2, x),
      localDerivatives: [
        () => {
          calls += 1;
          return 2;
        },
      ],
    });
    const x = new Value(1);
    const y = counted(x);
    y.mul(y).add(y).add(y.mul(3)).backward();
    expect(calls).toBe(1);
    expect(x.grad).toBe(16); // d(y^2 + 4y)/dx = (2y + 4) * 2 = (4 + 4) * 2
  });

  test("Value.backward: a rule may run a backward pass of its own", () => {
    // the derivative of the inner function is found by a graph inside the rule
    const slope = (x: number) => {
      const inner = new Value(x);
      inner.mul(inner).mul(inner).backward();
      return inner.grad; // 3x^2
    };
    const cube = functions.defineOperation({
      name: "cube",
      value: (m, x) => m.mul(x, m.mul(x, x)),
      localDerivatives: [(_m, x) => slope(Number(x))],
    });
    const x = new Value(2);
    const a = x.mul(1);
    const y = cube(a)
      .add(cube(a.mul(2)))
      .add(a);
    y.backward();
    expect(x.grad).toBe(12 + 2 * 48 + 1);
  });
});

describe("Value.backward, rule 2: leaves accumulate, inner nodes do not", () => {
  test("Value.backward: y = (x*x)*x at 2 gives 12, and 24 after a second pass", () => {
    const x = new Value(2);
    const s = x.mul(x);
    const y = s.mul(x);
    y.backward();
    expect(x.grad).toBe(12);
    y.backward();
    expect(x.grad).toBe(24);
    expect(s.grad).toBe(2); // d y / d s = x, of the last pass only
    expect(y.grad).toBe(1);
  });

  test("Value.backward: two losses that share a node give 3*4 + 5*4 = 32", () => {
    const x = new Value(2);
    const s = x.mul(x);
    const first = s.mul(3);
    const second = s.mul(5);
    first.backward();
    expect(x.grad).toBe(12);
    second.backward();
    expect(x.grad).toBe(32);
    expect(s.grad).toBe(5);
  });

  test("Value.backward: from the middle of a graph, then from its end", () => {
    const x = new Value(2);
    const s = x.mul(x);
    const y = s.mul(s); // x^4: 4x^3 = 32
    s.backward();
    y.backward();
    expect(x.grad).toBe(4 + 32);
    expect(s.grad).toBe(8);
  });

  test("Value.backward: zeroGrad between two passes makes the second one count alone", () => {
    const x = new Value(2);
    const y = x.mul(x).mul(x);
    y.backward();
    x.zeroGrad();
    y.backward();
    expect(x.grad).toBe(12);
  });
});

describe("Value.backward, rule 3: the gradient belongs to the forward pass", () => {
  test("Value.backward: a leaf written since is an error that names it, and never 10", () => {
    const x = new Value(3, "x");
    const y = x.mul(x);
    x.data = 5;
    expect(() => y.backward()).toThrow(/^Value\.backward: .*"x"/);
    expect(x.grad).toBe(0);
    const again = x.mul(x);
    again.backward();
    expect(x.grad).toBe(10); // of the graph computed after the write
  });

  test("Value.backward: the error comes for every kind of operation, however deep", () => {
    const graphs: ((x: Value) => Value)[] = [
      (x) => x.add(1),
      (x) => x.neg(),
      (x) => x.mul(2),
      (x) => x.tanh().add(1).mul(3),
      (x) => x.div(2),
      (x) => new Value(2).pow(x),
    ];
    for (const make of graphs) {
      const x = new Value(0.5, "late");
      const y = make(x).add(new Value(1));
      x.data = 0.25;
      expect(() => y.backward()).toThrow(/"late"/);
    }
  });

  test("Value.backward: a leaf without a label is named by its number", () => {
    const x = new Value(3);
    const y = x.mul(x);
    x.data = 5.5;
    expect(() => y.backward()).toThrow(/5\.5/);
  });

  test("Value.backward: a pass that fails leaves the gradients of all leaves as they were", () => {
    const a = new Value(2, "a");
    const b = new Value(3, "b");
    const fresh = new Value(4, "fresh");
    a.mul(10).backward();
    const y = a.mul(b).add(fresh).add(a.exp());
    b.data = 7;
    expect(() => y.backward()).toThrow(/"b"/);
    expect([a.grad, b.grad, fresh.grad]).toEqual([10, 0, 0]);
    expect([a.hasGrad, b.hasGrad, fresh.hasGrad]).toEqual([true, false, false]);
    const again = a.mul(b);
    again.backward();
    expect([a.grad, b.grad]).toEqual([17, 2]);
  });

  test("Value.backward: a rule that throws leaves the gradients of all leaves as they were", () => {
    const broken = functions.defineOperation({
      name: "broken",
      value: (_m, x) => x,
      localDerivatives: [
        () => {
          throw new Error("no derivative today");
        },
      ],
    });
    const a = new Value(2);
    a.mul(10).backward();
    const y = a.mul(broken(a)).add(a);
    expect(() => y.backward()).toThrow("no derivative today");
    expect(a.grad).toBe(10);
    a.mul(3).backward();
    expect(a.grad).toBe(13);
  });

  test("grad, hessian, jvp: over a leaf written since they throw and name it", () => {
    const x = new Value(3, "x");
    const other = new Value(1, "other");
    const y = x.mul(x).add(other);
    x.data = 5;
    expect(() => grad(y, [x])).toThrow(/^grad: .*"x"/);
    expect(() => hessian(y, [x])).toThrow(/^hessian: .*"x"/);
    expect(() => jvp(y, [x], [1])).toThrow(/^jvp: .*"x"/);
    expect(() => grad(y, [other])).toThrow(/"x"/);
    expect(x.grad).toBe(0);
  });

  test("Value.data: that of an inner node cannot be written, and the node is named", () => {
    const y = new Value(2).mul(3);
    y.label = "product";
    expect(() => {
      y.data = 4;
    }).toThrow(/^Value\.data: .*"product"/);
    expect(y.data).toBe(6);
  });
});

describe("Value.backward, rule 4: a fixed order", () => {
  const program = () => {
    const xs = Array.from({ length: 30 }, (_, i) => new Value(Math.sqrt(i + 2) / 3));
    let total = xs[0];
    for (let i = 0; i < 400; i++) {
      const a = xs[(7 * i) % 30];
      const b = xs[(11 * i + 3) % 30];
      total = total
        .mul(0.9)
        .add(a.mul(b).tanh())
        .add(a.div(b.add(2)).sub(total.sin()));
    }
    total.backward();
    return [total.data, ...xs.map((x) => x.grad)];
  };

  test("Value.backward: the same program gives the same bits every time", () => {
    const first = program();
    for (let i = 0; i < 5; i++) {
      for (let k = 0; k < 37 * i; k++) new Value(0); // other creations in between change nothing
      expect(program()).toEqual(first);
    }
  });

  test("sum: adds from left to right, starting with the first term", () => {
    // 1e16 + 1 is 1e16, so the order shows: (1e16 + 1) + -1e16 = 0, (1e16 + -1e16) + 1 = 1
    expect(functions.sum([1e16, 1, -1e16]).data).toBe(0);
    expect(functions.sum([1e16, -1e16, 1]).data).toBe(1);
    expect(functions.sum([-0]).data).toBe(-0); // nothing is added to the first term
  });
});

describe("Value.backward, rules 5 and 6: edges point backwards and stay", () => {
  test("Value: an input does not know its consumers", () => {
    const a = new Value(2);
    const before = inspect(a, { showHidden: true, customInspect: false, depth: 4 });
    a.mul(3).add(a);
    expect(inspect(a, { showHidden: true, customInspect: false, depth: 4 })).toBe(before);
  });

  test("Value.inputs: cannot be changed, so there is no way to build a circle", () => {
    const a = new Value(2);
    const y = a.add(1);
    const inputs = y.inputs as Value[]; // what someone without TypeScript can do
    expect(() => inputs.push(y)).toThrow(TypeError);
    expect(() => {
      inputs[0] = y;
    }).toThrow(TypeError);
    expect(() => Object.assign(y, { inputs: [y] })).toThrow(TypeError);
    expect(() => Object.assign(y, { op: "mul" })).toThrow(TypeError);
    expect(y.inputs[0]).toBe(a);
    expect(y.inputs).toHaveLength(2);
  });

  test("new Value: what follows the label cannot be used to make a node of one's own", () => {
    const make = (...rest: unknown[]) => Reflect.construct(Value, [1, "a", ...rest]) as Value;
    const a = new Value(2);
    for (const rest of [["mul"], ["mul", a], [{}, a], [null], [undefined, a, a], [7, 7, 7]]) {
      let node: Value;
      try {
        node = make(...rest);
      } catch (error) {
        expect(String(error)).toMatch(/^(Type|Range)Error: new Value: expected/);
        continue;
      }
      expect([node.op, node.inputs.length]).toEqual(["", 0]); // ignored: a leaf like any other
    }
  });
});

// Everything that is not a number or a Value, and how a message names it.
const wrong: [unknown, RegExp][] = [
  ["3", /"3"/],
  ["", /""/],
  [undefined, /undefined/],
  [null, /null/],
  [true, /true/],
  [3n, /3n|bigint/],
  [[1], /array/],
  [[], /array/],
  [{}, /object/],
  [{ data: 1, grad: 0 }, /object/],
  [() => 1, /function/],
  [Symbol("s"), /symbol/i],
  [new Date(0), /Date/],
  [Object(3), /Number|object/],
];

/** Calls f, which has to throw a TypeError that begins with `where` and says what came. */
function expectTypeError(f: () => unknown, where: RegExp, came: RegExp): void {
  let thrown: unknown;
  try {
    f();
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(TypeError);
  const { message } = thrown as TypeError; // an error, as the line before has found
  expect(message).toMatch(where);
  expect(message).toMatch(/expected .* got /);
  expect(message.slice(message.indexOf("got "))).toMatch(came);
}

type Free = (...operands: unknown[]) => Value;

describe("bad input", () => {
  test.each(wrong)("new Value, Value.data, Value.grad: %o is a TypeError", (thing, came) => {
    expectTypeError(() => new Value(thing as number), /^new Value: /, came);
    const a = new Value(2);
    for (const property of ["data", "grad"]) {
      expectTypeError(
        () => Object.assign(a, { [property]: thing }),
        new RegExp(`^Value\\.${property}: `),
        came,
      );
    }
    expect([a.data, a.grad, a.hasGrad]).toEqual([2, 0, false]);
  });

  test("Value.label: anything but a string is a TypeError", () => {
    for (const thing of [3, null, {}, [], true]) {
      expectTypeError(() => new Value(1, thing as unknown as string), /label/, /./);
      expectTypeError(() => Object.assign(new Value(1), { label: thing }), /^Value\.label: /, /./);
    }
  });

  const binaries = ["add", "sub", "mul", "div", "pow", "max", "min"] as const;
  test.each(binaries)(
    "Value.%s: every wrong operand is a TypeError that names the call",
    (name) => {
      for (const [thing, came] of wrong) {
        expectTypeError(
          () => new Value(2)[name](thing as number),
          new RegExp(`^Value\\.${name}: `),
          came,
        );
      }
    },
  );

  const rows = catalogue.filter((row) => row.operation.name in functions); // pick is for losses
  const arities = rows.map((row) => [row.operation.name, row.operation.arity] as const);
  const names = new Map([...arities, ["clamp", 1], ["leakyRelu", 1], ["elu", 1]] as const);
  test.each([...names])(
    "%s: every wrong operand of the function is a TypeError that names the call",
    (name, arity) => {
      const free = (functions as unknown as Record<string, Free>)[name]; // by name, as in a cell
      const more = name === "clamp" ? [0, 1] : [];
      for (const [thing, came] of wrong) {
        const where = new RegExp(`^(Value\\.)?${name}: `);
        expectTypeError(() => free(thing, ...(arity > 1 ? [1] : more)), where, came);
        if (arity > 1) {
          expectTypeError(() => free(1, thing), where, came);
          expectTypeError(() => free(new Value(1), thing), where, came);
        }
      }
    },
  );

  test("clamp, leakyRelu, elu: a wrong parameter is an error that names the call", () => {
    const x = new Value(1);
    for (const [thing, came] of wrong) {
      const n = thing as number;
      expectTypeError(() => x.clamp(n, 1), /^Value\.clamp: /, came);
      expectTypeError(() => x.clamp(0, n), /^Value\.clamp: /, came);
      if (thing === undefined) continue; // these have a default
      expectTypeError(() => x.leakyRelu(n), /^Value\.leakyRelu: /, came);
      expectTypeError(() => x.elu(n), /^Value\.elu: /, came);
    }
    expect(() => x.clamp(2, 1)).toThrow(/^Value\.clamp: .*2 and 1/);
    expect(() => x.clamp(NaN, 1)).toThrow(RangeError);
    expect(() => x.clamp(0, NaN)).toThrow(RangeError);
  });

  test.each(["sum", "mean", "logSumExp", "softmax"] as const)(
    "%s: no array, no terms, or a wrong term is an error that names the call",
    (name) => {
      const f = functions[name] as unknown as (terms: unknown) => unknown;
      for (const thing of [undefined, null, 3, "12", {}, new Value(1), new Set([1])]) {
        expectTypeError(() => f(thing), new RegExp(`^${name}: `), /./);
      }
      expect(() => f([])).toThrow(RangeError);
      expect(() => f([])).toThrow(new RegExp(`^${name}: `));
      for (const [thing, came] of wrong) {
        expectTypeError(() => f([1, thing]), new RegExp(`^(Value\\.add|${name}): `), came);
        expectTypeError(() => f([thing, 1]), new RegExp(`^${name}: `), came);
        expectTypeError(() => f([thing]), new RegExp(`^${name}: `), came);
      }
      const hole = new Array(2);
      hole[0] = 1;
      expect(() => f(hole)).toThrow(TypeError);
    },
  );

  test("Value.localDerivative: there is one for each input and no more", () => {
    const y = new Value(2).mul(3);
    expect([y.localDerivative(0), y.localDerivative(1)]).toEqual([3, 2]);
    for (const i of [2, -1, 0.5, NaN]) expect(() => y.localDerivative(i)).toThrow(RangeError);
    expect(() => new Value(1).localDerivative(0)).toThrow(RangeError);
  });
});

describe("JavaScript's operators", () => {
  // In plain JavaScript nothing keeps anyone from writing a * b.
  const a = new Value(2) as unknown as number;
  const b = new Value(3) as unknown as number;
  const text = String("text");
  const uses: [string, () => unknown, RegExp][] = [
    ["a * b", () => a * b, /a\.mul\(b\)/],
    ["a + b", () => a + b, /a\.add\(b\)/],
    ["a + 1", () => a + 1, /a\.add\(b\)/],
    ["1 + a", () => 1 + a, /a\.add\(b\)/],
    ["a - b", () => a - b, /a\.sub\(b\)/],
    ["a / b", () => a / b, /a\.div\(b\)/],
    ["a ** 2", () => a ** 2, /a\.pow\(b\)/],
    ["-a", () => -a, /a\.neg\(\)/],
    ["+a", () => +a, /a\./],
    ["a < b", () => a < b, /a\.data < b\.data/],
    ["a >= 1", () => a >= 1, /a\.data < b\.data/],
    // biome-ignore lint/suspicious/noDoubleEquals: that is what is tested
    ["a == 2", () => (a as unknown) == 2, /a\./],
    ["a += 1", () => ((x) => (x += 1))(a), /a\.add\(b\)/],
    ["Math.max(a, b)", () => Math.max(a, b), /a\./],
    ["Number(a)", () => Number(a), /a\./],
    ["text + a", () => text + a, /a\./],
  ];
  test.each(uses)("Value: %s is a TypeError that names the method to use", (_use, f, remedy) => {
    expect(f).toThrow(TypeError);
    expect(f).toThrow(/^Value: /);
    expect(f).toThrow(remedy);
  });

  test("Value: template strings and String() print", () => {
    const x = new Value(2, "x");
    expect(`${x}`).toBe(String(x));
    expect(`${x}`).toMatch(/x.*2/);
    expect(`${new Value(-0.5)}`).toMatch(/-0\.5/);
    x.mul(3).backward();
    expect(`${x}`).toMatch(/grad=3/);
    expect(`${new Value(1)}`).not.toMatch(/grad=0/); // there is none yet
  });

  test("Value: console.log prints its number, and nodes inside arrays and objects", () => {
    expect(inspect(new Value(2, "x"))).toBe(String(new Value(2, "x")));
    expect(inspect([new Value(7).add(1)])).toMatch(/data=8/);
    expect(inspect({ w: new Value(7) })).toMatch(/data=7/);
  });

  test("Value: a deep graph prints as quickly as a leaf", () => {
    let deep = new Value(1);
    for (let i = 0; i < 100_000; i++) deep = deep.add(1);
    expect(inspect(deep).length).toBeLessThan(100);
    expect(`${deep}`.length).toBeLessThan(100);
  });
});

describe("a number on either side", () => {
  test("add, sub, mul, div, pow, max, min: numbers and Values in every mixture", () => {
    const expected = { add: 8, sub: 4, mul: 12, div: 3, pow: 36, max: 6, min: 2 };
    for (const [name, result] of Object.entries(expected)) {
      const f = functions[name as keyof typeof expected]; // the keys of the line above
      expect(f(6, 2).data).toBe(result);
      expect(f(new Value(6), 2).data).toBe(result);
      expect(f(6, new Value(2)).data).toBe(result);
      expect(f(new Value(6), new Value(2)).data).toBe(result);
    }
  });

  test("sub, div: a number on the left gets no part of the Value's gradient", () => {
    const x = new Value(4);
    functions.sub(10, x).backward();
    expect(x.grad).toBe(-1);
    x.zeroGrad();
    functions.div(8, x).backward(); // d(8/x)/dx = -8/16
    expect(x.grad).toBe(-0.5);
    x.zeroGrad();
    functions.pow(2, x).backward(); // 2^x log 2 = 16 log 2
    expect(x.grad).toBeNear(16 * Math.LN2);
  });
});

describe("withOrigin", () => {
  test("withOrigin: Values made meanwhile know their layer, neuron and example", () => {
    const y = withOrigin({ example: 3 }, () =>
      withOrigin({ layer: 1, neuron: 2 }, () => new Value(1).add(1)),
    );
    expect(y.origin).toEqual({ layer: 1, neuron: 2, example: 3 });
    expect(y.inputs[0].origin).toEqual({ layer: 1, neuron: 2, example: 3 });
    expect(new Value(1).origin).toEqual({
      layer: undefined,
      neuron: undefined,
      example: undefined,
    });
  });

  test("withOrigin: ends where it ends, also by an error", () => {
    expect(() =>
      withOrigin({ layer: 1 }, () => {
        throw new Error("stop");
      }),
    ).toThrow("stop");
    expect(new Value(1).origin.layer).toBeUndefined();
  });

  test("withOrigin: a label given later keeps the origin", () => {
    const y = withOrigin({ layer: 4 }, () => new Value(1));
    y.label = "y";
    expect([y.label, y.origin.layer]).toEqual(["y", 4]);
  });
});

describe("watching", () => {
  /** What a watcher hears of while `make` runs: labels and what was asked. */
  function heard(make: () => unknown): string[] {
    const asked: string[] = [];
    watching((node, what) => asked.push(`${node.label}.${what}`), make);
    return asked;
  }

  const a = new Value(2, "a");

  test.each<[string, () => unknown, string[]]>([
    ["reading data", () => a.data > 0, ["a.data"]],
    ["writing data", () => (a.data = 2), ["a.data"]],
    ["reading grad", () => a.grad, ["a.grad"]],
    ["writing grad", () => (a.grad = 0), ["a.grad"]],
    ["reading hasGrad", () => a.hasGrad, ["a.hasGrad"]],
    ["a local derivative", () => a.mul(3).localDerivative(1), ["a.data", ".data", ".data"]],
    ["backward", () => a.backward(), ["a.backward"]],
    ["comparing in a rule over Values", () => grad(a.abs(), [a]), ["a.data", "a.data"]],
    [
      "predicting",
      () => new MLP(1, [1], { init: "zero" }).predict([1]).length,
      ["layers.0.neurons.0.bias.data", "layers.0.neurons.0.weights.0.data"],
    ],
  ])("watching: tells of %s", (_what, ask, expected) => {
    expect(heard(ask)).toEqual(expected);
  });

  test("watching: making nodes tells nobody, of whatever operation", () => {
    const leaves = [1, 5, -2].map((x) => new Value(x));
    const make = () => {
      for (const row of catalogue) row.method(...leaves.slice(0, row.operation.arity));
      for (const f of [functions.sum, functions.mean, functions.logSumExp]) f(leaves);
      functions.softmax(leaves);
      for (const activation of activations) new MLP(3, [2], { output: activation }).forward(leaves);
      const outputs = new MLP(3, [4, 3]).forward(leaves);
      squaredError(outputs, leaves);
      crossEntropy(outputs, leaves[0]).sub(crossEntropy(outputs, 2));
      graphOf(outputs[0]);
      grad(outputs[0].tanh(), [leaves[0]]);
    };
    expect(heard(make)).toEqual([]);
  });

  test("watching: printing tells nobody", () => {
    expect(heard(() => [String(a), `${a}`, inspect(a), JSON.stringify([a])])).toEqual([]);
    expect(String(new Value(-0.5, "w"))).toBe("Value(w: data=-0.5, grad=–)");
  });

  test("watching: the watcher may look for itself", () => {
    const seen: number[] = [];
    watching(
      (node) => seen.push(node.data),
      () => [a.data, a.data],
    );
    expect(seen).toEqual([2, 2]);
  });

  test("watching: returns what is made, and ends where it ends, also by an error", () => {
    const asked: Value[] = [];
    const note = (node: Value) => asked.push(node);
    expect(watching(note, () => 7)).toBe(7);
    const fail = () => {
      throw new Error("stop");
    };
    expect(() => watching(note, fail)).toThrow("stop");
    expect(() => watching(fail, () => a.data)).toThrow("stop");
    expect(a.data).toBe(2);
    expect(asked).toEqual([]);
  });

  test("watching: within another, only the inner one is told", () => {
    const outer: string[] = [];
    watching(
      (_node, what) => outer.push(what),
      () => [a.data, heard(() => a.grad), a.hasGrad],
    );
    expect(outer).toEqual(["data", "hasGrad"]);
  });
});

test("Value.toJSON: JSON holds the number", () => {
  expect(JSON.stringify([new Value(2), new Value(-3).mul(2)])).toBe("[2,-6]");
});

test("Value.backward: a rule's own pass over the graph under way is refused", () => {
  const x = new Value(2);
  const z = x.mul(x);
  const operation = functions.defineOperation({
    name: "p",
    value: (m, a) => m.mul(3, a),
    localDerivatives: [
      () => {
        z.backward();
        return 3;
      },
    ],
  });
  expect(() => operation(z).add(z.mul(5)).backward()).toThrow("a pass is under way");
  expect(x.grad).toBe(0);
  z.backward();
  expect(x.grad).toBe(4);
});

test("Value.grad: scaling a gradient of 0 leaves it a gradient", () => {
  const w = new Value(1);
  w.mul(0).backward();
  w.grad *= 0.5;
  expect(w.hasGrad).toBe(true);
});

test("Value.backward: a rule may run backward twice over a graph of its own", () => {
  const w = new Value(3);
  const operation = functions.defineOperation({
    name: "twice",
    value: (m, a) => m.mul(2, a),
    localDerivatives: [
      () => {
        const square = w.mul(w);
        square.backward();
        square.backward();
        return 2;
      },
    ],
  });
  const x = new Value(1);
  operation(x).backward();
  expect([x.grad, w.grad]).toEqual([2, 12]);
});
