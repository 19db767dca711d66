/**
 * The frame that all pictures share: text that is text whatever is in it, colours by their role in
 * light and dark, a panel to stand on. Nothing to read first.
 */

import { describe, expectFinite } from "../errors.ts";

// ---- Colours ---------------------------------------------------------------------------------

/**
 * The colours by what they are for: in light, in dark. They keep apart for the colour-blind. On the
 * panel, everything but `line` and the soft fills of boxes can be text (contrast 4.5:1 or more); on
 * the fills (`node`, `parameter`, `input`, `operation`), `ink` and `faint` can.
 */
export const palette = {
  panel: ["#ffffff", "#15191f"], // what everything stands on
  ink: ["#1b2027", "#e8ebef"], // text
  faint: ["#545c66", "#a3adb8"], // text of less weight: axes, units
  line: ["#d3d9e0", "#39424d"], // grids and frames, never text
  edge: ["#6a737d", "#8b96a2"], // edges of graphs, axes
  node: ["#f2f4f7", "#222830"],
  "node-line": ["#6a737d", "#8b96a2"],
  parameter: ["#e4f0fd", "#14304d"],
  "parameter-line": ["#1765b5", "#6fb1f5"],
  input: ["#e3f4ea", "#12372a"],
  "input-line": ["#0f7350", "#52c79a"],
  operation: ["#fdf0dc", "#412e10"],
  "operation-line": ["#8f5a00", "#e0a544"],
  positive: ["#1765b5", "#6fb1f5"], // class 1, gradients above 0
  negative: ["#b3450c", "#f2955c"], // class -1 or 0, gradients below 0
  "series-1": ["#1765b5", "#6fb1f5"],
  "series-2": ["#b3450c", "#f2955c"],
  "series-3": ["#0f7350", "#52c79a"],
  "series-4": ["#8a3d94", "#d79be0"],
  "series-5": ["#7d6000", "#d9c04f"],
  "series-6": ["#4a5663", "#b4bec9"],
} as const;

/** What a colour is for. */
export type Role = keyof typeof palette;

/** The colours of `--cr-…` for one theme: 0 light, 1 dark. */
function variables(theme: 0 | 1): string {
  const pairs = Object.entries(palette).map(([role, colors]) => `--cr-${role}:${colors[theme]}`);
  return `{${pairs.join(";")}}`;
}

/**
 * The style of every picture, the same letters in each, because a notebook puts them all into one
 * page. Programs that know no CSS variables skip `@supports` and see the attributes of light.
 * A page chooses a theme by `data-theme` on any element around; on paper it is light.
 */
const style = [
  ".cr-picture{max-width:100%;height:auto;forced-color-adjust:none}",
  // Jupyter Notebook before 7 puts each picture into a box as wide as the picture, cut at the right.
  ".output_svg>div{max-width:100%;height:auto!important}",
  ".cr-picture text{forced-color-adjust:none}",
  "@supports(color:var(--a)){",
  `.cr-picture,[data-theme="light"] .cr-picture${variables(0)}`,
  `@media screen and (prefers-color-scheme:dark){.cr-picture${variables(1)}}`,
  `@media screen{[data-theme="dark"] .cr-picture${variables(1)}}`,
  ...Object.keys(palette).map(
    (role) =>
      `.cr-fill-${role}{fill:var(--cr-${role})}.cr-stroke-${role}{stroke:var(--cr-${role})}`,
  ),
  "}",
].join("");

/**
 * The attributes that colour a shape, with a space before them.
 *
 * @example `<rect width="9" height="9"${paint({ fill: "node", stroke: "node-line" })}/>`
 */
export function paint({ fill, stroke }: { fill?: Role; stroke?: Role }): string {
  const classes: string[] = [];
  if (fill !== undefined) classes.push(`cr-fill-${fill}`);
  if (stroke !== undefined) classes.push(`cr-stroke-${stroke}`);
  const inside = fill === undefined ? "none" : palette[fill][0];
  const around = stroke === undefined ? "" : ` stroke="${palette[stroke][0]}"`;
  return ` class="${classes.join(" ")}" fill="${inside}"${around}`;
}

// ---- Text ------------------------------------------------------------------------------------

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/**
 * A text for XML, in elements and in attributes: shown, never obeyed. Line ends and tabs become
 * spaces; what XML cannot hold or would turn a line around (control characters, halves of
 * surrogate pairs, marks of writing direction) becomes the character �.
 */
export function escapeText(text: string): string {
  return text
    .replace(/[\t\n\r\u2028\u2029]+/g, " ")
    .replace(/[\p{Cc}\p{Cs}\p{Bidi_Control}\ufffe\uffff]/gu, "\ufffd")
    .replace(/[&<>"']/g, (character) => entities[character]);
}

/** How a text looks. */
export interface TextStyle {
  /** 12 if left out. */
  readonly size?: number;
  /** What it is for: "ink" if left out. */
  readonly role?: Role;
  /** Which of its points is at x: "start" if left out. */
  readonly anchor?: "start" | "middle" | "end";
  readonly bold?: boolean;
  /** All characters of one width, for numbers below each other. */
  readonly mono?: boolean;
}

/** One line of text; (x, y) is on its baseline. It is not shortened: see {@link shorten}. */
export function textAt(x: number, y: number, text: string, how: TextStyle = {}): string {
  const { size = 12, role = "ink", anchor = "start", bold = false, mono = false } = how;
  const attributes = [
    `x="${coordinate(x)}" y="${coordinate(y)}" font-size="${size}"`,
    anchor === "start" ? "" : ` text-anchor="${anchor}"`,
    bold ? ' font-weight="600"' : "",
    mono ? ' font-family="ui-monospace, Menlo, Consolas, monospace"' : "",
  ];
  return `<text ${attributes.join("")}${paint({ fill: role })}>${escapeText(text)}</text>`;
}

/**
 * About how wide a text is, rather too much than too little: nobody knows the reader's font. The
 * widths are those of DejaVu Sans, the widest of the usual ones.
 */
export function textWidth(text: string, { size = 12, bold = false, mono = false } = {}): number {
  let width = 0;
  for (const character of text) width += characterWidth(character, mono);
  return width * size * (bold ? 1.1 : 1);
}

/** In ems. */
function characterWidth(character: string, mono: boolean): number {
  if (/\p{M}/u.test(character)) return 0; // an accent stands on the letter before
  if (character > "\u10ff") return /[\u2000-\u22ff]/.test(character) ? 0.9 : 1.4;
  if (mono) return 0.62;
  if (/[ijl.,:;'|! ]/.test(character)) return 0.33;
  if (/[frt()[\]/\\"I-]/.test(character)) return 0.43;
  if (/[mwMW@%]/.test(character)) return 1;
  return /[a-z0-9]/.test(character) ? 0.64 : 0.84;
}

/** The text if it fits into a width, else its beginning and …; "" if not even that fits. */
export function shorten(
  text: string,
  width: number,
  how: { size?: number; bold?: boolean; mono?: boolean } = {},
): string {
  const dots = textWidth("…", how);
  let used = 0;
  let fits = ""; // the longest beginning with room for the dots after it
  let all = "";
  for (const character of text) {
    used += textWidth(character, how);
    if (used > width) return dots > width ? "" : `${fits.trimEnd()}…`;
    all += character;
    if (used + dots <= width) fits = all;
  }
  return text;
}

// ---- The document ----------------------------------------------------------------------------

/** A coordinate as text: two decimals, the same on every machine. */
export function coordinate(x: number): string {
  return String(Math.round(expectFinite(x, "coordinate") * 100) / 100 + 0); // + 0: not -0
}

/**
 * An id for a clip path or a marker: the same for the same content, different for different
 * content, so that many pictures share a page.
 */
export function idOf(content: string): string {
  let [a, b] = [0x811c9dc5, 0x1234567]; // FNV-1a from two beginnings: 64 bits
  for (let i = 0; i < content.length; i++) {
    a = Math.imul(a ^ content.charCodeAt(i), 0x01000193);
    b = Math.imul(b ^ content.charCodeAt(i), 0x01000193) ^ (b >>> 15);
  }
  return `cr-${[a, b].map((part) => (part >>> 0).toString(16).padStart(8, "0")).join("")}`;
}

/**
 * A complete picture: the body on an opaque panel, with a title and a description for those who
 * cannot see it.
 *
 * @param picture width and height in pixels; the body, elements of SVG made with the functions
 * above; title and description as text
 * @throws TypeError unless title and description are text, RangeError for a size that is none
 */
export function document(picture: {
  readonly width: number;
  readonly height: number;
  readonly title: string;
  readonly description: string;
  readonly body: string;
}): string {
  const { title, description, body } = picture;
  for (const [name, text] of Object.entries({ title, description })) {
    if (typeof text !== "string") {
      throw new TypeError(`picture: expected a ${name} that is text, got ${describe(text)}`);
    }
  }
  const [width, height] = [picture.width, picture.height].map(Math.ceil);
  if (!(width > 0 && height > 0 && width < 1e6 && height < 1e6)) {
    throw new RangeError(`picture: expected sizes from 1 to 1e6, got ${width} by ${height}`);
  }
  const panel = paint({ fill: "panel", stroke: "line" });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" `,
    `height="${height}" role="img" class="cr-picture" font-family="system-ui, sans-serif">`,
    `<title>${escapeText(title)}</title><desc>${escapeText(description)}</desc>`,
    `<style>${style}</style>`,
    `<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8"${panel}/>`,
    body,
    "</svg>",
  ].join("");
}
