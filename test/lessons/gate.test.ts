// The gate between Jupyter and Deno.

import { join } from "node:path";
import { expect, test } from "vitest";
import { gate } from "../../scripts/kernel/gate.mjs";
import { findDeno } from "../../scripts/lessons/deno.mjs";
import { Kernel } from "../../scripts/lessons/kernel.mjs";
import { setUpKernel, textOf } from "../../scripts/lessons/run.mjs";
import { root } from "../../scripts/set-up.mjs";

await setUpKernel("the tests");

test("gate: one cell at a time, the next a moment after the last one's reply", async () => {
  const sent: string[] = [];
  const { request, reply } = gate((message) => sent.push(message.toString()), 20);
  for (const cell of ["a", "b", "c"]) request(Buffer.from(cell), "execute_request");
  request(Buffer.from("question"), "kernel_info_request");
  expect(sent).toEqual(["a", "question"]);
  reply("kernel_info_reply");
  reply("execute_reply");
  expect(sent.length).toBe(2);
  await expect.poll(() => sent).toEqual(["a", "question", "b"]);
  reply("execute_reply");
  await expect.poll(() => sent.at(-1)).toBe("c");
  reply("execute_reply");
  await new Promise((resolve) => setTimeout(resolve, 50));
  request(Buffer.from("d"), "execute_request");
  expect(sent.at(-1)).toBe("d");
});

test("gate: Deno behind it is the same kernel, can be interrupted, and ends with it", async () => {
  const args = [join(root, "scripts", "kernel", "gate.mjs"), findDeno() ?? ""];
  const kernel = await Kernel.start(process.execPath, root, args);
  const text = async (code: string) => textOf(await kernel.execute(code));
  expect(await text('console.log("x".repeat(100_000).length);\n1 + 1')).toBe("100000\n2\n");
  setTimeout(() => kernel.interrupt(), 300);
  await kernel.execute("for (;;) {}", 10_000);
  const pid = Number(await text("Deno.pid"));
  await kernel.stop();
  const isAlive = () => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  };
  await expect.poll(isAlive, { timeout: 10_000 }).toBe(false);
});
