// What a cell puts out, and how much of it.

import { expect, test } from "vitest";
import { defaultLimits, type Output, Outputs } from "../../src/cells/outputs.ts";

test("Outputs.print: neighbouring texts of one stream are one output, told as they come", () => {
  const told: Output[] = [];
  const outputs = new Outputs(defaultLimits, (output) => told.push(output));
  outputs.print("stdout", "a\n");
  outputs.print("stdout", "b\n");
  outputs.print("stderr", "c\n");
  expect(outputs.list).toEqual([
    { output_type: "stream", name: "stdout", text: "a\nb\n" },
    { output_type: "stream", name: "stderr", text: "c\n" },
  ]);
  expect(told).toHaveLength(3);
});

test("Outputs.print: no more lines or characters than the limits, and a message once", () => {
  const outputs = new Outputs({ lines: 3, characters: 10, result: 5 }, () => {});
  outputs.print("stdout", "1\n2\n3\n4\n5\n");
  outputs.print("stdout", "6\n");
  expect(outputs.full).toBe(true);
  expect(outputs.list).toMatchObject([
    { name: "stdout", text: "1\n2\n3\n" },
    {
      name: "stderr",
      text: "\nMore output is not shown: a cell may print 3 lines or 10 characters.\n",
    },
  ]);
  const long = new Outputs({ lines: 3, characters: 10, result: 5 }, () => {});
  long.print("stdout", "x".repeat(100));
  expect(long.list[0]).toMatchObject({ text: "x".repeat(10) });
});

test("Outputs.show: a result over the limit is a line that says so", () => {
  const outputs = new Outputs({ ...defaultLimits, result: 1000 }, () => {});
  outputs.show({ "image/svg+xml": "x".repeat(2345) });
  const plain = "Not shown: 2,345 characters; a result may have 1,000.";
  expect(outputs.list).toMatchObject([{ data: { "text/plain": plain } }]);
});
