// Markdown as far as lessons need it: fences, headings, links. Nothing to read first.

/**
 * A stretch of lines: text, or a fence with the lines between its marks as `code`.
 * @typedef {{ lines: string[], line: number, indent: number, info: string, code?: string[] }} Piece
 */

/**
 * Cuts a Markdown text into fences and what stands between them. Comments hide fences.
 * @param {string[]} lines
 * @param {(line: number, message: string) => void} problem
 * @returns {Piece[]}
 */
export function pieces(lines, problem = () => {}) {
  /** @type {Piece[]} */
  const found = [];
  let inComment = false;
  for (let i = 0; i < lines.length; i++) {
    const mark = inComment ? null : /^( {0,3})(`{3,}|~{3,})([^`]*)$/.exec(lines[i]);
    if (mark === null) {
      const last = found.at(-1);
      if (last === undefined || last.code !== undefined) {
        found.push({ lines: [lines[i]], line: i + 1, indent: 0, info: "" });
      } else last.lines.push(lines[i]);
      const opened = lines[i].lastIndexOf("<!--");
      const closed = lines[i].lastIndexOf("-->");
      if (opened >= 0 || closed >= 0) inComment = opened > closed;
      continue;
    }
    const [, indent, fence, info] = mark;
    const closing = new RegExp(`^ {0,3}${fence[0]}{${fence.length},}\\s*$`);
    const length = lines.slice(i + 1).findIndex((line) => closing.test(line));
    if (length < 0) problem(i + 1, "this fence is never closed");
    const end = length < 0 ? lines.length : i + 1 + length;
    found.push({
      lines: lines.slice(i, end + 1),
      line: i + 1,
      indent: indent.length,
      info: info.trim(),
      code: lines.slice(i + 1, end),
    });
    i = end;
  }
  return found;
}

/**
 * The headings among lines that are not in a fence.
 * @param {string[]} lines
 * @param {number} first the number of the first one
 */
export function headings(lines, first) {
  return lines.flatMap((text, i) => {
    const found = /^(#{1,6}) +(.*?) *#* *$/.exec(text);
    return found ? [{ level: found[1].length, title: found[2], line: first + i }] : [];
  });
}

/**
 * A Markdown text with other targets for its links; code is left alone.
 * @param {string} text
 * @param {(target: string) => string} change
 */
export function mapLinks(text, change) {
  const codeOrLink = /(`+)(?!`).*?(?<!`)\1(?!`)|(\]\(<?)((?:[^()\s<>]|\([^()\s]*\))+)/g;
  return mapProse(text, (prose) =>
    prose.replace(codeOrLink, (all, _code, open, target) =>
      target === undefined ? all : `${open}${change(target)}`,
    ),
  );
}

/**
 * A Markdown text with something done to all of it but its fences.
 * @param {string} text
 * @param {(prose: string) => string} change
 */
export function mapProse(text, change) {
  return pieces(text.split("\n"))
    .map(({ lines, code }) => (code === undefined ? change(lines.join("\n")) : lines.join("\n")))
    .join("\n");
}

/**
 * A Markdown text with other first lines for the fences in it.
 * @param {string} text
 * @param {(info: string, mark: string) => string} change given what the fence holds, and its mark
 */
export function mapFences(text, change) {
  return pieces(text.split("\n"))
    .flatMap(({ lines, code, info }) => {
      if (code === undefined) return lines;
      const [mark] = /^ *[`~]+/.exec(lines[0]) ?? [""];
      return [change(info, mark), ...lines.slice(1)];
    })
    .join("\n");
}
