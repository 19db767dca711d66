/**
 * How the text of an object is laid out: on one line, in columns, or one entry a line, with the
 * rules of Node's and Deno's inspector. Nothing to read first.
 */

const WIDTH = 80;

/** A text in quotes: double ones, or single ones or backticks if that needs no backslash. */
export function quoteText(text: string): string {
  const quote = ['"', "'", "`"].find((mark) => !text.includes(mark)) ?? '"';
  const escaped = text.replace(/[\p{Cc}\\"]/gu, (letter) => {
    if (letter === '"') return quote === '"' ? '\\"' : letter;
    return ESCAPES[letter] ?? escapeCode(letter);
  });
  return quote + escaped + quote;
}

const ESCAPES: Record<string, string | undefined> = {
  "\b": "\\b",
  "\t": "\\t",
  "\n": "\\n",
  "\f": "\\f",
  "\r": "\\r",
  "\v": "\\v",
  "\\": "\\\\",
};

function escapeCode(letter: string): string {
  return `\\x${letter.charCodeAt(0).toString(16).padStart(2, "0")}`;
}

/** How many columns a text takes: East Asian letters and pictures take two, accents none. */
export function widthOf(text: string): number {
  let width = 0;
  for (const letter of text.normalize("NFC")) {
    if (/\p{M}|\p{Cf}|\p{Cc}/u.test(letter)) continue;
    width += WIDE.test(letter) ? 2 : 1;
  }
  return width;
}

const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}|[\u{20000}-\u{3fffd}]/u;

/** What stands around the entries; `base` before all, if it is not empty. */
export interface Frame {
  readonly base: string;
  readonly open: string;
  readonly close: string;
}

/**
 * The entries between their brackets: on one line if `together` and if they fit, else a line each.
 *
 * @param indentation the column in which the object's further lines begin
 */
export function arrange(
  entries: readonly string[],
  { base, open, close }: Frame,
  indentation: number,
  together: boolean,
): string {
  const before = base === "" ? "" : `${base} `;
  if (together) {
    const start = entries.length + indentation + open.length + base.length + 10;
    let length = entries.length + start;
    for (const entry of entries) length += entry.length;
    const fits = length <= WIDTH && !base.includes("\n");
    const joined = fits ? entries.join(", ") : "";
    if (fits && !joined.includes("\n")) return `${before}${open} ${joined} ${close}`;
  }
  const line = `\n${" ".repeat(indentation)}`;
  return `${before}${open}${line}  ${entries.join(`,${line}  `)}${line}${close}`;
}

/**
 * The items of an array as rows of a table, or as they are if they are too wide for one.
 *
 * @param entries the items' texts, more than 6; perhaps one more: "... 20 more items"
 * @param values the items; numbers are set flush right
 */
export function inColumns(
  entries: string[],
  values: ArrayLike<unknown>,
  indentation: number,
): string[] {
  const count = entries.length > 100 ? 100 : entries.length;
  const widths = entries.slice(0, count).map(widthOf);
  let total = 0;
  let widest = 0;
  for (const width of widths) {
    total += width + 2;
    if (width > widest) widest = width;
  }
  const column = widest + 2;
  if (column * 3 + indentation >= WIDTH) return entries;
  if (total / column <= 5 && widest > 6) return entries;
  const columns = columnCount(column, total / entries.length, count, indentation);
  if (columns <= 1) return entries;
  const columnWidths: number[] = [];
  for (let i = 0; i < columns; i++) {
    let most = 0;
    for (let j = i; j < count; j += columns) most = Math.max(most, widths[j] ?? 0);
    columnWidths.push(most + 2);
  }
  const right = allNumbers(values, entries.length);
  const rows: string[] = [];
  for (let i = 0; i < count; i += columns) {
    const last = Math.min(i + columns, count) - 1;
    let row = "";
    for (let j = i; j <= last; j++) {
      const entry = entries[j] ?? "";
      const cell = j === last ? entry : `${entry}, `;
      const wanted = (columnWidths[j - i] ?? 0) - (j === last ? 2 : 0);
      const spaces = " ".repeat(Math.max(0, wanted - widthOf(cell)));
      row += right ? spaces + cell : j === last ? cell : cell + spaces;
    }
    rows.push(row);
  }
  if (count < entries.length) rows.push(entries[count] ?? "");
  return rows;
}

/** As near to a square as Node thinks text should be; a letter is 2.5 times as high as wide. */
function columnCount(column: number, mean: number, count: number, indentation: number): number {
  const bias = Math.sqrt(column - mean);
  const biased = Math.max(column - 3 - bias, 1);
  return Math.min(
    Math.round(Math.sqrt(2.5 * biased * count) / biased),
    Math.floor((WIDTH - indentation) / column),
    12,
  );
}

function allNumbers(values: ArrayLike<unknown>, count: number): boolean {
  for (let i = 0; i < count; i++) {
    const value = values[i];
    if (typeof value !== "number" && typeof value !== "bigint") return false;
  }
  return true;
}
