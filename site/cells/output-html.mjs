// What a cell put out, as HTML: the same for the pages when they are built and for a run in the page.
// Read src/cells/outputs.ts first.

/**
 * An output as a session gives it, or as a notebook's file keeps it, with texts as lists of lines.
 * @typedef {import("chainrule/cells").Output | Kept} AnyOutput
 * @typedef {object} Kept
 * @property {string} output_type
 * @property {string} [name]
 * @property {string | readonly string[]} [text]
 * @property {Readonly<Record<string, unknown>>} [data]
 * @property {string} [ename]
 * @property {string} [evalue]
 * @property {string | undefined} [cell] in which an error was thrown, by its number on the page
 * @property {number | undefined} [line]
 */

/** How pictures are shown: ours as they are, those of a reader's code as images, which cannot act. */
/** @typedef {{ pictures: "inline" | "image", paint?: (svg: string) => string }} OutputOptions */

/**
 * All outputs of a cell.
 * @param {readonly AnyOutput[]} outputs
 * @param {OutputOptions} options
 */
export const outputsHTML = (outputs, options) =>
  outputs.map((output) => outputHTML(output, options)).join("");

/**
 * One output; everything that it says is text, whatever stands in it.
 * @param {AnyOutput} output
 * @param {OutputOptions} options `paint` colours pictures that are images
 * @returns {string}
 */
export function outputHTML(output, options) {
  /** @type {Kept} */
  const { output_type: type, name, text, data = {} } = output;
  if (type === "stream") return preformatted(name === "stderr" ? "stderr" : "stdout", joined(text));
  if (type === "error") return errorHTML(output);
  const svg = data["image/svg+xml"];
  if (svg === undefined) return preformatted("result", joined(data["text/plain"]));
  return pictureHTML(joined(svg), options);
}

/**
 * A name for what outputs show: equal for equal outputs, and (but for one case in 2^64) only for them.
 * @param {readonly AnyOutput[]} outputs
 */
export function outputsKey(outputs) {
  const shown = outputs.map((output) => {
    /** @type {Kept} */
    const { output_type: type, name, text, data = {}, ename, evalue, cell, line } = output;
    if (type === "stream") return [name, joined(text)];
    if (type === "error") return ["error", ename, evalue, cell, line];
    return Object.entries(data).map(([type, content]) => [type, joined(content)]);
  });
  const content = JSON.stringify(shown);
  let [a, b] = [0x811c9dc5, 0x1234567]; // FNV-1a from two beginnings
  for (let i = 0; i < content.length; i++) {
    a = Math.imul(a ^ content.charCodeAt(i), 0x01000193);
    b = Math.imul(b ^ content.charCodeAt(i), 0x01000193) ^ (b >>> 15);
  }
  return [a, b].map((part) => (part >>> 0).toString(16).padStart(8, "0")).join("");
}

/** A text for HTML, in elements and attributes; what HTML cannot hold becomes �. */
export const escapeHTML = (/** @type {string} */ text) =>
  text.replace(/[&<>"'\r\0]/g, (letter) =>
    letter === "\0" ? "\ufffd" : `&#${letter.charCodeAt(0)};`,
  );

/**
 * A text without what stops Chromium's layout for minutes: letters that turn the direction of writing become
 * escapes (they also make a text look like another one), and of the marks on one letter thirty stay.
 * @param {string} text
 */
export const visible = (text) =>
  text
    .replace(/[\u202a-\u202e\u2066-\u2069]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16)}`)
    .replace(/(\p{M}{30})\p{M}+/gu, "$1…");

/** @param {string} name @param {string} text */
function preformatted(name, text) {
  // HTML drops a line end at the beginning of a <pre>.
  return `<pre class="${name}">${text.startsWith("\n") ? "\n" : ""}${escapeHTML(visible(text))}</pre>`;
}

/** @param {Kept} error */
function errorHTML({ ename = "Error", evalue = "", cell, line }) {
  const place = cell !== undefined && /^\d+$/.test(cell) ? placeHTML(cell, line) : "";
  if (ename === "Todo") {
    const text = `Not done yet: ${escapeHTML(evalue)}`;
    return `<div class="unfinished">${text}${place}</div>`;
  }
  const name = `<strong class="error-name">${escapeHTML(visible(ename))}</strong>`;
  return `<div class="error">${name}: <span class="error-message">${escapeHTML(visible(evalue))}</span>${place}</div>`;
}

/** @param {string} cell @param {number | undefined} line */
function placeHTML(cell, line) {
  const [data, where] = line === undefined ? ["", ""] : [` data-line="${line}"`, `, line ${line}`];
  return ` <span class="error-place">(<a href="#cell-${cell}"${data}>cell ${cell}${where}</a>)</span>`;
}

/** @param {string} svg @param {OutputOptions} options */
function pictureHTML(svg, { pictures, paint = (text) => text }) {
  // No pattern here may look through the rest of a text again and again: a reader's has 5,000,000 letters.
  const root = /<svg\b[^<>]*>/.exec(svg)?.[0] ?? "";
  const size = ["width", "height"].map(
    (side) => new RegExp(`\\s${side}="([\\d.]+)`).exec(root)?.[1],
  );
  const [width, height] = size.map((side) =>
    side === undefined ? undefined : Math.ceil(Number(side)),
  );
  // How far it may shrink on a narrow screen before it scrolls depends on how wide it is.
  const style = width === undefined ? "" : ` style="--width:${width}px"`;
  if (pictures === "inline") {
    const shared = svg.replace(/<style>[^<]*<\/style>/, ""); // once in the page
    return `<figure class="picture"${style}>${shared}</figure>`;
  }
  const title = /<title[^<>]*>([^<]*)<\/title>/.exec(svg)?.[1] ?? "Picture";
  const whole = paint(svg).replace(/\p{Surrogate}/gu, "\ufffd"); // halves of letters
  const source = `data:image/svg+xml,${encodeURIComponent(whole)}`;
  const sides = width && height ? ` width="${width}" height="${height}"` : "";
  // The title is text of XML already, with its entities.
  const alt = title.replace(/"/g, "&quot;");
  return `<figure class="picture"${style}><img src="${source}" alt="${alt}"${sides}></figure>`;
}

/** A text of a notebook, which may be kept as its lines. @param {unknown} text */
const joined = (text) =>
  Array.isArray(text)
    ? text.join("")
    : typeof text === "string"
      ? text
      : (JSON.stringify(text) ?? "");
