/**
 * What the terminal can show, and how to write to it. Read arguments.ts first.
 */

/** What the standard output can show. */
export interface Screen {
  /** The width of a line in characters, at least 20. */
  readonly columns: number;
  /** Can a line be rewritten in place? Only on a terminal. */
  readonly live: boolean;
  readonly colors: boolean;
  /** Are there more than ASCII characters? */
  readonly unicode: boolean;
}

/** The colours in use, by the codes that switch them on. */
const codes = { dim: 2, red: 31, green: 32, yellow: 33, bold: 1 };

export type Color = keyof typeof codes;

/**
 * Looks at the standard output and at the environment: NO_COLOR and FORCE_COLOR (which wins, as
 * in Node), TERM, the locale, and, where the terminal does not say it, COLUMNS.
 */
export function lookAtScreen(): Screen {
  const { env, stdout } = process;
  const dumb = env.TERM === "dumb";
  const live = stdout.isTTY === true && !dumb;
  const columns = stdout.columns || Math.floor(Number(env.COLUMNS)) || 80;
  const forced = env.FORCE_COLOR;
  return {
    columns: Math.max(20, Math.min(columns, 1000)),
    live,
    colors:
      forced !== undefined && forced !== ""
        ? forced !== "0" && forced !== "false"
        : live && (env.NO_COLOR ?? "") === "",
    unicode: showsUnicode(env, process.platform) && !dumb,
  };
}

/** A locale in UTF-8 says so; Linux's console says so too, but its font has few characters. */
function showsUnicode(env: NodeJS.ProcessEnv, platform: string): boolean {
  if (env.TERM === "linux") return false;
  if (platform === "win32") return env.WT_SESSION !== undefined || env.TERM_PROGRAM !== undefined;
  return /utf-?8/i.test(env.LC_ALL || env.LC_CTYPE || env.LANG || "");
}

/** The text in a colour, if the screen has any. */
export function paint(screen: Screen, color: Color, text: string): string {
  return screen.colors && text !== "" ? `\x1b[${codes[color]}m${text}\x1b[0m` : text;
}

/** The lines of a text that is broken between words, each at most so wide. */
export function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

/** A text on one line, whatever is in it: control characters are shown as escapes. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]/gu, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}

let closed = false; // has the reader of the output gone?
let failure: string | undefined;

/** Has whoever read the output gone, as `head -1` does after the first line? */
export const outputClosed = (): boolean => closed;

/** Why the output could not be written, if that was not because its reader had gone. */
export const outputFailure = (): string | undefined => failure;

/** From now on, an output that can no longer be written is no reason to crash. */
export function watchOutput(): void {
  for (const stream of [process.stdout, process.stderr]) {
    if (stream.listeners("error").includes(noteError)) continue;
    stream.on("error", noteError);
  }
}

function noteError(error: NodeJS.ErrnoException): void {
  closed = true;
  const gone = error.code === "EPIPE" || error.code === "ERR_STREAM_DESTROYED";
  if (!gone) failure ??= error.message;
}

/** Writes lines to the standard output. */
export function print(...lines: string[]): void {
  if (!closed) process.stdout.write(lines.map((line) => `${line}\n`).join(""));
}

/** Waits until everything printed has been handed over, or has failed to be. */
export function printed(): Promise<void> {
  return new Promise((resume) => {
    if (closed) resume();
    else process.stdout.write("", () => setImmediate(resume)); // errors are told in between
  });
}

/** Puts a text in the place of the line that the cursor is on, which must be a line of `live`. */
export function rewriteLine(text: string): void {
  if (!closed) process.stdout.write(`\r${text}\x1b[K`);
}

/** Writes a line to the standard error. */
export function complain(message: string): void {
  process.stderr.write(`${oneLine(message)}\n`);
}
