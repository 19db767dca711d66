// GENERATED from src/math.ts by scripts/math-code.mjs: do not edit, run that script.

/**
 * A number, a variable, or an operation with its operands. Operations are written as in JavaScript
 * ("+", "<", "?:", ...; "neg" is the minus before one number), or are functions: abs, floor, min,
 * max, sqrt and isNaN, powerOfTwo, timesPowerOfTwo and exponentFrom, or one of math.ts; or they
 * look up an element: ["DIGITS", i], ["columns", c]. The variables rest, exponent and quadrant
 * belong to all functions together.
 */
export type Expression = number | string | Operation;
export type Operation = readonly [name: string, ...operands: Expression[]];

/** A statement of a function. */
export type Statement =
  | readonly ["const" | "let", name: string, value: Expression]
  | readonly ["set", target: string | readonly ["columns", Expression], value: Expression]
  | readonly ["if", test: Expression, then: Block, otherwise: Block]
  /** For a variable from a number to one that it does not reach any more, in steps of 1 or -1. */
  | readonly ["for", name: string, from: number, to: number, step: number, body: Block]
  | readonly ["return", value: Expression];
export type Block = readonly Statement[];

export interface MathFunction {
  /** The first sentence of its description. */
  readonly about: string;
  readonly parameters: readonly string[];
  readonly body: Block;
}

/** The constants of math.ts by name. */
export const mathNumbers: Readonly<Record<string, number>> = {
  LOG2_E: 1.4426950408889634,
  LN2_HIGH: 0.6931471805592082,
  LN2_LOW: 7.371002565167799e-13,
  THIRD: 0.3333333333333333,
  THIRD_LOW: 1.850371707708594e-17,
  LOG2_E_LOW: 2.0355273740931033e-17,
  LOG10_E: 0.4342944819032518,
  LOG10_E_LOW: 1.098319650216765e-17,
  LOG10_2_HIGH: 0.30102999566361177,
  LOG10_2_LOW: 3.694239077158931e-13,
  TWO_OVER_PI: 0.6366197723675814,
  HALF_PI: 1.5707963267948966,
  HALF_PI_LOW: 6.123233995736766e-17,
  HALF_PI_1: 1.5707963267341256,
  HALF_PI_2: 6.077100506303966e-11,
  HALF_PI_3: 2.0222662487111665e-21,
  HALF_PI_4: 8.4784276603689e-32,
};

/** The digits of 2/pi, which reduceLarge needs. */
export const DIGITS: readonly number[] = [
  0xa2f983, 0x6e4e44, 0x1529fc, 0x2757d1, 0xf534dd, 0xc0db62, 0x95993c, 0x439041, 0xfe5163,
  0xabdebb, 0xc561b7, 0x246e3a, 0x424dd2, 0xe00649, 0x2eea09, 0xd1921c, 0xfe1deb, 0x1cb129,
  0xa73ee8, 0x8235f5, 0x2ebb44, 0x84e99c, 0x7026b4, 0x5f7e41, 0x3991d6, 0x398353, 0x39f49c,
  0x845f8b, 0xbdf928, 0x3b1ff8, 0x97ffde, 0x05980f, 0xef2f11, 0x8b5a0a, 0x6d1f6d, 0x367ecf,
  0x27cb09, 0xb74f46, 0x3f669e, 0x5fea2d, 0x7527ba, 0xc7ebe5, 0xf17b3d, 0x0739f7, 0x8a5292,
  0xea6bfb, 0x5fb11f, 0x8d5d08, 0x560330, 0x46fc7b, 0x6babf0, 0xcfbc20,
];

/** What is not translated, as it stands in math.ts: variables, and functions that look at bits. */
export const primitivesInJavaScript: string =
  "const double = new Float64Array(1);\nconst words = new Int32Array(double.buffer);\ndouble[0] = 1;\nconst HIGH = words[0] === 0 ? 1 : 0;\nconst POWERS = new Float64Array(2098);\nfor (let i = 0, power = 5e-324; i < POWERS.length; i++, power *= 2) POWERS[i] = power;\nfunction powerOfTwo(k) {\n  return POWERS[(k + 1074) | 0];\n}\nfunction timesPowerOfTwo(x, k) {\n  return x * POWERS[(k + 1074) | 0];\n}\nfunction exponentFrom(x, word) {\n  double[0] = x;\n  return (words[HIGH] - word) >> 20;\n}\nconst exponent = new Float64Array(1);\nconst rest = new Float64Array(1);\nconst quadrant = new Int32Array(1);\nconst columns = new Float64Array(10);";

/** Every other function of math.ts; each comes after those that it calls. */
export const mathFunctions: Readonly<Record<string, MathFunction>> = {
  nearestInteger: {
    about:
      "The integer next to x, for |x| < 2^51: from 2^52 on a double has no room for a fraction.",
    parameters: ["x"],
    body: [["return", ["-", ["+", "x", 6755399441055744], 6755399441055744]]],
  },
  mantissa: {
    about:
      "m in [sqrt(1/2), sqrt(2)) with x = m * 2^k, for 0 < x < Infinity; k is left in `exponent`.",
    parameters: ["x"],
    body: [
      ["const", "tiny", ["<", "x", 2.2250738585072014e-308]],
      ["const", "y", ["?:", "tiny", ["*", "x", 18014398509481984], "x"]],
      ["const", "k", ["exponentFrom", "y", 1072079006]],
      ["set", "exponent", ["?:", "tiny", ["-", "k", 54], "k"]],
      ["return", ["timesPowerOfTwo", "y", ["neg", "k"]]],
    ],
  },
  exactSum: {
    about:
      "a + b: the rounded sum, and in `rest` exactly what rounding dropped (Knuth, TAOCP 2, 4.2.2).",
    parameters: ["a", "b"],
    body: [
      ["const", "sum", ["+", "a", "b"]],
      ["const", "second", ["-", "sum", "a"]],
      ["set", "rest", ["+", ["-", "a", ["-", "sum", "second"]], ["-", "b", "second"]]],
      ["return", "sum"],
    ],
  },
  upperHalf: {
    about:
      "a rounded to 26 bits, so that products of two such numbers are exact (Veltkamp); |a| < 2^996.",
    parameters: ["a"],
    body: [
      ["const", "c", ["*", 134217729, "a"]],
      ["return", ["-", "c", ["-", "c", "a"]]],
    ],
  },
  exactProduct: {
    about: "a * b: the rounded product, and in `rest` exactly what rounding dropped (Dekker 1971).",
    parameters: ["a", "b"],
    body: [
      ["const", "product", ["*", "a", "b"]],
      ["const", "aHigh", ["upperHalf", "a"]],
      ["const", "aLow", ["-", "a", "aHigh"]],
      ["const", "bHigh", ["upperHalf", "b"]],
      ["const", "bLow", ["-", "b", "bHigh"]],
      [
        "set",
        "rest",
        [
          "-",
          ["*", "aLow", "bLow"],
          [
            "-",
            ["-", ["-", "product", ["*", "aHigh", "bHigh"]], ["*", "aLow", "bHigh"]],
            ["*", "aHigh", "bLow"],
          ],
        ],
      ],
      ["return", "product"],
    ],
  },
  quotient: {
    about: "(a + aLow) / (b + bLow), low part in `rest`.",
    parameters: ["a", "aLow", "b", "bLow"],
    body: [
      ["const", "inverse", ["/", 1, "b"]],
      ["const", "q", ["upperHalf", ["*", "a", "inverse"]]],
      ["const", "bHigh", ["upperHalf", "b"]],
      [
        "const",
        "more",
        [
          "*",
          [
            "+",
            ["-", ["-", "a", ["*", "q", "bHigh"]], ["*", "q", ["+", ["-", "b", "bHigh"], "bLow"]]],
            "aLow",
          ],
          "inverse",
        ],
      ],
      ["const", "result", ["+", "q", "more"]],
      ["set", "rest", ["-", "more", ["-", "result", "q"]]],
      ["return", "result"],
    ],
  },
  expTail: {
    about: "e^(high + low) - 1 - high, for |high + low| <= 0.3467 and a much smaller low.",
    parameters: ["high", "low"],
    body: [
      ["const", "r", ["+", "high", "low"]],
      ["const", "rLow", ["-", "low", ["-", "r", "high"]]],
      ["const", "z", ["*", "r", "r"]],
      ["let", "odd", 2.5105439672977192e-8],
      ["set", "odd", ["+", ["*", "odd", "z"], 0.0000027557254761123693]],
      ["set", "odd", ["+", ["*", "odd", "z"], 0.00019841269875453375]],
      ["set", "odd", ["+", ["*", "odd", "z"], 0.008333333333325888]],
      ["set", "odd", ["+", ["*", "odd", "z"], 0.1666666666666667]],
      ["let", "even", 2.0920363443396856e-9],
      ["set", "even", ["+", ["*", "even", "z"], 2.755725697210716e-7]],
      ["set", "even", ["+", ["*", "even", "z"], 0.00002480158734244868]],
      ["set", "even", ["+", ["*", "even", "z"], 0.0013888888888876978]],
      ["set", "even", ["+", ["*", "even", "z"], 0.04166666666666668]],
      [
        "return",
        [
          "+",
          ["*", 0.5, "z"],
          [
            "+",
            ["*", "z", ["+", ["*", "r", "odd"], ["*", "z", "even"]]],
            ["+", "low", ["*", "r", "rLow"]],
          ],
        ],
      ],
    ],
  },
  onePlus: {
    about: "1 + high + tail, rounded once: what 1 + high drops is added to the tail.",
    parameters: ["high", "tail"],
    body: [
      ["const", "sum", ["+", 1, "high"]],
      ["return", ["+", "sum", ["+", "tail", ["-", "high", ["-", "sum", 1]]]]],
    ],
  },
  scaledExp: {
    about:
      "e^x * 2^shift, for shift 0 or -1: sinh and cosh need e^x / 2 also where e^x is too large.",
    parameters: ["x", "shift"],
    body: [
      ["const", "bounded", ["?:", [">", "x", 711], 711, ["?:", ["<", "x", -746], -746, "x"]]],
      ["const", "k", ["nearestInteger", ["*", "bounded", "LOG2_E"]]],
      ["const", "high", ["-", "bounded", ["*", "k", "LN2_HIGH"]]],
      ["const", "y", ["onePlus", "high", ["expTail", "high", ["*", ["neg", "k"], "LN2_LOW"]]]],
      ["const", "half", ["nearestInteger", ["*", ["+", "k", "shift"], 0.5]]],
      [
        "return",
        [
          "*",
          ["*", "y", ["powerOfTwo", "half"]],
          ["powerOfTwo", ["-", ["+", "k", "shift"], "half"]],
        ],
      ],
    ],
  },
  exp: {
    about: "e^x.",
    parameters: ["x"],
    body: [["return", ["scaledExp", "x", 0]]],
  },
  expm1Parts: {
    about:
      "e^x - 1 for |x| <= 60, low part in `rest`: with x = k*log(2) + r and r = high + a little, e^x - 1 = (2^k - 1) + 2^k * high + 2^k * tail, where the first two terms are exact.",
    parameters: ["x"],
    body: [
      ["const", "k", ["nearestInteger", ["*", "x", "LOG2_E"]]],
      ["const", "high", ["-", "x", ["*", "k", "LN2_HIGH"]]],
      ["const", "scale", ["powerOfTwo", "k"]],
      ["const", "a", ["exactSum", "scale", -1]],
      ["const", "aLow", "rest"],
      ["const", "b", ["*", "scale", "high"]],
      ["const", "sum", ["+", "a", "b"]],
      [
        "const",
        "low",
        [
          "+",
          ["-", "b", ["-", "sum", "a"]],
          ["+", ["*", "scale", ["expTail", "high", ["*", ["neg", "k"], "LN2_LOW"]]], "aLow"],
        ],
      ],
      ["const", "result", ["+", "sum", "low"]],
      ["set", "rest", ["-", "low", ["-", "result", "sum"]]],
      ["return", "result"],
    ],
  },
  expm1: {
    about: "e^x - 1, accurate also near 0, where e^x is nearly 1.",
    parameters: ["x"],
    body: [
      ["if", [">", "x", 60], [["return", ["exp", "x"]]], []],
      ["if", ["===", "x", 0], [["return", "x"]], []],
      ["return", ["expm1Parts", ["?:", ["<", "x", -60], -60, "x"]]],
    ],
  },
  logPlus: {
    about: "log(x) + correction, for 0 < x < Infinity and a correction of a few ulps.",
    parameters: ["x", "correction"],
    body: [
      ["const", "f", ["-", ["mantissa", "x"], 1]],
      ["const", "k", "exponent"],
      ["const", "s", ["/", "f", ["+", 2, "f"]]],
      ["const", "z", ["*", "s", "s"]],
      ["const", "w", ["*", "z", "z"]],
      ["let", "even", 0.13246652407198609],
      ["set", "even", ["+", ["*", "even", "w"], 0.1818177369468834]],
      ["set", "even", ["+", ["*", "even", "w"], 0.2857142856917198]],
      ["set", "even", ["+", ["*", "even", "w"], 0.6666666666666666]],
      ["let", "odd", 0.13287079508516494],
      ["set", "odd", ["+", ["*", "odd", "w"], 0.15387216083922067]],
      ["set", "odd", ["+", ["*", "odd", "w"], 0.22222222655841817]],
      ["set", "odd", ["+", ["*", "odd", "w"], 0.4000000000000532]],
      ["const", "R", ["*", "z", ["+", "even", ["*", "z", "odd"]]]],
      ["const", "halfSquare", ["*", ["*", 0.5, "f"], "f"]],
      ["const", "sum", ["+", ["*", "k", "LN2_HIGH"], "f"]],
      ["const", "sumLow", ["-", "f", ["-", "sum", ["*", "k", "LN2_HIGH"]]]],
      [
        "const",
        "low",
        ["+", ["*", "s", ["+", "halfSquare", "R"]], ["+", ["*", "k", "LN2_LOW"], "correction"]],
      ],
      ["return", ["+", "sum", ["-", "sumLow", ["-", "halfSquare", "low"]]]],
    ],
  },
  logOutside: {
    about: "The logarithm, to any base, of what is not a positive finite number.",
    parameters: ["x"],
    body: [["return", ["?:", ["===", "x", 0], ["neg", Infinity], ["?:", [">", "x", 0], "x", NaN]]]],
  },
  log: {
    about: "The natural logarithm.",
    parameters: ["x"],
    body: [
      [
        "return",
        [
          "?:",
          ["&&", [">", "x", 0], ["<", "x", Infinity]],
          ["logPlus", "x", 0],
          ["logOutside", "x"],
        ],
      ],
    ],
  },
  log1p: {
    about: "log(1 + x), accurate also near 0, where 1 + x is nearly 1.",
    parameters: ["x"],
    body: [
      [
        "if",
        ["!", ["&&", [">", "x", -1], ["<", "x", Infinity]]],
        [["return", ["logOutside", ["+", 1, "x"]]]],
        [],
      ],
      ["if", ["===", "x", 0], [["return", "x"]], []],
      ["const", "u", ["exactSum", 1, "x"]],
      ["return", ["logPlus", "u", ["/", "rest", "u"]]],
    ],
  },
  logParts: {
    about: "log(m) for m in [sqrt(1/2), sqrt(2)), low part in `rest`, with about 65 correct bits.",
    parameters: ["m"],
    body: [
      ["const", "f", ["-", "m", 1]],
      ["const", "d", ["+", 2, "f"]],
      ["const", "s", ["quotient", "f", 0, "d", ["-", "f", ["-", "d", 2]]]],
      ["const", "sLow", "rest"],
      ["const", "z", ["exactProduct", "s", "s"]],
      ["const", "zLow", ["+", "rest", ["*", ["*", 2, "s"], "sLow"]]],
      ["const", "w", ["*", "z", "z"]],
      ["let", "even", 0.0578418755921377],
      ["set", "even", ["+", ["*", "even", "w"], 0.06667104061230249]],
      ["set", "even", ["+", ["*", "even", "w"], 0.09090909113400178]],
      ["set", "even", ["+", ["*", "even", "w"], 0.142857142857143]],
      ["let", "odd", 0.05860816161709737],
      ["set", "odd", ["+", ["*", "odd", "w"], 0.07692303146306124]],
      ["set", "odd", ["+", ["*", "odd", "w"], 0.11111111111069247]],
      ["const", "more", ["*", "z", ["+", 0.2, ["*", "z", ["+", "even", ["*", "z", "odd"]]]]]],
      ["const", "third", ["+", "THIRD", "more"]],
      ["const", "thirdLow", ["+", ["-", "more", ["-", "third", "THIRD"]], "THIRD_LOW"]],
      ["const", "zThird", ["exactProduct", "z", "third"]],
      ["const", "zThirdLow", ["+", "rest", ["+", ["*", "z", "thirdLow"], ["*", "zLow", "third"]]]],
      ["const", "last", ["exactProduct", ["*", 2, "s"], "zThird"]],
      [
        "const",
        "lastLow",
        ["+", "rest", ["*", 2, ["+", ["*", "s", "zThirdLow"], ["*", "sLow", "zThird"]]]],
      ],
      ["const", "high", ["+", ["*", 2, "s"], "last"]],
      [
        "set",
        "rest",
        ["+", ["-", "last", ["-", "high", ["*", 2, "s"]]], ["+", "lastLow", ["*", 2, "sLow"]]],
      ],
      ["return", "high"],
    ],
  },
  log2: {
    about: "The logarithm to base 2.",
    parameters: ["x"],
    body: [
      [
        "if",
        ["!", ["&&", [">", "x", 0], ["<", "x", Infinity]]],
        [["return", ["logOutside", "x"]]],
        [],
      ],
      ["const", "l", ["logParts", ["mantissa", "x"]]],
      ["const", "lLow", "rest"],
      ["const", "k", "exponent"],
      ["const", "product", ["exactProduct", "l", "LOG2_E"]],
      [
        "const",
        "productLow",
        ["+", "rest", ["+", ["*", "l", "LOG2_E_LOW"], ["*", "lLow", "LOG2_E"]]],
      ],
      ["const", "sum", ["+", "k", "product"]],
      ["return", ["+", "sum", ["+", ["-", "product", ["-", "sum", "k"]], "productLow"]]],
    ],
  },
  log10: {
    about: "The logarithm to base 10.",
    parameters: ["x"],
    body: [
      [
        "if",
        ["!", ["&&", [">", "x", 0], ["<", "x", Infinity]]],
        [["return", ["logOutside", "x"]]],
        [],
      ],
      ["const", "l", ["logParts", ["mantissa", "x"]]],
      ["const", "lLow", "rest"],
      ["const", "k", "exponent"],
      ["const", "product", ["exactProduct", "l", "LOG10_E"]],
      [
        "const",
        "productLow",
        ["+", "rest", ["+", ["*", "l", "LOG10_E_LOW"], ["*", "lLow", "LOG10_E"]]],
      ],
      ["const", "start", ["*", "k", "LOG10_2_HIGH"]],
      ["const", "sum", ["+", "start", "product"]],
      [
        "return",
        [
          "+",
          "sum",
          [
            "+",
            ["-", "product", ["-", "sum", "start"]],
            ["+", ["*", "k", "LOG10_2_LOW"], "productLow"],
          ],
        ],
      ],
    ],
  },
  pow: {
    about: "x^y.",
    parameters: ["x", "y"],
    body: [
      ["if", ["||", ["===", "y", 0], ["===", "x", 1]], [["return", 1]], []],
      ["if", ["===", "y", 1], [["return", "x"]], []],
      ["if", ["===", "y", 2], [["return", ["*", "x", "x"]]], []],
      ["if", ["===", "y", -1], [["return", ["/", 1, "x"]]], []],
      ["if", ["||", ["isNaN", "x"], ["isNaN", "y"]], [["return", NaN]], []],
      ["const", "size", ["abs", "x"]],
      [
        "if",
        ["===", ["abs", "y"], Infinity],
        [
          ["if", ["===", "size", 1], [["return", 1]], []],
          ["return", ["?:", ["===", [">", "size", 1], [">", "y", 0]], Infinity, 0]],
        ],
        [],
      ],
      ["const", "integer", ["===", ["floor", "y"], "y"]],
      ["const", "odd", ["&&", "integer", ["!==", ["floor", ["/", "y", 2]], ["/", "y", 2]]]],
      [
        "const",
        "sign",
        ["?:", ["&&", "odd", ["||", ["<", "x", 0], ["<", ["/", 1, "x"], 0]]], -1, 1],
      ],
      [
        "if",
        ["||", ["===", "size", 0], ["===", "size", Infinity]],
        [
          [
            "return",
            [
              "?:",
              ["===", ["===", "size", 0], [">", "y", 0]],
              ["*", "sign", 0],
              ["*", "sign", Infinity],
            ],
          ],
        ],
        [],
      ],
      ["if", ["&&", ["<", "x", 0], ["!", "integer"]], [["return", NaN]], []],
      ["if", ["===", "size", 1], [["return", "sign"]], []],
      ["const", "l", ["logParts", ["mantissa", "size"]]],
      ["const", "lLow", "rest"],
      ["const", "start", ["*", "exponent", "LN2_HIGH"]],
      ["const", "sum", ["+", "start", "l"]],
      [
        "const",
        "sumLow",
        ["+", ["-", "l", ["-", "sum", "start"]], ["+", ["*", "exponent", "LN2_LOW"], "lLow"]],
      ],
      ["const", "high", ["+", "sum", "sumLow"]],
      ["const", "low", ["-", "sumLow", ["-", "high", "sum"]]],
      ["if", [">", ["*", "y", "high"], 711], [["return", ["*", "sign", Infinity]]], []],
      ["if", ["<", ["*", "y", "high"], -746], [["return", ["*", "sign", 0]]], []],
      ["const", "product", ["exactProduct", "y", "high"]],
      ["const", "productLow", ["+", "rest", ["*", "y", "low"]]],
      ["const", "k", ["nearestInteger", ["*", "product", "LOG2_E"]]],
      ["const", "r", ["-", "product", ["*", "k", "LN2_HIGH"]]],
      [
        "const",
        "power",
        ["onePlus", "r", ["expTail", "r", ["-", "productLow", ["*", "k", "LN2_LOW"]]]],
      ],
      ["const", "half", ["nearestInteger", ["*", "k", 0.5]]],
      [
        "return",
        [
          "*",
          ["*", ["*", "sign", "power"], ["powerOfTwo", "half"]],
          ["powerOfTwo", ["-", "k", "half"]],
        ],
      ],
    ],
  },
  tanh: {
    about: "The hyperbolic tangent.",
    parameters: ["x"],
    body: [
      ["const", "size", ["abs", "x"]],
      ["const", "E", ["expm1Parts", ["?:", [">", "size", 22], -44, ["*", -2, "size"]]]],
      ["const", "ELow", "rest"],
      ["const", "d", ["+", 2, "E"]],
      [
        "const",
        "t",
        ["quotient", ["neg", "E"], ["neg", "ELow"], "d", ["+", ["-", "E", ["-", "d", 2]], "ELow"]],
      ],
      ["return", ["?:", [">", "x", 0], "t", ["?:", ["<", "x", 0], ["neg", "t"], "x"]]],
    ],
  },
  sinh: {
    about: "The hyperbolic sine, (e^x - e^-x) / 2.",
    parameters: ["x"],
    body: [
      ["const", "size", ["abs", "x"]],
      [
        "if",
        [">", "size", 40],
        [
          ["const", "half", ["scaledExp", "size", -1]],
          ["return", ["?:", [">", "x", 0], "half", ["neg", "half"]]],
        ],
        [],
      ],
      ["const", "E", ["expm1Parts", "size"]],
      ["const", "ELow", "rest"],
      ["const", "d", ["exactSum", "E", 1]],
      ["const", "q", ["quotient", "E", "ELow", "d", ["+", "rest", "ELow"]]],
      ["const", "qLow", "rest"],
      ["const", "sum", ["+", "E", "q"]],
      [
        "const",
        "y",
        ["*", 0.5, ["+", "sum", ["+", ["-", "q", ["-", "sum", "E"]], ["+", "ELow", "qLow"]]]],
      ],
      ["return", ["?:", [">", "x", 0], "y", ["?:", ["<", "x", 0], ["neg", "y"], "x"]]],
    ],
  },
  cosh: {
    about: "The hyperbolic cosine, (e^x + e^-x) / 2.",
    parameters: ["x"],
    body: [
      ["const", "size", ["abs", "x"]],
      ["if", [">", "size", 40], [["return", ["scaledExp", "size", -1]]], []],
      ["const", "E", ["expm1Parts", "size"]],
      ["const", "ELow", "rest"],
      ["const", "e", ["exactSum", "E", 1]],
      ["const", "eLow", ["+", "rest", "ELow"]],
      ["const", "inverse", ["/", 1, "e"]],
      ["const", "sum", ["+", "e", "inverse"]],
      [
        "return",
        [
          "*",
          0.5,
          [
            "+",
            "sum",
            [
              "+",
              ["-", "inverse", ["-", "sum", "e"]],
              ["-", "eLow", ["*", ["*", "eLow", "inverse"], "inverse"]],
            ],
          ],
        ],
      ],
    ],
  },
  asinh: {
    about: "The inverse of sinh, log(x + sqrt(1 + x^2)).",
    parameters: ["x"],
    body: [
      ["const", "size", ["abs", "x"]],
      ["if", ["!", ["&&", [">", "size", 1e-9], ["<", "size", Infinity]]], [["return", "x"]], []],
      [
        "if",
        [">", "size", 1000000000],
        [
          ["const", "y", ["logPlus", "size", 0.6931471805599453]],
          ["return", ["?:", [">", "x", 0], "y", ["neg", "y"]]],
        ],
        [],
      ],
      ["const", "square", ["exactProduct", "size", "size"]],
      ["const", "squareLow", "rest"],
      ["const", "a", ["exactSum", 1, "square"]],
      ["const", "aLow", ["+", "squareLow", "rest"]],
      ["const", "root", ["sqrt", "a"]],
      ["const", "back", ["exactProduct", "root", "root"]],
      [
        "const",
        "rootLow",
        ["/", ["+", ["-", ["-", "a", "back"], "rest"], "aLow"], ["*", 2, "root"]],
      ],
      ["const", "u", ["exactSum", "root", "size"]],
      ["const", "y", ["logPlus", "u", ["/", ["+", "rest", "rootLow"], "u"]]],
      ["return", ["?:", [">", "x", 0], "y", ["neg", "y"]]],
    ],
  },
  reduceSmall: {
    about:
      "r = x - n * pi/2 with |r| <= pi/4, for |x| < 1e6; low part in `rest`, n mod 4 in `quadrant`.",
    parameters: ["x"],
    body: [
      ["const", "n", ["nearestInteger", ["*", "x", "TWO_OVER_PI"]]],
      ["set", "quadrant", ["&", "n", 3]],
      [
        "const",
        "a",
        ["exactSum", ["-", "x", ["*", "n", "HALF_PI_1"]], ["*", ["neg", "n"], "HALF_PI_2"]],
      ],
      ["const", "aLow", "rest"],
      ["const", "b", ["exactSum", "a", ["*", ["neg", "n"], "HALF_PI_3"]]],
      ["const", "bLow", ["-", ["+", "aLow", "rest"], ["*", "n", "HALF_PI_4"]]],
      ["const", "high", ["+", "b", "bLow"]],
      ["set", "rest", ["-", "bLow", ["-", "high", "b"]]],
      ["return", "high"],
    ],
  },
  reduceLarge: {
    about: "The same for 1e6 <= x < Infinity (Payne and Hanek 1983).",
    parameters: ["x"],
    body: [
      ["const", "base", 16777216],
      ["const", "e", ["-", ["exponentFrom", "x", 0], 1075]],
      ["const", "M", ["*", "x", ["powerOfTwo", ["neg", "e"]]]],
      ["const", "m2", ["floor", ["/", "M", ["*", "base", "base"]]]],
      ["const", "m1", ["-", ["floor", ["/", "M", "base"]], ["*", "m2", "base"]]],
      ["const", "m0", ["-", "M", ["*", ["+", ["*", "m2", "base"], "m1"], "base"]]],
      ["const", "first", ["max", 0, ["floor", ["/", ["-", "e", 2], 24]]]],
      [
        "for",
        "c",
        0,
        10,
        1,
        [
          ["const", "i", ["+", "first", "c"]],
          [
            "set",
            ["columns", "c"],
            [
              "+",
              [
                "+",
                ["*", "m2", ["DIGITS", "i"]],
                ["?:", [">", "c", 0], ["*", "m1", ["DIGITS", ["-", "i", 1]]], 0],
              ],
              ["?:", [">", "c", 1], ["*", "m0", ["DIGITS", ["-", "i", 2]]], 0],
            ],
          ],
        ],
      ],
      [
        "for",
        "c",
        9,
        0,
        -1,
        [
          ["const", "carry", ["floor", ["/", ["columns", "c"], "base"]]],
          ["set", ["columns", "c"], ["-", ["columns", "c"], ["*", "carry", "base"]]],
          ["set", ["columns", ["-", "c", 1]], ["+", ["columns", ["-", "c", 1]], "carry"]],
        ],
      ],
      ["let", "estimate", 0],
      [
        "for",
        "c",
        0,
        10,
        1,
        [
          [
            "const",
            "value",
            [
              "*",
              ["columns", "c"],
              ["powerOfTwo", ["-", "e", ["*", 24, ["-", ["+", "first", "c"], 1]]]],
            ],
          ],
          ["set", ["columns", "c"], ["-", "value", ["*", 4, ["floor", ["/", "value", 4]]]]],
          ["set", "estimate", ["+", "estimate", ["columns", "c"]]],
        ],
      ],
      ["const", "n", ["nearestInteger", "estimate"]],
      ["set", "quadrant", ["&", "n", 3]],
      ["let", "high", ["neg", "n"]],
      ["let", "low", 0],
      [
        "for",
        "c",
        0,
        10,
        1,
        [
          ["set", "high", ["exactSum", "high", ["columns", "c"]]],
          ["set", "low", ["+", "low", "rest"]],
        ],
      ],
      ["const", "fraction", ["+", "high", "low"]],
      ["const", "fractionLow", ["-", "low", ["-", "fraction", "high"]]],
      ["const", "product", ["exactProduct", "fraction", "HALF_PI"]],
      [
        "const",
        "productLow",
        ["+", "rest", ["+", ["*", "fraction", "HALF_PI_LOW"], ["*", "fractionLow", "HALF_PI"]]],
      ],
      ["const", "r", ["+", "product", "productLow"]],
      ["set", "rest", ["-", "productLow", ["-", "r", "product"]]],
      ["return", "r"],
    ],
  },
  reduce: {
    about: "One of the two reductions, for every finite x.",
    parameters: ["x"],
    body: [
      ["const", "size", ["abs", "x"]],
      ["if", ["<", "size", 1000000], [["return", ["reduceSmall", "x"]]], []],
      ["const", "r", ["reduceLarge", "size"]],
      ["if", [">", "x", 0], [["return", "r"]], []],
      ["set", "quadrant", ["&", ["neg", "quadrant"], 3]],
      ["set", "rest", ["neg", "rest"]],
      ["return", ["neg", "r"]],
    ],
  },
  sinTail: {
    about: "sin(r + low) - r for |r| <= pi/4: r^3 * (-1/6 + r^2/120 - ...) + low * cos(r).",
    parameters: ["r", "low"],
    body: [
      ["const", "z", ["*", "r", "r"]],
      ["const", "w", ["*", "z", "z"]],
      ["let", "even", -7.057766342967735e-13],
      ["set", "even", ["-", ["*", "even", "w"], 2.5052024448810263e-8]],
      ["set", "even", ["-", ["*", "even", "w"], 0.00019841269840720468]],
      ["set", "even", ["-", ["*", "even", "w"], 0.16666666666666666]],
      ["let", "odd", 1.6047926237420955e-10],
      ["set", "odd", ["+", ["*", "odd", "w"], 0.0000027557318916630704]],
      ["set", "odd", ["+", ["*", "odd", "w"], 0.008333333333332912]],
      [
        "return",
        [
          "+",
          ["*", ["*", "r", "z"], ["+", "even", ["*", "z", "odd"]]],
          ["*", "low", ["-", 1, ["*", 0.5, "z"]]],
        ],
      ],
    ],
  },
  cosTail: {
    about: "cos(r + low) - start for |r| <= pi/4, where start is 1 - r^2/2 rounded.",
    parameters: ["r", "low", "start"],
    body: [
      ["const", "z", ["*", "r", "r"]],
      ["const", "w", ["*", "z", "z"]],
      ["let", "even", 2.087612784297271e-9],
      ["set", "even", ["+", ["*", "even", "w"], 0.000024801587298460354]],
      ["set", "even", ["+", ["*", "even", "w"], 0.041666666666666664]],
      ["let", "odd", -1.1381543392970092e-11],
      ["set", "odd", ["-", ["*", "odd", "w"], 2.7557317158347916e-7]],
      ["set", "odd", ["-", ["*", "odd", "w"], 0.0013888888888887061]],
      [
        "return",
        [
          "+",
          ["-", ["-", 1, "start"], ["*", 0.5, "z"]],
          ["-", ["*", "w", ["+", "even", ["*", "z", "odd"]]], ["*", "low", "r"]],
        ],
      ],
    ],
  },
  sinOf: {
    about: "",
    parameters: ["r", "low"],
    body: [["return", ["+", "r", ["sinTail", "r", "low"]]]],
  },
  cosOf: {
    about: "",
    parameters: ["r", "low"],
    body: [
      ["const", "start", ["-", 1, ["*", 0.5, ["*", "r", "r"]]]],
      ["return", ["+", "start", ["cosTail", "r", "low", "start"]]],
    ],
  },
  sin: {
    about: "The sine of an angle in radians, large or small.",
    parameters: ["x"],
    body: [
      ["if", ["!", ["<", ["abs", "x"], Infinity]], [["return", NaN]], []],
      ["if", ["===", "x", 0], [["return", "x"]], []],
      ["const", "r", ["reduce", "x"]],
      [
        "const",
        "y",
        ["?:", ["===", ["&", "quadrant", 1], 0], ["sinOf", "r", "rest"], ["cosOf", "r", "rest"]],
      ],
      ["return", ["?:", ["<", "quadrant", 2], "y", ["neg", "y"]]],
    ],
  },
  cos: {
    about: "The cosine of an angle in radians.",
    parameters: ["x"],
    body: [
      ["if", ["!", ["<", ["abs", "x"], Infinity]], [["return", NaN]], []],
      ["const", "r", ["reduce", "x"]],
      [
        "const",
        "y",
        ["?:", ["===", ["&", "quadrant", 1], 0], ["cosOf", "r", "rest"], ["sinOf", "r", "rest"]],
      ],
      ["return", ["?:", ["||", ["===", "quadrant", 0], ["===", "quadrant", 3]], "y", ["neg", "y"]]],
    ],
  },
  tan: {
    about:
      "The tangent of an angle in radians: sin / cos, or, an odd number of right angles on, -cos / sin.",
    parameters: ["x"],
    body: [
      ["if", ["!", ["<", ["abs", "x"], Infinity]], [["return", NaN]], []],
      ["if", ["===", "x", 0], [["return", "x"]], []],
      ["const", "r", ["reduce", "x"]],
      ["const", "low", "rest"],
      ["const", "tail", ["sinTail", "r", "low"]],
      ["const", "s", ["+", "r", "tail"]],
      ["const", "sLow", ["-", "tail", ["-", "s", "r"]]],
      ["const", "start", ["-", 1, ["*", 0.5, ["exactProduct", "r", "r"]]]],
      ["const", "startTail", ["-", ["cosTail", "r", "low", "start"], ["*", 0.5, "rest"]]],
      ["const", "c", ["+", "start", "startTail"]],
      ["const", "cLow", ["-", "startTail", ["-", "c", "start"]]],
      [
        "return",
        [
          "?:",
          ["===", ["&", "quadrant", 1], 0],
          ["quotient", "s", "sLow", "c", "cLow"],
          ["quotient", ["neg", "c"], ["neg", "cLow"], "s", "sLow"],
        ],
      ],
    ],
  },
  atan: {
    about: "The angle between -pi/2 and pi/2 whose tangent is x.",
    parameters: ["x"],
    body: [
      ["const", "a", ["min", ["abs", "x"], 1e300]],
      ["const", "far", [">", "a", 1]],
      ["const", "near", ["?:", "far", ["/", 1, "a"], "a"]],
      ["const", "c", ["?:", ["<", "near", 0.25], 0, ["?:", ["<", "near", 0.75], 0.5, 1]]],
      ["let", "base", 0.7853981633974483],
      ["let", "baseLow", 3.061616997868383e-17],
      [
        "if",
        ["===", "c", 0],
        [
          ["set", "base", ["?:", "far", "HALF_PI", 0]],
          ["set", "baseLow", ["?:", "far", "HALF_PI_LOW", 0]],
        ],
        [
          [
            "if",
            ["===", "c", 0.5],
            [
              ["set", "base", ["?:", "far", 1.1071487177940904, 0.4636476090008061]],
              ["set", "baseLow", ["?:", "far", 9.40447137356638e-17, 2.2698777452961687e-17]],
            ],
            [],
          ],
        ],
      ],
      ["const", "numerator", ["?:", "far", ["-", ["*", "c", "a"], 1], ["-", "a", "c"]]],
      ["const", "large", ["?:", "far", "a", 1]],
      ["const", "small", ["?:", "far", "c", ["*", "c", "a"]]],
      ["const", "d", ["+", "large", "small"]],
      ["const", "t", ["quotient", "numerator", 0, "d", ["-", "small", ["-", "d", "large"]]]],
      ["const", "tLow", "rest"],
      ["const", "z", ["*", "t", "t"]],
      ["const", "w", ["*", "z", "z"]],
      ["let", "even", -0.040797740541876716],
      ["set", "even", ["-", ["*", "even", "w"], 0.0665800338293027]],
      ["set", "even", ["-", ["*", "even", "w"], 0.09090901565227488]],
      ["set", "even", ["-", ["*", "even", "w"], 0.1428571428501367]],
      ["set", "even", ["-", ["*", "even", "w"], 0.3333333333333333]],
      ["let", "odd", 0.05746727734142206],
      ["set", "odd", ["+", ["*", "odd", "w"], 0.07691978232295302]],
      ["set", "odd", ["+", ["*", "odd", "w"], 0.1111111101141398]],
      ["set", "odd", ["+", ["*", "odd", "w"], 0.19999999999997836]],
      ["const", "sum", ["+", "base", "t"]],
      ["const", "sumLow", ["+", ["-", "t", ["-", "sum", "base"]], ["+", "tLow", "baseLow"]]],
      [
        "const",
        "y",
        ["+", "sum", ["+", "sumLow", ["*", ["*", "t", "z"], ["+", "even", ["*", "z", "odd"]]]]],
      ],
      ["return", ["?:", [">", "x", 0], "y", ["?:", ["<", "x", 0], ["neg", "y"], "x"]]],
    ],
  },
  erfTail: {
    about: "erf(x) - x for |x| <= 0.5625.",
    parameters: ["x"],
    body: [
      ["const", "z", ["*", "x", "x"]],
      ["const", "w", ["*", "z", "z"]],
      ["let", "even", 0.00000163196866369801],
      ["set", "even", ["+", ["*", "even", "w"], 0.00012055216305201698]],
      ["set", "even", ["+", ["*", "even", "w"], 0.005223977611842138]],
      ["set", "even", ["+", ["*", "even", "w"], 0.11283791670953511]],
      ["set", "even", ["+", ["*", "even", "w"], 0.1283791670955126]],
      ["let", "odd", -1.419215537433593e-7],
      ["set", "odd", ["-", ["*", "odd", "w"], 0.000014920418871455741]],
      ["set", "odd", ["-", ["*", "odd", "w"], 0.0008548325409569972]],
      ["set", "odd", ["-", ["*", "odd", "w"], 0.026866170644473136]],
      ["set", "odd", ["-", ["*", "odd", "w"], 0.37612638903183737]],
      ["return", ["*", "x", ["+", "even", ["-", ["*", "z", "odd"], 1.2656943983393154e-17]]]],
    ],
  },
  erfcParts: {
    about: "erfc(a) / 2^k for 0.5625 <= a <= 27.3; low part in `rest`, k in `exponent`.",
    parameters: ["a"],
    body: [
      ["const", "minus", ["exactSum", "a", -4]],
      ["const", "minusLow", "rest"],
      ["const", "plus", ["exactSum", "a", 4]],
      ["const", "t", ["quotient", "minus", "minusLow", "plus", "rest"]],
      ["const", "w", ["*", "t", "t"]],
      ["let", "odd", -9.701394692898886e-9],
      ["set", "odd", ["+", ["*", "odd", "w"], 1.0339265018734616e-7]],
      ["set", "odd", ["-", ["*", "odd", "w"], 8.196689518881137e-7]],
      ["set", "odd", ["+", ["*", "odd", "w"], 0.000005706600162352997]],
      ["set", "odd", ["-", ["*", "odd", "w"], 0.000024398099590616315]],
      ["set", "odd", ["-", ["*", "odd", "w"], 0.00019925695491153028]],
      ["set", "odd", ["+", ["*", "odd", "w"], 0.00503197001690056]],
      ["set", "odd", ["+", ["*", "odd", "w"], 0.03716751553395003]],
      ["set", "odd", ["+", ["*", "odd", "w"], 0.09373283499852644]],
      ["set", "odd", ["+", ["*", "odd", "w"], 0.06809705425468864]],
      ["let", "even", 1.821792980461478e-9],
      ["set", "even", ["-", ["*", "even", "w"], 1.7953998555188995e-8]],
      ["set", "even", ["+", ["*", "even", "w"], 7.481488451145935e-8]],
      ["set", "even", ["+", ["*", "even", "w"], 2.9356588401039256e-7]],
      ["set", "even", ["-", ["*", "even", "w"], 0.000011221867120085069]],
      ["set", "even", ["+", ["*", "even", "w"], 0.0001506216139751786]],
      ["set", "even", ["-", ["*", "even", "w"], 0.0007577732744128936]],
      ["set", "even", ["-", ["*", "even", "w"], 0.01619773405978204]],
      ["set", "even", ["-", ["*", "even", "w"], 0.06633036581205495]],
      ["set", "even", ["-", ["*", "even", "w"], 0.10103906603631127]],
      [
        "const",
        "slope",
        [
          "+",
          -0.1396211168405625,
          ["*", "t", ["+", 0.01537965210261986, ["*", "t", ["+", "odd", ["*", "t", "even"]]]]],
        ],
      ],
      ["const", "pTail", ["-", ["*", "t", "slope"], 4.5854594998137987e-17]],
      ["const", "p", ["+", 1.2329951186255526, "pTail"]],
      ["const", "pLow", ["-", "pTail", ["-", "p", 1.2329951186255526]]],
      ["const", "square", ["exactProduct", "a", "a"]],
      ["const", "squareLow", "rest"],
      ["const", "k", ["nearestInteger", ["*", ["neg", "square"], "LOG2_E"]]],
      ["const", "high", ["-", ["neg", "square"], ["*", "k", "LN2_HIGH"]]],
      ["const", "tail", ["expTail", "high", ["-", ["*", ["neg", "k"], "LN2_LOW"], "squareLow"]]],
      ["const", "start", ["+", 1, "high"]],
      ["const", "e", ["+", "start", "tail"]],
      [
        "const",
        "eLow",
        ["+", ["-", "tail", ["-", "e", "start"]], ["-", "high", ["-", "start", 1]]],
      ],
      ["const", "product", ["exactProduct", "e", "p"]],
      ["const", "productLow", ["+", "rest", ["+", ["*", "e", "pLow"], ["*", "eLow", "p"]]]],
      ["const", "d", ["+", ["*", 2, "a"], 1]],
      ["set", "exponent", "k"],
      ["return", ["quotient", "product", "productLow", "d", ["-", 1, ["-", "d", ["*", 2, "a"]]]]],
    ],
  },
  erf: {
    about: "The error function, 2/sqrt(pi) times the integral of e^(-t^2) from 0 to x.",
    parameters: ["x"],
    body: [
      ["const", "a", ["abs", "x"]],
      [
        "if",
        ["!", [">=", "a", 0.5625]],
        [["return", ["?:", ["===", "x", 0], "x", ["+", "x", ["erfTail", "x"]]]]],
        [],
      ],
      ["const", "high", ["erfcParts", ["?:", [">", "a", 6.5], 6.5, "a"]]],
      ["const", "low", "rest"],
      ["const", "scale", ["powerOfTwo", "exponent"]],
      ["const", "sum", ["-", 1, ["*", "scale", "high"]]],
      [
        "const",
        "y",
        ["+", "sum", ["-", ["-", ["-", 1, "sum"], ["*", "scale", "high"]], ["*", "scale", "low"]]],
      ],
      ["return", ["?:", [">", "x", 0], "y", ["neg", "y"]]],
    ],
  },
  erfc: {
    about: "1 - erf(x), accurate also where erf(x) is nearly 1.",
    parameters: ["x"],
    body: [
      ["const", "a", ["abs", "x"]],
      [
        "if",
        ["!", [">=", "a", 0.5625]],
        [
          ["const", "sum", ["-", 1, "x"]],
          ["return", ["+", "sum", ["-", ["-", ["-", 1, "sum"], "x"], ["erfTail", "x"]]]],
        ],
        [],
      ],
      ["const", "high", ["erfcParts", ["?:", [">", "a", 27.3], 27.3, "a"]]],
      ["const", "low", "rest"],
      ["const", "k", "exponent"],
      ["const", "half", ["nearestInteger", ["*", "k", 0.5]]],
      [
        "if",
        [">", "x", 0],
        [
          [
            "return",
            [
              "*",
              ["*", ["+", "high", "low"], ["powerOfTwo", "half"]],
              ["powerOfTwo", ["-", "k", "half"]],
            ],
          ],
        ],
        [],
      ],
      ["const", "scale", ["*", ["powerOfTwo", "half"], ["powerOfTwo", ["-", "k", "half"]]]],
      ["const", "sum", ["-", 2, ["*", "scale", "high"]]],
      [
        "return",
        ["+", "sum", ["-", ["-", ["-", 2, "sum"], ["*", "scale", "high"]], ["*", "scale", "low"]]],
      ],
    ],
  },
};
