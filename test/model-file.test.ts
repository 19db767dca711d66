// Model files: what was saved comes back to the bit, and nothing else comes in.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { evenOdd } from "../src/data.ts";
import {
  formatModel,
  LONGEST_MODEL_FILE,
  type ModelHistory,
  parseModel,
  type TrainingRecord,
} from "../src/model-file.ts";
import { activations, MLP } from "../src/nn.ts";
import { pythonRandom } from "../src/random.ts";

const record: TrainingRecord = {
  data: "even-odd",
  points: 4,
  heldOut: 0,
  init: "uniform",
  loss: "meanSquaredError",
  optimizer: "sgd",
  rate: 0.1,
  schedule: "constant",
  epochs: 500,
  firstLoss: 1.25,
  lastLoss: 3e-7,
};
const history: ModelHistory = { seed: 1337, training: [record] };
const model = new MLP(3, [4, 4, 1], { output: "tanh", random: pythonRandom(1337) });
const text = formatModel(model, history);

/** The message of what is thrown; it must be one of ours. */
function refusal(wrong: string): string {
  try {
    parseModel(wrong);
  } catch (error) {
    expect(error).toBeInstanceOf(Error);
    const { message } = error as Error;
    expect(message).toMatch(/^model file: /);
    expect(message).not.toContain("\n");
    expect(message.length).toBeLessThan(400);
    return message.slice("model file: ".length);
  }
  return "accepted";
}

/** The file with some part replaced. */
type File = Record<string, unknown> & { net: Record<string, unknown>; weights: unknown[] };
function changed(change: (file: File) => void): string {
  const file = JSON.parse(text);
  change(file);
  return JSON.stringify(file);
}

const bitsOf = (numbers: number[]) => [...new BigUint64Array(new Float64Array(numbers).buffer)];
const numbersOf = (net: MLP) => net.parameters().map((p) => p.data);

describe("there and back", () => {
  test("formatModel: says what it is, readable, and ends with its last brace", () => {
    const file = JSON.parse(text);
    expect(Object.keys(file)).toEqual(["format", "version", "net", "seed", "training", "weights"]);
    expect(file).toMatchObject({
      format: "chainrule-model",
      version: 1,
      net: { inputs: 3, sizes: [4, 4, 1], activation: "tanh", output: "tanh" },
      seed: 1337,
      training: [record],
      weights: numbersOf(model),
    });
    const lines = text.split("\n");
    expect(lines.slice(0, 4)).toEqual([
      "{",
      '  "format": "chainrule-model",',
      '  "version": 1,',
      '  "net": { "inputs": 3, "sizes": [4, 4, 1], "activation": "tanh", "output": "tanh" },',
    ]);
    expect(text.endsWith("]\n}")).toBe(true);
    // One line for each of the nine neurons, between two lines of brackets.
    const start = lines.indexOf('  "weights": [');
    expect(lines.slice(start + 1, -2).map((line) => line.split(", ").length)).toEqual([
      4, 4, 4, 4, 5, 5, 5, 5, 5,
    ]);
  });

  test("parseModel: gives back weights and predictions to the bit, and what was said", () => {
    const back = parseModel(text);
    expect(bitsOf(numbersOf(back.model))).toEqual(bitsOf(numbersOf(model)));
    for (const x of evenOdd().inputs) {
      expect(bitsOf(back.model.predict(x))).toEqual(bitsOf(model.predict(x)));
      expect(bitsOf(back.model.forward(x).map((y) => y.data))).toEqual(bitsOf(model.predict(x)));
    }
    expect({ seed: back.seed, training: back.training }).toEqual(history);
  });

  test("formatModel: of what was parsed is the same text, for any network and weights", () => {
    const anyNet = fc.record({
      inputs: fc.integer({ min: 1, max: 5 }),
      sizes: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 }),
      activation: fc.constantFrom(...activations),
      output: fc.constantFrom(...activations),
    });
    const anyNumber = fc.double({ noNaN: true, noDefaultInfinity: true });
    const anyHistory = fc.record(
      {
        seed: fc.nat(),
        training: fc.array(
          fc.record({ data: fc.string(), rate: anyNumber, epochs: fc.nat() }, { requiredKeys: [] }),
        ),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(anyNet, fc.infiniteStream(anyNumber), anyHistory, (net, numbers, said) => {
        const { inputs, sizes, activation, output } = net;
        const one = new MLP(inputs, sizes, { activation, output });
        for (const p of one.parameters()) p.data = numbers.next().value;
        const first = formatModel(one, said);
        const back = parseModel(first);
        expect(bitsOf(numbersOf(back.model))).toEqual(bitsOf(numbersOf(one)));
        expect(formatModel(back.model, back)).toBe(first);
      }),
      { seed: 7, numRuns: 200 },
    );
  });

  test("formatModel: the awkward numbers keep their bits, -0 included", () => {
    const one = new MLP(5, [1]);
    const awkward = [-0, 5e-324, -Number.MAX_VALUE, 1 / 3, 2 ** 53 + 2, 1e21];
    for (const [i, p] of one.parameters().entries()) p.data = awkward[i]!;
    const back = parseModel(formatModel(one)).model;
    expect(bitsOf(numbersOf(back))).toEqual(bitsOf(awkward));
  });

  test("formatModel: without a hidden layer there is no hidden activation", () => {
    const one = new MLP(2, [1], { activation: "relu", output: "sigmoid" });
    const file = formatModel(one);
    expect(JSON.parse(file).net).toEqual({ inputs: 2, sizes: [1], output: "sigmoid" });
    const back = parseModel(file);
    expect(back).toMatchObject({ training: [] });
    expect(back).not.toHaveProperty("seed");
    expect(back.model.predict([1, 2])).toEqual(one.predict([1, 2]));
  });

  test("formatModel: refuses what would not come back", () => {
    const bad = new MLP(1, [2]);
    bad.layers[0]!.neurons[1]!.bias.data = Number.NaN;
    expect(() => formatModel(bad)).toThrow(
      "formatModel, layers.0.neurons.1.bias: expected a finite number, got NaN",
    );
    expect(() => formatModel({} as MLP)).toThrow("formatModel: expected an MLP, got an object");
    expect(() => formatModel(model, { seed: -1 })).toThrow("formatModel, seed: expected a whole");
    const training = [{ epoch: 3 } as TrainingRecord];
    expect(() => formatModel(model, { training })).toThrow(
      /^formatModel, training\[0\]: expected the keys .*, got "epoch"$/,
    );
    expect(() => formatModel(model, { training: [{ rate: Infinity }] })).toThrow("got Infinity");
  });
});

describe("what is no model file", () => {
  test("parseModel: refuses every prefix", () => {
    for (let end = 0; end < text.length; end++) {
      expect(refusal(text.slice(0, end)), `prefix of ${end}`).toMatch(/expected (more|JSON), got /);
    }
    expect(refusal(text)).toBe("accepted");
  });

  test("parseModel: says in which line the text broke off or is no JSON", () => {
    expect(refusal(text.slice(0, 60))).toBe("line 4: expected more, got the end of the text");
    expect(refusal("")).toBe("expected JSON, got an empty text");
    expect(refusal(text.replace('"version": 1', '"version" 1'))).toMatch(
      /^line 3: expected JSON, /,
    );
    expect(refusal(`${text}}`)).toMatch(/expected JSON, got /);
  });

  const wrongs: [title: string, change: (file: File) => void, message: string][] = [
    [
      "null weight",
      (f) => {
        f.weights[17] = null;
      },
      "weights[17]: expected a finite number, got null",
    ],
    [
      "text weight",
      (f) => {
        f.weights[0] = "1";
      },
      'weights[0]: expected a finite number, got "1" (a string)',
    ],
    [
      "nested weight",
      (f) => {
        f.weights[3] = [1];
      },
      "weights[3]: expected a finite number, got an array of 1",
    ],
    [
      "weight too few",
      (f) => {
        f.weights.pop();
      },
      "weights: expected 41 for this net, got 40 of them",
    ],
    [
      "weight too many",
      (f) => {
        f.weights.push(0);
      },
      "weights: expected 41 for this net, got 42 of them",
    ],
    [
      "object of weights",
      (f) => {
        f.weights = {} as unknown[];
      },
      "weights: expected an array, got an object",
    ],
    [
      "no weights",
      (f) => {
        delete (f as Partial<File>).weights;
      },
      "weights: expected an array, got undefined",
    ],
    [
      "format",
      (f) => {
        f.format = "keras";
      },
      'format: expected "chainrule-model", got "keras" (a string)',
    ],
    [
      "newer version",
      (f) => {
        f.version = 2;
      },
      "version: expected 1, got 2",
    ],
    [
      "text version",
      (f) => {
        f.version = "1";
      },
      'version: expected 1, got "1" (a string)',
    ],
    [
      "unknown key",
      (f) => {
        f.extra = 1;
      },
      'expected the keys format, version, net, seed, training, weights, got "extra"',
    ],
    [
      "key in the net",
      (f) => {
        f.net.depth = 1;
      },
      'net: expected the keys inputs, sizes, activation, output, got "depth"',
    ],
    [
      "constructor",
      (f) => {
        f.constructor = 1 as never;
      },
      'expected the keys format, version, net, seed, training, weights, got "constructor"',
    ],
    [
      "no net",
      (f) => {
        delete (f as Partial<File>).net;
      },
      "net: expected an object, got undefined",
    ],
    [
      "net as array",
      (f) => {
        f.net = [] as never;
      },
      "net: expected an object, got an array of 0",
    ],
    [
      "huge layer",
      (f) => {
        f.net.sizes = [1e9, 1];
      },
      "net.sizes[0]: expected a whole number from 1 to 10000000, got 1000000000",
    ],
    [
      "huge product",
      (f) => {
        f.net.sizes = [1e5, 1e5];
      },
      "net: expected at most 1000000 parameters, got 10000500000",
    ],
    [
      "endless product",
      (f) => {
        f.net.sizes = [1e7, 1e7];
      },
      "net: expected at most 1000000 parameters, got 100000050000000",
    ],
    [
      "size of zero",
      (f) => {
        f.net.sizes = [4, 0, 1];
      },
      "net.sizes[1]: expected a whole number from 1 to 10000000, got 0",
    ],
    [
      "size of null",
      (f) => {
        f.net.sizes = [4, null, 1];
      },
      "net.sizes[1]: expected a whole number from 1 to 10000000, got null",
    ],
    [
      "no sizes",
      (f) => {
        f.net.sizes = [];
      },
      "net.sizes: expected an array with the size of each layer, got an array of 0",
    ],
    [
      "number of sizes",
      (f) => {
        f.net.sizes = 4;
      },
      "net.sizes: expected an array with the size of each layer, got 4",
    ],
    [
      "negative inputs",
      (f) => {
        f.net.inputs = -3;
      },
      "net.inputs: expected a whole number from 1 to 10000000, got -3",
    ],
    [
      "other inputs",
      (f) => {
        f.net.inputs = 2;
      },
      "weights: expected 37 for this net, got 41 of them",
    ],
    [
      "no inputs",
      (f) => {
        delete f.net.inputs;
      },
      "net.inputs: expected a whole number from 1 to 10000000, got undefined",
    ],
    [
      "activation",
      (f) => {
        f.net.activation = "toString";
      },
      `net.activation: expected one of ${activations.join(", ")}, got "toString" (a string)`,
    ],
    [
      "output",
      (f) => {
        f.net.output = null;
      },
      `net.output: expected one of ${activations.join(", ")}, got null`,
    ],
    [
      "seed",
      (f) => {
        f.seed = 1.5;
      },
      "seed: expected a whole number from 0 to 9007199254740991, got 1.5",
    ],
    [
      "null seed",
      (f) => {
        f.seed = null;
      },
      "seed: expected a whole number from 0 to 9007199254740991, got null",
    ],
    [
      "training",
      (f) => {
        f.training = {};
      },
      "training: expected an array, got an object",
    ],
    [
      "record",
      (f) => {
        f.training = [7];
      },
      "training[0]: expected an object, got 7",
    ],
    [
      "rate",
      (f) => {
        f.training = [{ rate: "0.1" }];
      },
      'training[0].rate: expected a finite number, got "0.1" (a string)',
    ],
    [
      "epochs",
      (f) => {
        f.training = [{}, { epochs: -1 }];
      },
      "training[1].epochs: expected a whole number from 0 to 9007199254740991, got -1",
    ],
    [
      "loss",
      (f) => {
        f.training = [{ loss: 3 }];
      },
      "training[0].loss: expected a text of at most 200 characters, got 3",
    ],
  ];
  test.each(wrongs)(
    "parseModel: refuses a wrong file (%s) and names the place",
    (_, change, message) => {
      expect(refusal(changed(change))).toBe(message);
    },
  );

  test("parseModel: refuses a number that JSON allows but no double can hold", () => {
    const [first] = numbersOf(model);
    expect(refusal(text.replace(String(first), "1e999"))).toBe(
      "weights[0]: expected a finite number, got Infinity",
    );
  });

  test("parseModel: refuses an activation of hidden layers where there are none", () => {
    const one = formatModel(new MLP(2, [1]));
    expect(refusal(one.replace('"sizes"', '"activation": "tanh", "sizes"'))).toBe(
      'net.activation: expected none without a hidden layer, got "tanh" (a string)',
    );
  });

  test("parseModel: refuses __proto__, wherever it is, and nothing is polluted", () => {
    const poison = '"__proto__": { "polluted": 1, "activation": "relu", "rate": 1 }';
    for (const place of ['"format"', '"inputs"', '"data"']) {
      expect(refusal(text.replace(place, `${poison}, ${place}`))).toMatch(/got "__proto__"$/);
    }
    expect(refusal(`{ "__proto__": ${text} }`)).toMatch(/^format: expected "chainrule-model", /);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  test("parseModel: takes nothing from what all objects have", () => {
    const everything = Object.prototype as Record<string, unknown>;
    everything.format = "chainrule-model";
    everything.output = "tanh";
    try {
      expect(refusal("{}")).toBe('format: expected "chainrule-model", got undefined');
      expect(refusal(text.replace(', "output": "tanh"', ""))).toMatch(
        /^net.output: .*got undefined$/,
      );
    } finally {
      delete everything.format;
      delete everything.output;
    }
  });

  test("parseModel: refuses a key that is there twice, also in other letters of JSON", () => {
    expect(refusal(text.replace('"seed"', '"seed": 1, "seed"'))).toBe(
      'expected the key "seed" once, got it 2 times',
    );
    expect(refusal(text.replace('"inputs"', '"inp\\u0075ts": 9, "inputs"'))).toBe(
      'expected the key "inputs" once, got it 2 times',
    );
  });

  test("parseModel: refuses the JSON of other programs, and what is not even an object", () => {
    for (const other of ["null", "true", "7", '"chainrule-model"', "[]", "{}", "[[]]"]) {
      expect(refusal(other)).toMatch(
        /^(expected an object|format: expected "chainrule-model"), got /,
      );
    }
    const manifest = '{"name":"chainrule","version":"1.0.0","dependencies":{}}';
    expect(refusal(manifest)).toBe('format: expected "chainrule-model", got undefined');
  });

  test("parseModel: refuses text that is too long before it looks at it, and what is no text", () => {
    const long = " ".repeat(LONGEST_MODEL_FILE + 1);
    expect(refusal(long)).toBe("expected at most 50000000 characters, got 50000001");
    expect(() => parseModel(null as unknown as string)).toThrow("expected a text, got null");
  });

  test("parseModel: is not brought down by depth or by long strings", () => {
    const deep = "[".repeat(1_000_000);
    expect(refusal(deep)).toBe("line 1: expected more, got the end of the text");
    expect(refusal(deep + "]".repeat(1_000_000))).toMatch(/^expected an object, got an array/);
    const inside = `"training": [${deep}${"]".repeat(1_000_000)}], "weights"`;
    expect(refusal(text.replace(/"training": .*"weights"/s, inside))).toMatch(/^training\[0\]: /);
    const long = JSON.stringify('\\"'.repeat(5_000_000));
    expect(refusal(text.replace('"seed"', `"seed": ${long}, "seed"`))).toMatch(/"seed" once/);
  });
});

test("parseModel: of 2,000 damaged files, none is taken for another model without a word", () => {
  const random = pythonRandom(20);
  const pieces = ["", "0", "-", "null", '"', "[", "]", "{", "}", ",", ":", "1e999", "e", "\\", "."];
  pieces.push(
    "NaN",
    "true",
    '"x": 1,',
    '"__proto__": {},',
    "\u0000",
    "\ud800",
    " ",
    "\n",
    "99999999",
  );
  const whitespace = /^\s*$/;
  let refused = 0;
  for (let n = 0; n < 2_000; n++) {
    const start = random.integer(text.length);
    const end = Math.min(text.length, start + random.integer(4));
    const piece = pieces[random.integer(pieces.length)]!;
    const damaged = text.slice(0, start) + piece + text.slice(end);
    if (refusal(damaged) !== "accepted") {
      refused += 1;
      continue;
    }
    // It may be taken if it is a complete and right file: then it says just what is read.
    const { model: read, seed, training } = parseModel(damaged);
    const { net, weights, ...file } = JSON.parse(damaged);
    expect(bitsOf(numbersOf(read))).toEqual(bitsOf(weights));
    expect({ seed, training }).toEqual({ seed: file.seed, training: file.training });
    expect(JSON.parse(formatModel(read, { seed, training }))).toEqual(JSON.parse(damaged));
    expect(whitespace.test(damaged)).toBe(false);
    expect(net.sizes).toEqual([4, 4, 1]);
  }
  expect(refused).toBeGreaterThan(1_000);
});
