// The kernel as Jupyter starts it: Deno, and a gate before it that lets one cell through at a time.
// Read ../lessons/zmtp.mjs first.
//
// Deno 2.9 sends some of a cell's output a little after it has said that the cell is done. When the
// next cell waits already ("Run All"), that output comes as the next one's, and Jupyter shows it
// there. So the gate stays shut for a moment after each cell.
//
//     Jupyter -- shell port --> gate -- a port of our own --> Deno
//     Jupyter <---------- all other ports ------------------> Deno
//
//     node gate.mjs DENO CONNECTION_FILE

import { spawn } from "node:child_process";
import * as fs from "node:fs";
import { connect, createServer } from "node:net";
import { pathToFileURL } from "node:url";
import { freePorts } from "../lessons/kernel.mjs";
import { Splitter } from "../lessons/zmtp.mjs";

const MOMENT = 100; // milliseconds

/**
 * A gate for the requests of one client.
 * @param {(message: Buffer) => void} send hands a message on to the kernel
 * @param {number} moment milliseconds that it stays shut after a cell
 */
export function gate(send, moment = MOMENT) {
  /** @type {Buffer[]} */
  const waiting = [];
  let isOpen = true;
  const next = () => {
    const message = waiting.shift();
    if (message === undefined) isOpen = true;
    else send(message);
  };
  return {
    /** @param {Buffer} message @param {string} type */
    request(message, type) {
      if (type !== "execute_request") return send(message);
      waiting.push(message);
      if (!isOpen) return;
      isOpen = false;
      next();
    },
    /** @param {string} type of what the kernel answers */
    reply(type) {
      if (type === "execute_reply") setTimeout(next, moment);
    },
  };
}

/** The type of a message of Jupyter's; empty for what belongs to the protocol below. */
export function typeOf(/** @type {Buffer[]} */ frames) {
  const mark = frames.findIndex((frame) => frame.toString("latin1") === "<IDS|MSG>");
  return mark < 0 ? "" : JSON.parse(frames[mark + 2].toString()).msg_type;
}

/**
 * @param {string} deno the path of the program
 * @param {string} connectionFile by which Jupyter tells the kernel its ports
 */
async function run(deno, connectionFile) {
  const connection = JSON.parse(fs.readFileSync(connectionFile, "utf8"));
  const [port] = await freePorts(1);
  const ownFile = `${connectionFile}.deno`;
  const own = JSON.stringify({ ...connection, shell_port: port });
  fs.writeFileSync(ownFile, own, { mode: 0o600 });
  process.on("exit", () => fs.rmSync(ownFile, { force: true }));

  const args = ["jupyter", "--kernel", "--conn", ownFile];
  const child = spawn(deno, args, { stdio: "inherit" });
  child.on("error", (error) => {
    console.error(`gate: ${deno} does not start: ${error.message}`);
    process.exit(1);
  });
  child.on("exit", (code) => process.exit(code ?? 1));
  for (const signal of /** @type {const} */ (["SIGTERM", "SIGHUP"])) {
    process.on(signal, () => child.kill());
  }

  const server = createServer((client) => {
    const kernel = connect(port, connection.ip);
    const { request, reply } = gate((message) => kernel.write(message));
    const asked = new Splitter((bytes, frames) => request(bytes, typeOf(frames)));
    const answered = new Splitter((bytes, frames) => {
      client.write(bytes);
      reply(typeOf(frames));
    });
    client.on("data", (data) => asked.take(Buffer.from(data)));
    kernel.on("data", (data) => answered.take(Buffer.from(data)));
    kernel.on("connect", () => fs.rmSync(ownFile, { force: true })); // it has been read
    // While Deno does not listen yet, Jupyter's side connects again by itself.
    for (const [one, other] of [
      [client, kernel],
      [kernel, client],
    ]) {
      one.setNoDelay(true);
      one.on("error", () => other.destroy());
      one.on("close", () => other.destroy());
    }
  });
  server.on("error", (error) => {
    console.error(`gate: ${error.message}`);
    child.kill();
  });
  server.listen(connection.shell_port, connection.ip);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  await run(process.argv[2], process.argv[3]);
}
