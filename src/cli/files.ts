/**
 * Files for the commands: read with a limit, written all or not at all, and errors said in words.
 * Read arguments.ts first.
 */

import {
  accessSync,
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import { quote } from "../errors.ts";
import { CommandError } from "./arguments.ts";

/**
 * The text of a file in UTF-8.
 *
 * @param option the option that named it, for messages
 * @param most the largest size in bytes; a larger file is refused before it is read
 * @throws CommandError for anything that is not such a file
 */
export function readText(file: string, option: string, most: number): string {
  const where = `--${option}: ${quote(file)}`;
  let descriptor: number;
  try {
    // Without waiting: a named pipe would else wait for someone to write.
    descriptor = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    throw new CommandError(`${where}: ${reason(error)}`);
  }
  try {
    const stat = fstatSync(descriptor);
    if (!stat.isFile()) {
      throw new CommandError(`${where}: expected a file, got ${kindOf(stat)}`);
    }
    if (stat.size > most) {
      throw new CommandError(`${where}: expected at most ${most} bytes, got ${stat.size}`);
    }
    return decoded(readFileSync(descriptor), where);
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new CommandError(`${where}: ${reason(error)}`);
  } finally {
    closeSync(descriptor);
  }
}

/** The text on the standard input, with the same limits. */
export async function readStandardInput(option: string, most: number): Promise<string> {
  const where = `--${option} -`;
  const parts: Buffer[] = [];
  let size = 0;
  try {
    for await (const part of process.stdin) {
      parts.push(part);
      size += part.length;
      if (size > most) throw new CommandError(`${where}: expected at most ${most} bytes, got more`);
    }
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new CommandError(`${where}: ${reason(error)}`);
  }
  return decoded(Buffer.concat(parts), where);
}

/** Do two names mean the same file, by another path or by a link? */
export function isSameFile(a: string, b: string): boolean {
  if (resolve(a) === resolve(b)) return true;
  try {
    return realpathSync(a) === realpathSync(b);
  } catch {
    return false; // one of them is not there yet
  }
}

/**
 * Finds out whether a file can be written, before the work is done whose result goes there.
 *
 * @throws CommandError if not
 */
export function expectWritable(file: string, option: string): void {
  const where = `--${option}: ${quote(file)}`;
  try {
    const stat = statSync(file, { throwIfNoEntry: false });
    if (stat !== undefined && !stat.isFile()) {
      throw new CommandError(`${where}: expected the name of a file, got ${kindOf(stat)}`);
    }
    if (stat !== undefined) accessSync(file, constants.W_OK);
    accessSync(dirname(stat === undefined ? file : realpathSync(file)), constants.W_OK);
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new CommandError(`${where}: ${reason(error)}`);
  }
}

/**
 * Writes a file so that it is there with all of its text or bytes or, if anything fails, as it was before:
 * the text goes to a temporary file beside it, to the disk, and then takes the name.
 *
 * @throws CommandError if it could not be done
 */
export function writeWhole(file: string, content: string | Uint8Array, option: string): void {
  expectWritable(file, option);
  const stat = statSync(file, { throwIfNoEntry: false });
  const target = stat === undefined ? file : realpathSync(file); // what a link points to
  const temporary = join(dirname(target), `.chainrule-${process.pid}.tmp`);
  let made = false;
  try {
    const descriptor = openSync(temporary, "w", stat?.mode);
    made = true;
    try {
      writeFileSync(descriptor, content);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(temporary, target);
  } catch (error) {
    if (made) rmSync(temporary, { force: true });
    throw new CommandError(`--${option}: ${quote(file)}: ${reason(error)}`);
  }
}

function decoded(bytes: Uint8Array, where: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new CommandError(`${where}: expected text in UTF-8, got other bytes`);
  }
}

function kindOf(stat: { isDirectory(): boolean; isFIFO(): boolean }): string {
  return stat.isDirectory() ? "a folder" : stat.isFIFO() ? "a pipe" : "a device";
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file or folder",
  ENOTDIR: "a part of the path is no folder",
  EISDIR: "expected a file, got a folder",
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "the disk is read-only",
  ENOSPC: "no space is left on the disk",
  EDQUOT: "the disk quota is used up",
  EFBIG: "the file would be too large",
  EMFILE: "too many files are open",
  ELOOP: "too many links point to each other",
  ENAMETOOLONG: "the name is too long",
  EIO: "the disk does not answer",
};

/** Why a call of the system failed, in words. */
export function reason(error: unknown): string {
  const { code, message } = error as { code?: unknown; message?: unknown };
  if (typeof code === "string" && Object.hasOwn(reasons, code)) return reasons[code];
  return typeof message === "string" ? message : String(error);
}
