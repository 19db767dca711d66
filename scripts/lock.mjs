// Keeps two commands that set up at the same time from wrecking each other. Nothing to read first.

import * as fs from "node:fs";
import * as path from "node:path";

// A lock is a folder, because making one either works or fails, and it works for one process only.
// In it lie files named after the processes that are at work: the owner, and npm or tsc, which may
// outlive an owner that was killed. When none of them lives any more, the lock belongs to nobody.
// A number can come to belong to another process (after a restart of the machine), so an owner also
// touches its lock every second, and one untouched for two minutes belongs to nobody either.
const touchEvery = 1000;
const staleAfter = 120_000;

/**
 * Does the work while no other process works with the same lock, and waits for that if one does.
 * @template T
 * @param {string} lock the path of a folder that nothing else uses
 * @param {(started: (child: number) => void) => Promise<T>} work calls `started` with the process
 *   id of each program that it starts
 */
export async function aloneWith(lock, work) {
  fs.mkdirSync(path.dirname(lock), { recursive: true });
  for (let said = false; !makeFolder(lock); ) {
    if (removeIfStale(lock)) continue;
    if (!said) console.error("waiting for another command that is setting up …");
    said = true;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  const atWork = (/** @type {number} */ id) => fs.writeFileSync(path.join(lock, String(id)), "");
  atWork(process.pid);
  const touching = setInterval(() => touch(lock), touchEvery);
  try {
    return await work(atWork);
  } finally {
    clearInterval(touching);
    fs.rmSync(lock, { recursive: true, force: true });
  }
}

/** @param {string} folder */
function makeFolder(folder) {
  try {
    fs.mkdirSync(folder);
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  }
}

/** @param {string} lock */
function touch(lock) {
  try {
    fs.utimesSync(lock, new Date(), new Date());
  } catch {
    // Somebody removed it: there is nothing left to keep fresh.
  }
}

/**
 * @param {string} lock
 * @returns {boolean} whether it is worth trying again at once
 */
function removeIfStale(lock) {
  const mine = `${lock}.${process.pid}`;
  try {
    const age = Date.now() - fs.statSync(lock).mtimeMs;
    const atWork = fs.readdirSync(lock).map(Number);
    // An empty one was made this moment, or its owner was killed before it could say who it is.
    const inUse = atWork.length === 0 ? age < 5 * touchEvery : atWork.some(isAlive);
    if (inUse && age < staleAfter) return false;
    // Renamed first: of several waiting processes one succeeds, and removes only what it renamed.
    fs.renameSync(lock, mine);
    fs.rmSync(mine, { recursive: true, force: true });
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw error; // gone: its owner or another process was faster
  }
  return true;
}

/** @param {number} id */
function isAlive(id) {
  try {
    return process.kill(id, 0);
  } catch (error) {
    return codeOf(error) === "EPERM"; // alive, and somebody else's
  }
}

/** @param {unknown} error */
function codeOf(error) {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
