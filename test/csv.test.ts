// CSV: what is read, what is written, and what is damaged.

import fc from "fast-check";
import { expect, test } from "vitest";
import { formatCSV, parseCSV } from "../src/csv.ts";
import {
  cube,
  type DataSet,
  evenOdd,
  makeCircles,
  makeMoons,
  makeSine,
  makeSpirals,
  makeYinYang,
  xor,
} from "../src/data.ts";
import { pythonRandom } from "../src/random.ts";
import "./closeness.ts";

const rowsOf = (data: DataSet) => data.inputs.map((row, i) => [...row, ...data.targets[i]]);

test("parseCSV: the last column is the target, the others are inputs", () => {
  const data = parseCSV("x1,x2,y\n0,0.5,-1\n-2e3,+.25,1\n", { name: "mine" });
  expect(data).toEqual({
    name: "mine",
    task: "sign",
    inputs: [
      [0, 0.5],
      [-2000, 0.25],
    ],
    targets: [[-1], [1]],
  });
});

test("parseCSV: targets may be several columns", () => {
  const data = parseCSV("1,2,3,4\n5,6,7,8", { targets: 3 });
  expect(data.inputs).toEqual([[1], [5]]);
  expect(data.targets).toEqual([
    [2, 3, 4],
    [6, 7, 8],
  ]);
  expect(data.task).toBe("regression");
});

test.each([
  ["LF", "1,2\n3,4\n"],
  ["CRLF", "1,2\r\n3,4\r\n"],
  ["no line end at the end", "1,2\n3,4"],
  ["blank lines at the end", "1,2\n3,4\n\n  \r\n\t\n"],
  ["a byte order mark", "\ufeff1,2\n3,4\n"],
  ["a byte order mark and a header", '\ufeff"a","b"\n1,2\n3,4\n'],
  ["blanks around numbers", " 1 ,\t2\n3 , 4 \n"],
  ["quoted numbers", '"1","2"\r\n"3",4\r\n'],
  ["a quoted header with commas and quotes", '"a, b","say ""c"""\n1,2\n3,4\n'],
  ["a header with an empty name", ",y\n1,2\n3,4\n"],
])("parseCSV: reads %s", (_, text) => {
  const data = parseCSV(text);
  expect(rowsOf(data)).toEqual([
    [1, 2],
    [3, 4],
  ]);
});

test("parseCSV: header true and false say what is in the first line", () => {
  expect(rowsOf(parseCSV("2020,2021\n1,2\n", { header: true }))).toEqual([[1, 2]]);
  expect(() => parseCSV("a,b\n1,2\n", { header: false })).toThrow(
    'parseCSV: line 1, column 1: expected a number, got "a"',
  );
});

test.each([
  ["-1 and 1", [-1, 1, 1], "sign", undefined],
  ["only 1", [1, 1], "sign", undefined],
  ["0 and 1, each twice", [0, 1, 1, 0], "classes", 2],
  ["0, 1 and 2, each twice", [2, 1, 0, 0, 1, 2], "classes", 3],
  ["-0 is 0", [-0, 1, 1, 0], "classes", 2],
  ["0, 1, 2 once each: rather numbers", [0, 1, 2], "regression", undefined],
  ["class 1 missing", [0, 2, 0, 2], "regression", undefined],
  ["only 0", [0, 0, 0], "regression", undefined],
  ["halves", [0, 0.5, 0, 0.5], "regression", undefined],
  ["-1, 0 and 1", [-1, 0, 1, -1, 0, 1], "regression", undefined],
])("parseCSV: the task of targets %s", (_, targets, task, classes) => {
  const data = parseCSV(targets.map((target) => `7,${target}\n`).join(""));
  expect([data.task, data.classes]).toEqual([task, classes]);
});

test("parseCSV: a given task wins over the guess, and is checked", () => {
  const text = "x,y\n1,0\n2,1\n3,0\n4,1\n";
  expect(parseCSV(text, { task: "regression" }).task).toBe("regression");
  expect(parseCSV("1,0\n1,4\n", { task: "classes" })).toMatchObject({
    task: "classes",
    classes: 5,
  });
  expect(() => parseCSV(text, { task: "sign" })).toThrow(
    "parseCSV: line 2: expected a target of -1 or 1, got 0",
  );
  expect(() => parseCSV("1,0\n1,0.5\n", { task: "classes" })).toThrow(
    "parseCSV: line 2: expected the number of a class, 0 to 999, got 0.5",
  );
  expect(() => parseCSV("1,1000\n", { task: "classes" })).toThrow("parseCSV: line 1: expected");
  expect(() => parseCSV("1,1,1\n", { task: "sign", targets: 2 })).toThrow(
    new RangeError('parseCSV: expected 1 target column for the task "sign", got 2'),
  );
});

test.each([
  ["", "parseCSV: expected lines of numbers, got empty text"],
  ["\ufeff\r\n \n", "parseCSV: expected lines of numbers, got empty text"],
  ["a,b\n\n", "parseCSV: expected lines of numbers after the header in line 1, got none"],
  [
    "1\n2\n",
    "line 1: expected at least 2 columns separated by commas (1 of inputs, 1 of targets), got 1",
  ],
  [
    "x;y\n1;2\n",
    "line 1: expected at least 2 columns separated by commas (1 of inputs, 1 of targets), got 1",
  ],
  ["1,2\n3\n", "parseCSV: line 2: expected 2 fields as in line 1, got 1"],
  ["x,y\n1,2\n3,4,5\n", "parseCSV: line 3: expected 2 fields as in line 1, got 3"],
  ["1,2\n\n3,4\n", "parseCSV: line 2: expected 2 numbers, got a blank line"],
  ["\n1,2\n", "line 1: expected at least 2 columns"],
  ["1,2\n3,\n", "parseCSV: line 2, column 2: expected a number, got an empty field"],
  ['x,y\n"",4\n', 'parseCSV: line 2, column 1 ("x"): expected a number, got an empty field'],
  ['x,"a ""b"""\n1,\n', 'line 2, column 2 ("a \\"b\\""): expected a number, got an empty field'],
  ["x,y\n1,abc\n", 'parseCSV: line 2, column 2 ("y"): expected a number, got "abc"'],
  ["1,abc\n2,3\n", 'parseCSV: line 1, column 2: expected a number, got "abc"'],
  ["NaN,nan\n2,3\n", 'parseCSV: line 1, column 1: expected a number, got "NaN"'],
  ["1,NaN\n", 'line 1, column 2: expected a number, got "NaN"'],
  ["1,Infinity\n", 'line 1, column 2: expected a number, got "Infinity"'],
  ["1,-inf\n", 'line 1, column 2: expected a number, got "-inf"'],
  ["0x10,1\n", 'line 1, column 1: expected a number, got "0x10"'],
  ["1_000,1\n", 'line 1, column 1: expected a number, got "1_000"'],
  ["1e,1\n", 'line 1, column 1: expected a number, got "1e"'],
  [".,1\n", 'line 1, column 1: expected a number, got "."'],
  ["1 2,1\n", 'line 1, column 1: expected a number, got "1 2"'],
  ["1..5,2..5\n3,4\n", 'line 1, column 1: expected a number, got "1..5"'],
  ["1e999,1\n", 'line 1, column 1: expected a number below 1.8e308 in size, got "1e999"'],
  ['1,2\n"3,4\n', 'line 2: expected the quote to be closed on its line, got "\\"3,4"'],
  ['1,2\n"3"x,4\n', 'line 2: expected a comma after the quote, got "\\"x,4"'],
  ['1,2\n3"",4\n', 'line 2: expected a quote only around a whole field, got "3\\"\\",4"'],
  ["1,2\r3,4\r", 'line 1, column 2: expected a number, got "2\\r3"'],
  ["1,2\u0000\n", 'line 1, column 2: expected a number, got "2\\u0000"'],
  ["1,\u001b[31m2\n", 'line 1, column 2: expected a number, got "\\u001b[31m2"'],
  [`1,${"9".repeat(200)}x\n`, `line 1, column 2: expected a number, got "${"9".repeat(60)}"…`],
])("parseCSV(%j): is refused, and the line named", (text, message) => {
  expect(() => parseCSV(text)).toThrow(message);
});

test("parseCSV: wrong arguments are refused by name", () => {
  const wrong = (text: unknown, options?: unknown) => () =>
    parseCSV(text as string, options as { targets: number });
  for (const text of [undefined, null, 12, ["1,2"], { text: "1,2" }]) {
    expect(wrong(text)).toThrow(TypeError);
    expect(wrong(text)).toThrow(/^parseCSV: expected text, got /);
  }
  expect(wrong("1,2", { target: 1 })).toThrow(TypeError);
  expect(wrong("1,2", { targets: "1" })).toThrow(TypeError);
  expect(wrong("1,2", { targets: 0 })).toThrow(/^parseCSV: expected targets to be a whole number/);
  expect(wrong("1,2", { name: 5 })).toThrow(/^parseCSV: expected name to be text, got 5$/);
  expect(wrong("1,2", { header: "yes" })).toThrow(/^parseCSV: expected header to be true or false/);
  expect(wrong("1,2", { task: "guess" })).toThrow(/^parseCSV, task: expected one of regression/);
});

test("formatCSV: a header, then every number with the digits that it needs", () => {
  expect(formatCSV(xor())).toBe("x1,x2,y\n0,0,-1\n0,1,1\n1,0,1\n1,1,-1\n");
  const data: DataSet = {
    name: "awkward",
    task: "regression",
    inputs: [[-0], [0.1 + 0.2]],
    targets: [
      [5e-324, 1],
      [Number.MAX_VALUE, 1e21],
    ],
  };
  expect(formatCSV(data)).toBe(
    "x1,y1,y2\n-0,5e-324,1\n0.30000000000000004,1.7976931348623157e+308,1e+21\n",
  );
});

test("formatCSV: what CSV cannot hold is refused", () => {
  const data = { ...xor(), inputs: [[0], [Number.POSITIVE_INFINITY], [1], [1]] };
  expect(() => formatCSV(data)).toThrow("formatCSV: expected inputs[1][0] finite, got Infinity");
});

test("parseCSV(formatCSV(data)): gives the same bits, -0 and the smallest numbers included", () => {
  const double = fc.double({ noNaN: true, noDefaultInfinity: true });
  const number = fc.oneof(double, fc.constantFrom(-0, 5e-324, -5e-324, 2.2e-308, 1e308, 1 / 3));
  const table = fc
    .record({ inputs: fc.integer({ min: 1, max: 4 }), targets: fc.integer({ min: 1, max: 3 }) })
    .chain(({ inputs, targets }) => {
      const row = fc.tuple(
        fc.array(number, { minLength: inputs, maxLength: inputs }),
        fc.array(number, { minLength: targets, maxLength: targets }),
      );
      return fc.array(row, { minLength: 1, maxLength: 10 });
    });
  fc.assert(
    fc.property(table, (rows) => {
      const inputs = rows.map(([input]) => input);
      const targets = rows.map(([, target]) => target);
      const data: DataSet = { name: "any", task: "regression", inputs, targets };
      const options = { name: "any", targets: targets[0]!.length, task: "regression" } as const;
      // toEqual tells -0 from 0, and all other numbers by their value: these are the same bits.
      expect(parseCSV(formatCSV(data), options)).toEqual(data);
    }),
    { seed: 6, numRuns: 500 },
  );
});

test("parseCSV(formatCSV(data)): the built-in sets come back with their task", () => {
  const sets = [evenOdd(), cube(), xor(), makeMoons(), makeCircles(), makeSine(), makeYinYang()];
  for (const data of [...sets, makeSpirals(), makeSpirals({ classes: 5 })]) {
    expect(parseCSV(formatCSV(data), { name: data.name })).toEqual(data);
  }
});

test("parseCSV: a damaged text gives an error with the line, or just the numbers it shows", () => {
  const random = pythonRandom(7);
  const pieces = [
    ...'0123456789,,,\n\n..--eE+ \t""xX\r\u0000\u009b',
    "\r\n",
    "NaN",
    "1e999",
    "😀",
    "\ufeff",
  ];
  let refused = 0;
  let read = 0;
  for (let i = 0; i < 1000; i++) {
    const header = random.integer(2) === 0 ? "a,b,c\n" : "";
    let text = `${header}1,2,-1\n3.5,-4e2,1\n.5,6,1\n`;
    for (let damages = 1 + random.integer(2); damages > 0; damages--) {
      const at = random.integer(text.length + 1);
      const piece = pieces[random.integer(pieces.length)]!;
      text = text.slice(0, at) + piece + text.slice(at + random.integer(4));
    }
    const shown = JSON.stringify(text);
    let rows: number[][];
    try {
      rows = rowsOf(parseCSV(text));
    } catch (error) {
      refused++;
      expect((error as Error).constructor, shown).toBe(Error);
      expect((error as Error).message, shown).toMatch(/^parseCSV: .*(line \d+|empty)/);
      continue;
    }
    read++;
    expect(rows.flat().every(Number.isFinite), shown).toBe(true);
    // The plainest reading there is, from the end because there may be a header.
    const lines = text.replace("\ufeff", "").replaceAll('"', "").trimEnd().split("\n");
    const plain = lines.slice(-rows.length).map((line) => line.split(",").map(Number));
    expect(rows, shown).toEqual(plain);
    expect(lines.length - rows.length, shown).toBeLessThanOrEqual(1);
  }
  expect(refused).toBeGreaterThan(300);
  expect(read).toBeGreaterThan(100);
});

test("parseCSV: takes time in proportion to the text, whatever it is made of", () => {
  // With time in proportion to the square of these lengths the test would run into its time limit.
  const million = 1_000_000;
  const rows = parseCSV("1.25,-3e-7,1\n".repeat(100_000));
  expect(rows.inputs.length).toBe(100_000);
  const awkward = [
    `1,${"1".repeat(million)}x`,
    `1,1${" ".repeat(million)}x`,
    `1,${" ".repeat(million)}x`,
    `1,1.${"0".repeat(million)}x`,
    `1,1e${"0".repeat(million)}x`,
    `1,"${'""'.repeat(million)}`,
    `1,2\n${'"",'.repeat(million)}`,
    `1,2${"\n".repeat(million)}x`,
    `${" \r".repeat(million)}x`,
  ];
  for (const text of awkward) expect(() => parseCSV(text)).toThrow(/line \d+/);
  expect(() => parseCSV("\n".repeat(million))).toThrow(/empty/);
});
