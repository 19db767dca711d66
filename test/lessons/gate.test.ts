// The gate between Jupyter and Deno.

import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { Cells, explain } from "../../scripts/kernel/errors.mjs";
import { gate } from "../../scripts/kernel/gate.mjs";
import { findDeno } from "../../scripts/lessons/deno.mjs";
import { freePorts, Kernel, type Output, sign } from "../../scripts/lessons/kernel.mjs";
import { setUpKernel, textOf } from "../../scripts/lessons/run.mjs";
import { Socket } from "../../scripts/lessons/zmtp.mjs";
import { root } from "../../scripts/set-up.mjs";

await setUpKernel("the tests");
const program = [join(root, "scripts", "kernel", "gate.mjs"), findDeno() ?? ""];
const kernel = await Kernel.start(process.execPath, root, program);
afterAll(() => kernel.stop());

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
  const other = await Kernel.start(process.execPath, root, program);
  const text = async (code: string) => textOf(await other.execute(code));
  expect(await text('console.log("x".repeat(100_000).length);\n1 + 1')).toBe("100000\n2\n");
  setTimeout(() => other.interrupt(), 300);
  expect(await text("for (;;) {}")).toBe("Interrupted: the cell was stopped\n");
  const pid = Number(await text("Deno.pid"));
  await other.stop();
  const isAlive = () => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  };
  await expect.poll(isAlive, { timeout: 10_000 }).toBe(false);
});

const after = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const isError = (output: Output) => output.output_type === "error";

test("gate: a cell that cannot be parsed shows what is wrong and where", async () => {
  const evalue = 'Unexpected ";" (line 2, column 19)';
  const traceback = [`SyntaxError: ${evalue}`, "const y: number = ;", `${" ".repeat(18)}^`];
  expect(await kernel.execute("// a slip\nconst y: number = ;")).toEqual([
    { output_type: "error", ename: "SyntaxError", evalue, traceback },
  ]);
  expect(textOf(await kernel.execute("1 + 1"))).toBe("2\n");
});

test("gate: errors that Deno publishes come once, as they are", async () => {
  const errors = async (code: string) => textOf((await kernel.execute(code)).filter(isError));
  expect(await errors('console.log(1); throw new RangeError("no");')).toBe("RangeError: no\n");
  expect(await errors("throw 3;")).toBe("Error: 3\n");
  expect(await errors("const once = 1;")).toBe("");
  const again = "SyntaxError: Identifier 'once' has already been declared\n";
  expect(await errors("let once = 2;")).toBe(again);
});

test("gate: all other outputs are the same, large ones too", async () => {
  const big = textOf(await kernel.execute('console.log("x".repeat(5_000_000));'));
  expect(big.length).toBe(5_000_001);
  expect(await kernel.execute('console.log("a");\nconsole.error("b");\n[1, "x"]')).toEqual([
    { output_type: "stream", name: "stdout", text: "a\n" },
    { output_type: "stream", name: "stderr", text: "b\n" },
    expect.objectContaining({ data: { "text/plain": '[ 1, "x" ]' } }),
  ]);
});

/** A kernel through the gate, with one client that asks and several that listen. */
async function startWithListeners(key: string, count: number) {
  const folder = mkdtempSync(join(tmpdir(), "chainrule-gate-"));
  const file = join(folder, "connection.json");
  const [shell_port = 0, iopub_port = 0, control_port, stdin_port, hb_port] = await freePorts(5);
  const ports = { shell_port, iopub_port, control_port, stdin_port, hb_port };
  const how = { transport: "tcp", ip: "127.0.0.1", key, signature_scheme: "hmac-sha256" };
  writeFileSync(file, JSON.stringify({ ...ports, ...how }));
  const env = { ...process.env, NO_COLOR: "1" };
  const child = spawn(process.execPath, [...program, file], { cwd: root, env, stdio: "ignore" });
  const open = async (port: number, type: "DEALER" | "SUB", take: (frames: Buffer[]) => void) => {
    for (;;) {
      try {
        return await Socket.open(port, type, take);
      } catch {
        await after(20);
      }
    }
  };
  /** What each listener got, by the request that it belongs to. */
  const got = Array.from({ length: count }, () => new Map<string, string[]>());
  const listen = (seen: Map<string, string[]>) => (frames: Buffer[]) => {
    const [signature = "", ...parts] = frames.slice(1).map((frame) => frame.toString());
    const [header, parent, , content] = parts.map((part) => JSON.parse(part));
    const { text, evalue, execution_state: state } = content;
    if (signature !== sign(key, parts)) throw new Error("a wrong signature");
    const shown = text?.trim() ?? evalue ?? state ?? content.data?.["text/plain"];
    const list = seen.get(parent.msg_id) ?? [];
    seen.set(parent.msg_id, [...list, `${header.msg_type} ${shown}`]);
  };
  const shell = await open(shell_port, "DEALER", () => {});
  const sockets = await Promise.all(got.map((seen) => open(iopub_port, "SUB", listen(seen))));
  const ask = (msg_type: string, content: object) => {
    const header = {
      msg_id: randomUUID(),
      msg_type,
      session: "test",
      username: "",
      version: "5.3",
    };
    const parts = [{ ...header, date: new Date().toISOString() }, {}, {}, content];
    const texts = parts.map((part) => JSON.stringify(part));
    shell.send(["<IDS|MSG>", sign(key, texts), ...texts]);
    return header.msg_id;
  };
  while (got.some((seen) => seen.size === 0)) {
    ask("kernel_info_request", {}); // a subscription takes effect a little later
    await after(50);
  }
  const stop = () => {
    for (const socket of [shell, ...sockets]) socket.close();
    child.kill();
    rmSync(folder, { recursive: true });
  };
  return { got, ask, run: (code: string) => ask("execute_request", { code, silent: false }), stop };
}

test("gate: of 30 cells at once each has its outputs, for every listener, errors before the end", async () => {
  const { got, run, stop } = await startWithListeners("a key", 2);
  const kinds = Array.from({ length: 30 }, (_, i) => (i % 10 === 5 ? "wrong" : "right"));
  const cells = kinds.map((kind, i) =>
    kind === "wrong" ? `const a${i} = ;` : `console.log("printed ${i}"); ${i}`,
  );
  const ids = cells.map(run);
  const expected = kinds.map((kind, i) => {
    if (kind === "right") return [`execute_result ${i}`, `stream printed ${i}`];
    return [`error Unexpected ";" (line 1, column ${cells[i]?.length})`, "status idle"];
  });
  const outputs = (seen: Map<string, string[]>) =>
    ids.map((id, i) => {
      const all = (seen.get(id) ?? []).filter((what) => !/busy|execute_input/.test(what));
      return kinds[i] === "wrong" ? all : all.filter((what) => what !== "status idle").sort();
    });
  try {
    for (const seen of got) {
      await expect.poll(() => outputs(seen), { timeout: 20_000 }).toEqual(expected);
    }
  } finally {
    stop();
  }
});

test("gate: without a key nothing is signed, and what nobody can read is handed on", async () => {
  const { got, ask, run, stop } = await startWithListeners("", 1);
  try {
    ask("execute_request", { code: 5 });
    ask("no_such_request", {});
    const id = run("const = 1;");
    await expect
      .poll(() => got[0]?.get(id), { timeout: 20_000 })
      .toEqual(expect.arrayContaining(['error Unexpected "=" (line 1, column 7)', "status idle"]));
  } finally {
    stop();
  }
});

test("Cells: nothing that comes is too odd", async () => {
  const cells = new Cells("");
  const odd = [[], ["x"], ["<IDS|MSG>"], ["<IDS|MSG>", "", "{", "null", "5", '"'], ["", "{}"]];
  for (const frames of odd.map((texts) => texts.map((text) => Buffer.from(text)))) {
    cells.asked(frames);
    cells.answered(frames);
    expect(await cells.before(frames)).toBe(undefined);
  }
});

test("explain: the word, the line and a mark below it; what is not known is not made up", async () => {
  const lines = async (code: string, stopped = false) => (await explain(code, stopped)).traceback;
  expect(await lines("\tfoo bar")).toEqual([
    'SyntaxError: Unexpected "bar", expected ";" (line 1, column 6)',
    "\tfoo bar",
    "\t    ^",
  ]);
  expect(await lines("f(1,\n  2\n\n")).toEqual([
    'SyntaxError: Unexpected end of the cell, expected "," (line 2, column 4)',
    "  2",
    "   ^",
  ]);
  expect((await lines('say("hi'))[0]).toMatch(/^SyntaxError: Unterminated string .*column 5\)$/);
  const long = await lines(`${"x".repeat(500)} y`);
  expect(long[1]?.length).toBeLessThan(100);
  expect(long[1]?.[long[2]?.indexOf("^") ?? 0]).toBe("y");
  expect(await lines("1 + 1")).toEqual(["SyntaxError: this cell could not be read"]);
  expect(await lines("1 + 1", true)).toEqual(["Interrupted: the cell was stopped"]);
});
