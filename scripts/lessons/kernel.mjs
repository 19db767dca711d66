// A running Deno kernel, and one cell at a time in it: Jupyter's messaging protocol
// (jupyter-client.readthedocs.io, "Messaging in Jupyter"). Read zmtp.mjs first.

import { spawn } from "node:child_process";
import { createHmac, randomUUID } from "node:crypto";
import * as fs from "node:fs";
import { createServer } from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import { Socket } from "./zmtp.mjs";

/**
 * What a cell put out, as notebooks keep it.
 * @typedef {{ output_type: "stream", name: "stdout" | "stderr", text: string }} Stream
 * @typedef {{ [type: string]: unknown }} Bundle the same thing in several media types
 * @typedef {{ output_type: "display_data", data: Bundle, metadata: object }} Display
 * @typedef {{ output_type: "execute_result", data: Bundle, metadata: object, execution_count: number }} Result
 * @typedef {{ output_type: "error", ename: string, evalue: string, traceback: string[] }} Failure
 * @typedef {Stream | Display | Result | Failure} Output
 */

/** @typedef {{ header: any, parent_header: any, content: any }} Message what other programs send */

const STARTING = 30_000;

/** What ends a process that says nothing else. */
const SIGNALS = /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"]);

/** The kernel did not do what was asked of it: it took too long, or it died. */
export class KernelError extends Error {
  /** @override */
  name = "KernelError";
}

/** A kernel that runs. It ends with `stop`, and with this process however that ends. */
export class Kernel {
  /** @type {import("node:child_process").ChildProcess | undefined} */
  #process;
  #key = randomUUID();
  #session = randomUUID();
  #connection = ""; // the path of the file that tells the kernel its ports
  /** @type {Socket[]} */
  #sockets = [];
  /** Receives what comes. @type {(message: Message) => void} */
  #listener = () => {};
  /** Called when the kernel dies. @type {(error: KernelError) => void} */
  #onDeath = () => {};
  /** @type {KernelError | undefined} */
  #death;
  #complaints = ""; // what the kernel's own process wrote

  /**
   * Starts a kernel in a folder: cells import packages from there.
   * @param {string} deno the path of the program
   * @param {string} cwd
   * @param {string[]} args of the program, before the file that tells it its ports
   */
  static async start(deno, cwd, args = ["jupyter", "--kernel", "--conn"]) {
    for (let attempt = 1; ; attempt++) {
      const kernel = new Kernel();
      try {
        await kernel.#start(deno, cwd, args);
        return kernel;
      } catch (error) {
        await kernel.stop();
        // Another program may have taken one of our ports before Deno did.
        if (attempt === 3) throw error;
      }
    }
  }

  /** The kernel's process. */
  get pid() {
    return this.#process?.pid;
  }

  /**
   * @param {string} deno
   * @param {string} cwd
   * @param {string[]} args
   */
  async #start(deno, cwd, args) {
    const [shell, iopub, control, stdin, heartbeat] = await freePorts(5);
    this.#connection = path.join(os.tmpdir(), `chainrule-kernel-${this.#session}.json`);
    const ports = { shell_port: shell, iopub_port: iopub, control_port: control };
    const others = { stdin_port: stdin, hb_port: heartbeat, transport: "tcp", ip: "127.0.0.1" };
    const signature = { key: this.#key, signature_scheme: "hmac-sha256" };
    const connection = JSON.stringify({ ...ports, ...others, ...signature });
    fs.writeFileSync(this.#connection, connection, { mode: 0o600 });

    const child = spawn(deno, [...args, this.#connection], {
      cwd,
      env: { ...process.env, NODE_OPTIONS: "", NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" },
      // It watches our end of its input: see `preparation`.
      stdio: ["pipe", "pipe", "pipe"],
    });
    this.#process = child;
    process.once("exit", this.#kill);
    for (const signal of SIGNALS) process.once(signal, this.#onSignal);
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (text) => (this.#complaints = (this.#complaints + text).slice(-2000)));
    }
    child.stdin.on("error", () => {}); // it died: "exit" says so
    child.on("error", (error) => this.#die(error.message));
    child.on("exit", (code, signal) => {
      this.#die(`the kernel died (${signal ?? `exit code ${code}`})${indent(this.#complaints)}`);
    });

    await this.#orDeath(waitForPort(shell, STARTING));
    const take = (/** @type {Buffer[]} */ frames) => this.#listener(this.#unpack(frames));
    const opened = [
      Socket.open(shell, "DEALER", take),
      Socket.open(control, "DEALER", take),
      Socket.open(iopub, "SUB", take),
    ];
    this.#sockets = await this.#orDeath(Promise.all(opened));
    // A subscription takes effect a little later: ask until an answer is also published.
    await this.#orDeath(this.#waitForPublished());
    fs.rmSync(this.#connection); // it has been read, and holds the key
    await this.execute(preparation);
  }

  /**
   * Runs a cell to its end.
   * @param {string} code
   * @param {number} limit milliseconds; a cell that takes longer ends the kernel
   * @returns {Promise<Output[]>} the last is the error, if there was one; a syntax error too
   */
  async execute(code, limit = 60_000) {
    /** @type {Output[]} */
    const outputs = [];
    const reply = await this.#ask(code, outputs, () => true, limit);
    // Deno sends what a cell prints and what it shows through queues, and the rest of both after it
    // has said that it is done. So we print and show something: when both have come, all has.
    const mark = `end of ${randomUUID()}`;
    const both = `${PRINT}("${mark}");\n"${mark}"`;
    let missing = 2;
    const haveCome = () => {
      missing -= removeMark(outputs, mark);
      return missing === 0;
    };
    await this.#ask(both, outputs, haveCome, STARTING);

    const failed = outputs.some((output) => output.output_type === "error");
    if (reply.status !== "ok" && !failed) {
      // Deno publishes nothing when the code cannot even be parsed.
      const { ename = "Error", evalue = "the cell did not run", traceback = [] } = reply;
      outputs.push({ output_type: "error", ename, evalue, traceback });
    }
    return inOrder(outputs);
  }

  /**
   * Has the kernel run some code, and waits until it is idle again and `isComplete`.
   * @param {string} code
   * @param {Output[]} outputs what is put out meanwhile is added here
   * @param {() => boolean} isComplete
   * @param {number} limit milliseconds
   * @returns {Promise<any>} its reply
   */
  async #ask(code, outputs, isComplete, limit) {
    /** @type {any} */
    let reply;
    let idle = false;
    /** @type {NodeJS.Timeout | undefined} */
    let timer;
    const id = this.#send(0, "execute_request", {
      ...{ code, silent: false, store_history: true, user_expressions: {} },
      ...{ allow_stdin: false, stop_on_error: false },
    });
    const done = new Promise((resolve, reject) => {
      this.#listener = ({ header, parent_header, content }) => {
        const own = parent_header.msg_id === id;
        if (header.msg_type === "execute_reply" && own) reply = content;
        else if (header.msg_type === "status") idle ||= own && content.execution_state === "idle";
        else collect(outputs, header.msg_type, content);
        if (reply !== undefined && idle && isComplete()) resolve(undefined);
      };
      timer = setTimeout(() => {
        const seconds = limit / 1000;
        reject(new KernelError(`the cell did not end within ${seconds} seconds`));
      }, limit);
    });
    try {
      await this.#orDeath(done);
    } catch (error) {
      await this.stop();
      throw error;
    } finally {
      clearTimeout(timer);
      this.#listener = () => {};
    }
    return reply;
  }

  /** Stops the cell that runs, as the stop button of Jupyter does. */
  interrupt() {
    this.#send(1, "interrupt_request", {});
  }

  /** Ends the kernel. */
  async stop() {
    for (const socket of this.#sockets) socket.close();
    fs.rmSync(this.#connection, { force: true });
    this.#forget();
    const child = this.#process;
    if (child === undefined || this.#death !== undefined) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    this.#kill();
    await ended;
  }

  /** Ends the kernel, then this process as the signal would have: a cell may never end by itself. */
  #onSignal = (/** @type {NodeJS.Signals} */ signal) => {
    this.#kill();
    this.#forget();
    process.kill(process.pid, signal);
  };

  #forget() {
    process.off("exit", this.#kill);
    for (const signal of SIGNALS) process.off(signal, this.#onSignal);
  }

  #kill = () => {
    this.#process?.kill("SIGKILL");
    fs.rmSync(this.#connection, { force: true });
  };

  /** @param {string} reason */
  #die(reason) {
    this.#death ??= new KernelError(reason);
    this.#onDeath(this.#death);
  }

  /**
   * @template T
   * @param {Promise<T>} work
   * @returns {Promise<T>}
   */
  #orDeath(work) {
    const death = new Promise((_, reject) => {
      this.#onDeath = reject;
      if (this.#death !== undefined) reject(this.#death);
    });
    return Promise.race([work, /** @type {Promise<never>} */ (death)]);
  }

  async #waitForPublished() {
    let published = false;
    this.#listener = ({ header }) => (published ||= header.msg_type === "status");
    const end = performance.now() + STARTING;
    while (!published) {
      if (performance.now() > end) throw new KernelError("the kernel does not answer");
      this.#send(0, "kernel_info_request", {});
      await pause(50);
    }
  }

  /**
   * @param {0 | 1} socket shell or control
   * @param {string} type
   * @param {object} content
   */
  #send(socket, type, content) {
    const id = randomUUID();
    const header = {
      ...{ msg_id: id, msg_type: type, session: this.#session, username: "chainrule" },
      ...{ date: new Date().toISOString(), version: "5.3" },
    };
    const parts = [header, {}, {}, content].map((part) => JSON.stringify(part));
    this.#sockets[socket].send(["<IDS|MSG>", sign(this.#key, parts), ...parts]);
    return id;
  }

  /**
   * @param {Buffer[]} frames identities, a mark, the signature, header, parent header, metadata, content
   * @returns {Message}
   */
  #unpack(frames) {
    const start = frames.findIndex((frame) => frame.toString() === "<IDS|MSG>");
    const parts = frames.slice(start + 2, start + 6).map((frame) => frame.toString());
    if (frames[start + 1].toString() !== sign(this.#key, parts)) {
      throw new KernelError("a message with a wrong signature came from the kernel's port");
    }
    const [header, parent_header, , content] = parts.map((part) => JSON.parse(part));
    return { header, parent_header, content };
  }
}

const PRINT = "__print__"; // console.log in the kernel, whatever cells put in its place

// Runs in the kernel before any cell. When our process ends, whatever the reason, the pipe to the
// kernel's input is closed, and the kernel ends too.
const preparation = `void (async () => {
  for await (const _ of Deno.stdin.readable);
  Deno.exit();
})();
Object.defineProperty(globalThis, "${PRINT}", { value: console.log });`;

/**
 * Adds what a message puts out.
 * @param {Output[]} outputs
 * @param {string} type of the message
 * @param {any} content
 */
function collect(outputs, type, content) {
  const last = outputs.at(-1);
  if (type === "stream") {
    const { name, text } = content;
    if (last?.output_type === "stream" && last.name === name) last.text += text;
    else outputs.push({ output_type: type, name, text });
  } else if (type === "display_data") {
    const { data, metadata } = content;
    outputs.push({ output_type: type, data: asBundle(data), metadata });
  } else if (type === "execute_result") {
    const { data, metadata, execution_count } = content;
    outputs.push({ output_type: type, data: asBundle(data), metadata, execution_count });
  } else if (type === "error") {
    const { ename, evalue, traceback } = content;
    outputs.push({ output_type: type, ename, evalue, traceback });
  }
}

/**
 * What a value's own display method gave, whatever it gave.
 * @param {any} data
 * @returns {Bundle}
 */
function asBundle(data) {
  const isBundle = typeof data === "object" && data !== null && !Array.isArray(data);
  return isBundle ? data : { [TEXT]: JSON.stringify(data) };
}

/**
 * Takes away what we printed or showed ourselves.
 * @param {Output[]} outputs
 * @param {string} mark
 * @returns {number} how often it has come
 */
function removeMark(outputs, mark) {
  const ourLine = new RegExp(` *${mark}\n`);
  let found = 0;
  for (const output of [...outputs]) {
    const printed = output.output_type === "stream" && output.text.includes(`${mark}\n`);
    const shown = "data" in output && output.data[TEXT] === `"${mark}"`;
    if (!printed && !shown) continue;
    if (printed) output.text = output.text.replace(ourLine, ""); // a group may have set it in
    if (shown || (printed && output.text === "")) outputs.splice(outputs.indexOf(output), 1);
    found += 1;
  }
  return found;
}

const TEXT = "text/plain";

/** Outputs as they should have come: the queue for printed text is slower than the rest. */
function inOrder(/** @type {Output[]} */ outputs) {
  const rank = { stream: 0, display_data: 1, execute_result: 1, error: 2 };
  return [...outputs].sort((a, b) => rank[a.output_type] - rank[b.output_type]);
}

/**
 * The signature of a message; empty without a key.
 * @param {string} key
 * @param {string[]} parts
 */
export function sign(key, parts) {
  if (key === "") return "";
  const hmac = createHmac("sha256", key);
  for (const part of parts) hmac.update(part);
  return hmac.digest("hex");
}

/**
 * Ports of this machine that nobody listens on.
 * @param {number} count
 * @returns {Promise<number[]>}
 */
export async function freePorts(count) {
  const servers = Array.from({ length: count }, () => createServer());
  const ports = servers.map(async (server) => {
    await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
    const address = server.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  });
  const found = await Promise.all(ports);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return found;
}

/**
 * Waits until somebody listens on a port.
 * @param {number} port
 * @param {number} limit milliseconds
 */
async function waitForPort(port, limit) {
  const end = performance.now() + limit;
  for (;;) {
    try {
      (await Socket.open(port, "DEALER", () => {})).close();
      return;
    } catch {
      if (performance.now() > end) throw new KernelError("the kernel does not listen to its ports");
      await pause(20);
    }
  }
}

/** @param {number} ms */
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** @param {string} text */
const indent = (text) => (text.trim() === "" ? "" : `:\n${text.trim().replace(/^/gm, "  ")}`);
