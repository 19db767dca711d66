/** `console.table`, as Deno draws it. Read inspect.ts first. */

import { inspect } from "./inspect.ts";
import { widthOf } from "./layout.ts";

const VALUES = "Values";

/**
 * @param only the columns to show; all if not given
 * @returns undefined if the data is no object, so that there is no table
 */
export function formatTable(data: unknown, only?: readonly string[]): string | undefined {
  if (typeof data !== "object" || data === null) return undefined;
  const isMap = data instanceof Map;
  const isSet = data instanceof Set;
  const rows: (readonly [string, unknown])[] = isMap
    ? [...data.entries()].map(([, value], i) => [String(i), value])
    : isSet
      ? [...data].map((value, i) => [String(i), value])
      : Object.entries(data);
  const columns = new Map<string, string[]>(only?.map((name) => [name, []]));
  const values: string[] = [];
  rows.forEach(([, row], i) => {
    if (typeof row !== "object" || row === null || isMap) {
      values[i] = inspect(row, 1);
      return;
    }
    for (const [name, cell] of Object.entries(row)) {
      const column = columns.get(name) ?? (only ? undefined : []);
      if (column === undefined) continue;
      column[i] = inspect(cell, 1);
      columns.set(name, column);
    }
  });
  const index = rows.map(([name]) => name);
  const table: [string, string[]][] = [[isMap || isSet ? "(iter idx)" : "(idx)", index]];
  if (isMap) table.push(["Key", [...data.keys()].map((key) => inspect(key, 1))]);
  table.push(...columns);
  if (values.length > 0) table.push([VALUES, values]);
  return draw(table, rows.length);
}

/** Numbers are set flush right, everything else flush left. */
function draw(table: readonly [string, string[]][], count: number): string {
  const columns = table.map(([head, cells]) => {
    // Without spreading the cells: a function takes some ten thousand arguments at most.
    const width = [head, ...cells].reduce((most, cell) => Math.max(most, widthOf(cell ?? "")), 0);
    const numbers = count > 0 && cells.every((cell) => Number.isFinite(Number(cell)));
    return { head, cells, width, numbers };
  });
  const line = (left: string, middle: string, right: string) =>
    left + columns.map(({ width }) => "─".repeat(width + 2)).join(middle) + right;
  const row = (cells: readonly { text: string; width: number; flushRight: boolean }[]) =>
    `│ ${cells
      .map(({ text, width, flushRight }) => {
        const space = " ".repeat(width - widthOf(text));
        return flushRight ? space + text : text + space;
      })
      .join(" │ ")} │`;
  const lines = [
    line("┌", "┬", "┐"),
    row(columns.map(({ head, width }) => ({ text: head, width, flushRight: false }))),
    line("├", "┼", "┤"),
  ];
  for (let i = 0; i < count; i++) {
    lines.push(
      row(
        columns.map(({ cells, width, numbers }) => ({
          text: cells[i] ?? "",
          width,
          flushRight: numbers,
        })),
      ),
    );
  }
  lines.push(line("└", "┴", "┘"));
  return lines.join("\n");
}
