// Losses: values worked by hand or published, gradients, and no trouble with large numbers.

import { describe, expect, test } from "vitest";
import { hessian } from "../src/derivatives.ts";
import { gradcheck } from "../src/gradcheck.ts";
import {
  absoluteError,
  binaryCrossEntropy,
  crossEntropy,
  hinge,
  huber,
  meanSquaredError,
  squaredError,
} from "../src/losses.ts";
import { pythonRandom } from "../src/random.ts";
import { Value } from "../src/value.ts";
import "./closeness.ts";

/** The loss and its gradient to each prediction. */
function lossOf(loss: (ps: Value[]) => Value, at: readonly number[]) {
  const ps = at.map((x) => new Value(x));
  const total = loss(ps);
  total.backward();
  return { loss: total.data, gradients: ps.map((p) => p.grad) };
}

describe("squaredError, meanSquaredError, absoluteError", () => {
  const at = [1, 2, 5];
  const targets = [3, 2, 4]; // errors -2, 0, 1

  test("squaredError: the sum of the squares; gradient 2 (p - t)", () => {
    const { loss, gradients } = lossOf((ps) => squaredError(ps, targets), at);
    expect(loss).toBe(5);
    expect(gradients).toEqual([-4, 0, 2]);
  });

  test("meanSquaredError: their mean; gradient 2 (p - t) / n", () => {
    const { loss, gradients } = lossOf((ps) => meanSquaredError(ps, targets), at);
    expect(loss).toBeNear(5 / 3);
    expect(gradients).toBeNear([-4 / 3, 0, 2 / 3]);
  });

  test("absoluteError: the mean of |p - t|; gradient sign / n, 0 where they agree", () => {
    const { loss, gradients } = lossOf((ps) => absoluteError(ps, targets), at);
    expect(loss).toBe(1);
    expect(gradients).toBeNear([-1 / 3, 0, 1 / 3]);
  });

  test("squaredError, and all others: one prediction needs no array", () => {
    const p = new Value(3);
    expect(squaredError(p, 1).data).toBe(4);
    expect(squaredError(p, [1]).data).toBe(4);
    expect(squaredError([p], 1).data).toBe(4);
    expect(meanSquaredError(p, new Value(1)).data).toBe(4);
    expect(absoluteError(3, 1).data).toBe(2);
    expect(huber(p, 1).data).toBe(1.5);
    expect(hinge(new Value(0.25), 1).data).toBe(0.75);
    expect(binaryCrossEntropy(new Value(0), 1).data).toBeNear(Math.LN2);
  });

  test("squaredError: a target that is a Value gets a gradient too", () => {
    const t = new Value(1);
    squaredError(new Value(3), t).backward();
    expect(t.grad).toBe(-4);
  });
});

describe("huber", () => {
  // e^2/2 up to delta, delta (|e| - delta/2) beyond; gradient e, then delta in the sign of e
  test.each([
    [0, 1, 0, 0],
    [0.5, 1, 0.125, 0.5],
    [-0.5, 1, 0.125, -0.5],
    [1, 1, 0.5, 1],
    [-1, 1, 0.5, -1],
    [3, 1, 2.5, 1],
    [-3, 1, 2.5, -1],
    [3, 2, 4, 2],
    [-1.5, 2, 1.125, -1.5],
    [1e6, 0.5, 499999.875, 0.5],
  ])("huber: error %d with delta %d gives %d, gradient %d", (error, delta, wanted, slope) => {
    const { loss, gradients } = lossOf((ps) => huber(ps, [10], delta), [10 + error]);
    expect(loss).toBeNear(wanted);
    expect(gradients).toBeNear([slope]);
  });

  test("huber: the mean over the predictions, delta 1 unless said otherwise", () => {
    expect(huber([0.5, 3], [0, 0]).data).toBeNear((0.125 + 2.5) / 2);
  });

  test("huber: the second derivative is 1 inside, at error 0 too, and 0 beyond", () => {
    const bend = (error: number) => {
      const p = new Value(error);
      return hessian(huber(p, 0), [p])[0][0];
    };
    expect([-0.5, 0, 0.5, 2, -2].map(bend)).toEqual([1, 1, 1, 0, 0]);
  });

  test("huber: an infinite error has an infinite loss and the gradient delta", () => {
    const { loss, gradients } = lossOf((ps) => huber(ps, [0], 2), [-Infinity]);
    expect([loss, ...gradients]).toEqual([Infinity, -2]);
  });
});

describe("hinge", () => {
  test("hinge: the mean of max(0, 1 - t s); gradient -t / n inside the margin", () => {
    // 1 - 0.5 = 0.5; 1 - 2 = -1: 0; 1 + 0.5 = 1.5; 1 - 3 < 0: 0
    const { loss, gradients } = lossOf((ps) => hinge(ps, [1, 1, -1, -1]), [0.5, 2, 0.5, -3]);
    expect(loss).toBe(0.5);
    expect(gradients).toEqual([-0.25, 0, 0.25, 0]);
  });

  test("hinge: at the margin itself nothing is left to push", () => {
    const { loss, gradients } = lossOf((ps) => hinge(ps, [1]), [1]);
    expect([loss, ...gradients]).toEqual([0, 0]);
  });
});

describe("binaryCrossEntropy", () => {
  test("binaryCrossEntropy: -log p of what happened; gradient p - t", () => {
    // the logit log 3 is p = 3/4
    const logit = Math.log(3);
    const yes = lossOf((ps) => binaryCrossEntropy(ps, [1]), [logit]);
    expect(yes.loss).toBeNear(Math.log(4 / 3));
    expect(yes.gradients).toBeNear([-0.25]);
    const no = lossOf((ps) => binaryCrossEntropy(ps, [0]), [logit]);
    expect(no.loss).toBeNear(Math.log(4));
    expect(no.gradients).toBeNear([0.75]);
  });

  test("binaryCrossEntropy: targets between 0 and 1, and the mean of several", () => {
    const logit = Math.log(3);
    const soft = lossOf((ps) => binaryCrossEntropy(ps, [0.3, 1]), [logit, logit]);
    const first = 0.3 * Math.log(4 / 3) + 0.7 * Math.log(4);
    expect(soft.loss).toBeNear((first + Math.log(4 / 3)) / 2);
    expect(soft.gradients).toBeNear([(0.75 - 0.3) / 2, (0.75 - 1) / 2]);
  });

  test("binaryCrossEntropy: logits of 1000 and -1000, right and wrong", () => {
    const at = (logit: number, t: number) => lossOf((ps) => binaryCrossEntropy(ps, [t]), [logit]);
    expect(at(1000, 1)).toEqual({ loss: 0, gradients: [0] });
    expect(at(-1000, 0)).toEqual({ loss: 0, gradients: [0] });
    expect(at(1000, 0)).toEqual({ loss: 1000, gradients: [1] });
    expect(at(-1000, 1)).toEqual({ loss: 1000, gradients: [-1] });
    // small, but not 0: log(1 + e^-40) = e^-40
    expect(at(40, 1).loss).toBeNear(Math.exp(-40));
    expect(at(40, 1).gradients).toBeNear([-Math.exp(-40)]);
  });
});

describe("crossEntropy", () => {
  test("crossEntropy: the exercise sheet's logits [0, 3, -2, 1], class 3", () => {
    const { loss, gradients } = lossOf((xs) => crossEntropy(xs, 3), [0, 3, -2, 1]);
    expect(loss).toBeNear(2.1755153626167147);
    expect(gradients).toBeNear([
      0.041772570515350445, 0.8390245074625319, 0.005653302662216329, -0.8864503806400986,
    ]);
  });

  test("crossEntropy: logits of 1000 and -1000, right and wrong", () => {
    const at = (logits: number[], t: number) => lossOf((xs) => crossEntropy(xs, t), logits);
    expect(at([1000, -1000], 0)).toEqual({ loss: 0, gradients: [0, 0] });
    expect(at([1000, -1000], 1)).toEqual({ loss: 2000, gradients: [1, -1] });
    const tie = at([1000, 1000], 0);
    expect(tie.loss).toBeNear(Math.LN2);
    expect(tie.gradients).toBeNear([-0.5, 0.5]);
    expect(at([-1000, -1000, -1000], 2).loss).toBeNear(Math.log(3));
  });

  test("crossEntropy: adding the same number to all logits changes nothing", () => {
    for (const shift of [0, 1000, -1000, 2 ** 30, 2 ** 50]) {
      const logits = [0, 3, -2, 1].map((x) => x + shift);
      const { loss, gradients } = lossOf((xs) => crossEntropy(xs, 3), logits);
      expect(loss, `shift ${shift}`).toBeNear(2.1755153626167147);
      expect(gradients[1]).toBeNear(0.8390245074625319);
    }
  });

  test("crossEntropy: a confident right answer has a small loss with all its digits", () => {
    // log(1 + e^-10)
    for (const shift of [0, 1000]) {
      expect(crossEntropy([shift, shift - 10], 0).data).toBeNear(Math.log1p(Math.exp(-10)), {
        relative: 1e-11,
      });
    }
  });

  test("crossEntropy: of two classes is binary cross-entropy of the difference", () => {
    const two = crossEntropy([0.3, 1.9], 1).data;
    expect(two).toBeNear(binaryCrossEntropy(1.6, 1).data);
  });

  test("crossEntropy: a Value as target gives the bits of a number, and gets no gradient", () => {
    const random = pythonRandom(3);
    const rows = Array.from({ length: 200 }, (_, i) =>
      Array.from({ length: 1 + (i % 5) }, () => random.normal(0, 10 ** (i % 4))),
    );
    const awkward = [
      [1000, -1000],
      [3, 3, 3],
      [-0, 0],
      [Infinity, 1],
      [-Infinity, 2, NaN],
    ];
    for (const logits of [...rows, ...awkward]) {
      for (const target of logits.keys()) {
        // each logit is used elsewhere too, so that the order of contributions matters
        const total = (t: number | Value | Value[]) =>
          lossOf((xs) => {
            const loss = crossEntropy(xs, t).mul(0.1);
            return loss.add(crossEntropy([...xs].reverse(), xs.length - 1 - target).mul(0.7));
          }, logits);
        const wanted = total(target);
        const placeholder = new Value(target);
        expect(total(placeholder), `${logits}, class ${target}`).toEqual(wanted);
        expect(total([placeholder])).toEqual(wanted);
        expect(placeholder.grad).toBe(0);
      }
    }
  });

  test("crossEntropy: the number of no class, in a Value, makes the loss NaN", () => {
    for (const target of [-1, 3, 0.5, NaN, Infinity]) {
      expect(crossEntropy([1, 2, 3], new Value(target)).data).toBeNaN();
    }
  });

  test("crossEntropy: one class is certain", () => {
    expect(crossEntropy([5], 0).data).toBe(0);
  });
});

describe("gradients", () => {
  const losses: [string, (...ps: Value[]) => Value][] = [
    ["squaredError", (...ps) => squaredError(ps, [1, -1, 0.5])],
    ["meanSquaredError", (...ps) => meanSquaredError(ps, [1, -1, 0.5])],
    ["absoluteError", (...ps) => absoluteError(ps, [1, -1, 0.5])],
    ["huber", (...ps) => huber(ps, [1, -1, 0.5], 0.7)],
    ["hinge", (...ps) => hinge(ps, [1, -1, 1])],
    ["binaryCrossEntropy", (...ps) => binaryCrossEntropy(ps, [1, 0, 0.25])],
    ["crossEntropy", (...ps) => crossEntropy(ps, 1)],
  ];
  test.each(losses)("%s: agrees with the slopes by nudging", (_name, loss) => {
    for (const at of [
      [0.2, 0.4, -0.6],
      [-3, 2.5, 4],
    ]) {
      const report = gradcheck(loss, at);
      expect(report.passed, String(report)).toBe(true);
    }
  });
});

describe("bad input", () => {
  type Loss = (predictions: unknown, targets: unknown, delta?: unknown) => Value;
  const losses = {
    squaredError,
    meanSquaredError,
    absoluteError,
    huber,
    hinge,
    binaryCrossEntropy,
  } as unknown as Record<string, Loss>;

  test.each(Object.entries(losses))("%s: more or fewer targets are a RangeError", (name, loss) => {
    for (const [p, t] of [
      [[1, 2], [1]],
      [[1], [1, 2]],
      [[1, 2], 1],
      [new Value(1), [1, 2]],
      [[], []],
      [[], [1]],
    ]) {
      expect(() => loss(p, t)).toThrow(RangeError);
      expect(() => loss(p, t)).toThrow(new RegExp(`^${name}: expected`));
    }
  });

  test.each(Object.entries(losses))("%s: what is no number is a TypeError", (name, loss) => {
    for (const thing of [undefined, null, "1", true, 1n, {}, [[1]], ["1"], [null], [undefined]]) {
      for (const call of [() => loss(thing, 1), () => loss(1, thing), () => loss([thing], [1])]) {
        expect(call).toThrow(TypeError);
        expect(call).toThrow(new RegExp(`^${name}: expected`));
      }
    }
  });

  test("crossEntropy: a class that there is not is a RangeError", () => {
    for (const target of [-1, 3, 0.5, NaN, Infinity]) {
      expect(() => crossEntropy([1, 2, 3], target)).toThrow(RangeError);
      expect(() => crossEntropy([1, 2, 3], target)).toThrow(/^crossEntropy: expected/);
    }
    expect(() => crossEntropy([], 0)).toThrow(/^crossEntropy: expected/);
  });

  test("crossEntropy: logits that are no array, or a class that is no number, are refused", () => {
    const call = crossEntropy as unknown as (...rest: unknown[]) => Value;
    for (const logits of [undefined, null, 3, "12", {}, new Value(1), [1, "2"], [1, null]]) {
      expect(() => call(logits, 0)).toThrow(TypeError);
      expect(() => call(logits, 0)).toThrow(/^crossEntropy: expected/);
    }
    for (const target of [undefined, null, "0", [0, 1], [], {}, 0n, [[new Value(0)]]]) {
      expect(() => call([1, 2], target)).toThrow(/^crossEntropy: expected/);
    }
    expect(() => call([], new Value(0))).toThrow(/^crossEntropy: expected/);
  });

  test("huber: delta has to be a number above 0", () => {
    for (const delta of [0, -1, NaN, Infinity, "1", null]) {
      expect(() => huber([1], [1], delta as number)).toThrow(/^huber: expected/);
    }
  });
});

test("hinge, binaryCrossEntropy: targets that mean something else are refused", () => {
  expect(() => hinge(0.5, 0)).toThrow("hinge: expected targets -1 or 1, got 0");
  expect(() => binaryCrossEntropy([1, 2], [0.5, -1])).toThrow("expected targets 0 to 1, got -1");
});

test("crossEntropy: the class may stand in an array, as it does in a data set", () => {
  expect(crossEntropy([0, 3, -2, 1], [3]).data).toBe(crossEntropy([0, 3, -2, 1], 3).data);
});
