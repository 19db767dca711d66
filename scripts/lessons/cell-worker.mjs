// The worker behind cells.mjs: runs cells as a lesson's page will, in a session of src/cells.

import { setImmediate } from "node:timers/promises";
import { parentPort } from "node:worker_threads";
import { createSession } from "chainrule/cells";

const port = parentPort;
if (port === null) throw new Error("cell-worker.mjs: start it as a worker");

const session = createSession({
  modules: {
    chainrule: () => import("chainrule"),
    "chainrule/draw": () => import("chainrule/draw"),
    "chainrule/explain": () => import("chainrule/explain"),
    "chainrule/cells": () => import("chainrule/cells"),
  },
});
process.on("unhandledRejection", (reason) => session.reportRejection(reason));
process.on("uncaughtException", (error) => session.reportError(error));

port.on("message", async ({ replay, source, id }) => {
  if (replay) await session.replay(replay);
  const result = source === undefined ? undefined : await session.run(id, source);
  // Rejections that nobody waits for are known a moment later.
  await setImmediate();
  port.postMessage(result?.outputs ?? []);
});
