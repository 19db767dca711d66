/**
 * What a cell puts out, in the shapes of Jupyter's notebook format, with limits: a cell that prints
 * without end fills neither the page nor the memory. Nothing to read first.
 */

/** Contents by media type: `{ "image/svg+xml": "<svg…", "text/plain": "picture" }`. */
export type MimeBundle = Record<string, unknown>;

/** Text that was printed. */
export interface StreamOutput {
  readonly output_type: "stream";
  readonly name: "stdout" | "stderr";
  readonly text: string;
}

/** The value of the cell's last expression. */
export interface ResultOutput {
  readonly output_type: "execute_result";
  readonly data: MimeBundle;
  readonly metadata: Record<string, unknown>;
}

/** The error that ended the cell. */
export interface ErrorOutput {
  readonly output_type: "error";
  /** The error's name, such as "TypeError". */
  readonly ename: string;
  /** Its message. */
  readonly evalue: string;
  /** Both, and where it happened, as lines to show. */
  readonly traceback: readonly string[];
  /** The cell in which it was thrown, perhaps an earlier one; undefined if unknown. */
  readonly cell?: string | undefined;
  /** The line of that cell's source, counted from 1. */
  readonly line?: number | undefined;
  /** The column, counted from 1; said of syntax errors. */
  readonly column?: number | undefined;
}

export type Output = StreamOutput | ResultOutput | ErrorOutput;

/** How much one cell may put out. */
export interface Limits {
  /** Characters of printed text; 1,000,000 if not given. */
  readonly characters: number;
  /** Lines of printed text, and also how often it may print; 10,000 if not given. */
  readonly lines: number;
  /** Characters of one result, a picture say; 5,000,000 if not given. */
  readonly result: number;
}

export const defaultLimits: Limits = { characters: 1_000_000, lines: 10_000, result: 5_000_000 };

/** The outputs of one cell. */
export class Outputs {
  /** All so far; neighbouring texts of one stream are one output, as notebooks keep them. */
  readonly list: Output[] = [];
  readonly #limits: Limits;
  readonly #onOutput: (output: Output) => void;
  #characters: number;
  #lines: number;

  /** @param onOutput is given each output as it comes, texts not joined */
  constructor(limits: Limits, onOutput: (output: Output) => void) {
    this.#limits = limits;
    this.#onOutput = onOutput;
    this.#characters = limits.characters;
    this.#lines = limits.lines;
  }

  /** Is the limit of printed text reached? What is printed then is dropped. */
  get full(): boolean {
    return this.#lines <= 0 || this.#characters <= 0;
  }

  print(name: "stdout" | "stderr", text: string): void {
    if (this.full || text === "") return;
    const end = endOf(text, this.#lines, this.#characters);
    this.#characters -= end;
    this.#lines -= Math.max(1, countBreaks(text, end));
    this.#add({ output_type: "stream", name, text: text.slice(0, end) });
    if (!this.full && end === text.length) return;
    this.#lines = 0;
    const { lines, characters } = this.#limits;
    const most = `${withCommas(lines)} lines or ${withCommas(characters)} characters`;
    const message = `\nMore output is not shown: a cell may print ${most}.\n`;
    this.#add({ output_type: "stream", name: "stderr", text: message });
  }

  show(data: MimeBundle): void {
    let size = 0;
    for (const content of Object.values(data)) {
      size += (typeof content === "string" ? content : JSON.stringify(content)).length;
    }
    const most = this.#limits.result;
    if (size > most) {
      const plain = `Not shown: ${withCommas(size)} characters; a result may have ${withCommas(most)}.`;
      this.show({ "text/plain": plain });
    } else this.#add({ output_type: "execute_result", data, metadata: {} });
  }

  fail(error: Omit<ErrorOutput, "output_type">): void {
    this.#add({ output_type: "error", ...error });
  }

  #add(output: Output): void {
    const last = this.list.at(-1);
    if (
      output.output_type === "stream" &&
      last?.output_type === "stream" &&
      last.name === output.name
    ) {
      this.list[this.list.length - 1] = { ...last, text: last.text + output.text };
    } else this.list.push(output);
    this.#onOutput(output);
  }
}

/** Where the text has to end so that it has no more than so many lines and characters. */
function endOf(text: string, lines: number, characters: number): number {
  let end = 0;
  for (let i = 0; i < lines; i++) {
    const next = text.indexOf("\n", end);
    if (next < 0 || next >= characters) return Math.min(text.length, characters);
    end = next + 1;
  }
  return end;
}

function countBreaks(text: string, end: number): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at >= 0 && at < end; at = text.indexOf("\n", at + 1))
    count += 1;
  return count;
}

const withCommas = (count: number) => String(count).replace(/\B(?=(\d{3})+$)/g, ",");
