// Local derivatives in words: why each is what it is.

import { describe, expect, test } from "vitest";
import { whyLocal } from "../../src/explain/local.ts";
import { Value } from "../../src/value.ts";

const [a, b] = [new Value(2, "a"), new Value(-3, "b")];

describe("whyLocal", () => {
  test("of a product: the other factor, by its name and its number", () => {
    const rule = "* multiplies: 1 more of one factor changes the product by the other factor.";
    const product = a.mul(b);
    expect(whyLocal(product, 0)).toEqual({ rule, here: "The other factor is b, -3.0000." });
    expect(whyLocal(product, 1)).toEqual({ rule, here: "The other factor is a, 2.0000." });
    expect(whyLocal(a.mul(a), 0).here).toBe("The other factor is a too, 2.0000.");
    expect(whyLocal(a.mul(new Value(5)), 0).here).toBe("The other factor is 5.0000.");
    expect(whyLocal(a.add(b).mul(a), 1).here).toBe("The other factor is what + gives, -1.0000.");
    expect(whyLocal(product, 0, (node) => `<${node.label}>`).here).toContain("<b>, -3.0000");
  });

  test("of sums and differences: 1 more or 1 less", () => {
    const either = { rule: "+ adds: 1 more of either number makes the result 1 more.", here: "" };
    expect([0, 1].map((slot) => whyLocal(a.add(b), slot))).toEqual([either, either]);
    const rules = [0, 1].map((slot) => whyLocal(a.sub(b), slot).rule);
    expect(rules).toEqual([
      "- subtracts: 1 more of the first number makes the result 1 more.",
      "- subtracts: 1 more of the second number makes the result 1 less.",
    ]);
    expect(whyLocal(a.neg(), 0).rule).toBe("neg: 1 more of its input makes the result 1 less.");
  });

  test("of everything else: a slope that is measured to both sides", () => {
    // tanh 0.51 - tanh 0.49 = 0.4699 - 0.4542 = 0.01573; 1 - tanh(0.5)^2 = 0.7864
    const reason = whyLocal(new Value(0.5, "n").tanh(), 0);
    expect(reason).toEqual({
      rule:
        "How steep is tanh here? From 0.01 less to 0.01 more of its input, a way of 0.02, it grows " +
        "by 0.01573.",
      here: "That is 0.01573 / 0.02 = 0.7864 for each 1.",
    });
    // 2.01² - 1.99² = 4.0401 - 3.9601 = 0.08
    expect(whyLocal(a.square(), 0).here).toBe("That is 0.08000 / 0.02 = 4.0000 for each 1.");
    // 1/(-2.99) - 1/(-3.01) = -0.0022222: it falls
    expect(whyLocal(b.reciprocal(), 0).rule).toContain("it falls by 0.002222");
    // Near a pole the way is shorter: 1/x at 0.02 has the slope -2500.
    expect(whyLocal(new Value(0.02).reciprocal(), 0).rule).toContain("From 0.0001 less");
  });

  test("says where nothing can be measured, or nothing flows back", () => {
    expect(whyLocal(new Value(0).sqrt(), 0)).toEqual({
      rule: "It is how steep sqrt is at 0.0000.",
      here: "",
    });
    expect(whyLocal(b.relu(), 0).here).toBe("It is not chosen here.");
    expect(whyLocal(a.detach(), 0).rule).toBe("detach lets nothing back.");
  });
});
