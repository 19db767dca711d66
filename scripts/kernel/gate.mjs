// The kernel as Jupyter starts it: Deno, and a gate before it that lets one cell through at a time,
// and adds the errors that Deno does not publish. Read errors.mjs first.
//
// Deno 2.9 sends some of a cell's output a little after it has said that the cell is done. When the
// next cell waits already ("Run All"), that output comes as the next one's, and Jupyter shows it
// there. So the gate stays shut for a moment after each cell.
//
//     Jupyter <-- shell, control, iopub --> gate <-- ports of our own --> Deno
//     Jupyter <----------------- all other ports -----------------------> Deno
//
//     node gate.mjs DENO CONNECTION_FILE

import { spawn } from "node:child_process";
import * as fs from "node:fs";
import { connect, createServer } from "node:net";
import { pathToFileURL } from "node:url";
import { freePorts } from "../lessons/kernel.mjs";
import { Splitter } from "../lessons/zmtp.mjs";
import { Cells, typeOf } from "./errors.mjs";

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

/**
 * What happens to the messages between one client and the kernel, and the way on for each.
 * @typedef {(bytes: Buffer, frames: Buffer[]) => void} Take
 * @typedef {(bytes: Buffer) => void} Send
 * @typedef {(toKernel: Send, toClient: Send) => { asked: Take, answered: Take }} Way
 */

/**
 * The ports that the gate stands before.
 * @param {Cells} cells
 * @returns {Record<string, Way>}
 */
function waysOf(cells) {
  return {
    shell_port(toKernel, toClient) {
      const { request, reply } = gate(toKernel);
      return {
        asked(bytes, frames) {
          cells.asked(frames);
          request(bytes, typeOf(frames));
        },
        answered(bytes, frames) {
          toClient(bytes);
          cells.answered(frames);
          reply(typeOf(frames));
        },
      };
    },
    control_port(toKernel, toClient) {
      return {
        asked(bytes, frames) {
          cells.asked(frames);
          toKernel(bytes);
        },
        answered: toClient,
      };
    },
    iopub_port(toKernel, toClient) {
      let turn = Promise.resolve();
      return {
        asked: toKernel, // subscriptions
        answered(bytes, frames) {
          turn = turn.then(async () => {
            const ours = await cells.before(frames).catch(() => undefined);
            if (ours !== undefined) toClient(ours);
            toClient(bytes);
          });
        },
      };
    },
  };
}

/**
 * @param {string} deno the path of the program
 * @param {string} connectionFile by which Jupyter tells the kernel its ports
 */
async function run(deno, connectionFile) {
  const connection = JSON.parse(fs.readFileSync(connectionFile, "utf8"));
  const ways = waysOf(new Cells(connection.key ?? ""));
  const names = Object.keys(ways);
  const ports = await freePorts(names.length);
  const own = Object.fromEntries(names.map((name, i) => [name, ports[i]]));
  const ownFile = `${connectionFile}.deno`;
  fs.writeFileSync(ownFile, JSON.stringify({ ...connection, ...own }), { mode: 0o600 });
  process.on("exit", () => fs.rmSync(ownFile, { force: true }));

  const args = ["jupyter", "--kernel", "--conn", ownFile];
  const child = spawn(deno, args, { stdio: "inherit" });
  child.on("error", (error) => {
    console.error(`gate: ${deno} does not start: ${error.message}`);
    process.exit(1);
  });
  // What it said last is still on its way.
  child.on("exit", (code) => setTimeout(() => process.exit(code ?? 1), MOMENT));
  for (const signal of /** @type {const} */ (["SIGTERM", "SIGHUP"])) {
    process.on(signal, () => child.kill());
  }

  for (const name of names) {
    const server = createServer((client) => {
      const kernel = connect(own[name], connection.ip);
      kernel.on("connect", () => fs.rmSync(ownFile, { force: true })); // it has been read
      stand(client, kernel, ways[name]);
    });
    server.on("error", (error) => {
      console.error(`gate: ${error.message}`);
      child.kill();
    });
    server.listen(connection[name], connection.ip);
  }
}

/**
 * Stands between two connections. While Deno does not listen yet, Jupyter's side connects again by
 * itself.
 * @param {import("node:net").Socket} client
 * @param {import("node:net").Socket} kernel
 * @param {Way} way
 */
function stand(client, kernel, way) {
  const { asked, answered } = way(sendTo(kernel), sendTo(client));
  for (const [from, to, take] of /** @type {const} */ ([
    [client, kernel, asked],
    [kernel, client, answered],
  ])) {
    const splitter = new Splitter(take);
    from.setNoDelay(true);
    from.on("data", (data) => splitter.take(Buffer.from(data)));
    from.on("error", () => to.destroy());
    from.on("close", () => to.destroySoon());
  }
}

/**
 * A way to send to one side. However slow that is, the other is listened to: what Deno publishes and
 * cannot hand over at once, it drops.
 * @param {import("node:net").Socket} to
 * @returns {Send}
 */
const sendTo = (to) => (bytes) => {
  if (!to.destroyed) to.write(bytes);
};

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  await run(process.argv[2], process.argv[3]);
}
