/**
 * The SVG that Graphviz writes, drawn again in the frame and the colours of our pictures. Of what
 * it holds only shapes and text are taken over, each attribute checked: Graphviz copies names of
 * fonts, links and classes from DOT text that anybody may have written. Read svg.ts first.
 */

import {
  coordinate,
  document,
  escapeText,
  idOf,
  paint,
  palette,
  type Role,
  textWidth,
} from "./svg.ts";

/** Everything that an element of Graphviz's SVG begins or ends with, and text. */
const tokens =
  /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<![^>]*>|<(\/?)([\w:]+)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>|[^<]+|</g;

const numbers = /^[\d\s.,e+-]*$/;
const words = /^[\w\s.,%-]*$/;

/** The attributes that are taken over, and what they may hold. Colours are seen to separately. */
const attributes: Readonly<Record<string, RegExp>> = {
  d: /^[MmLlCcHhVvSsQqTtAaZz\d\s.,+-]*$/,
  transform: /^(?:(?:translate|scale|rotate)\([\d\s.,e+-]*\)\s*)*$/,
  gradientUnits: words,
  style: /^stop-color:[#\w]*;stop-opacity:[\d.]*;$/,
  "text-anchor": words,
  "font-weight": words,
  "font-style": words,
  "text-decoration": words,
  "baseline-shift": words,
};
for (const name of [
  ...["points", "cx", "cy", "rx", "ry", "r", "fx", "fy", "x", "y", "x1", "y1", "x2", "y2"],
  ...["stroke-width", "stroke-dasharray", "stroke-opacity", "fill-opacity", "offset"],
]) {
  Object.assign(attributes, { [name]: numbers });
}

const shapes = ["path", "polygon", "polyline", "ellipse", "circle"];
const groups = ["g", "defs", "linearGradient", "radialGradient", "stop"];

const MARGIN = 6;

/**
 * Graphviz's picture as one of ours. Where the text names no colours, it gets those of our
 * pictures, in light and dark; where it does, everything is as it says, on white paper.
 *
 * @param svg what Graphviz wrote
 * @throws Error if there is something in it that Graphviz draws for nobody
 */
export function redraw(svg: string): string {
  const drawing = svg.replace(/<polygon fill="white" stroke="(none|transparent)" /, "<polygon ");
  const colored = / (?:fill|stroke)="(?!black"|none"|transparent")/.test(drawing);
  const picture = new Redrawing(idOf(svg), colored);
  for (const [token, slash, name, attributes, end] of drawing.matchAll(tokens)) {
    if (name === undefined) {
      if (!token.startsWith("<")) picture.text(decoded(token));
    } else if (slash === "/") {
      picture.close(name);
    } else {
      picture.open(name, read(attributes));
      if (end === "/") picture.close(name);
    }
  }
  return picture.finish();
}

/** The attributes of an element. */
function read(text: string): Map<string, string> {
  const found = text.matchAll(/([\w:-]+)="([^"]*)"/g);
  return new Map([...found].map(([, name, value]) => [name, decoded(value)]));
}

const names: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"' };

/** The text that an XML text stands for. */
function decoded(text: string): string {
  return text.replace(/&(?:#(\d+)|#x([\da-fA-F]+)|(amp|lt|gt|quot));/g, (all, ten, hex, name) => {
    if (name !== undefined) return names[name] ?? all;
    const code = ten === undefined ? Number.parseInt(hex, 16) : Number(ten);
    return code <= 0x10ffff ? String.fromCodePoint(code) : "\ufffd";
  });
}

/** What a part of the picture belongs to. */
type Kind = "graph" | "cluster" | "node" | "edge";

const isKind = (word: string): word is Kind => /^(graph|cluster|node|edge)$/.test(word);

/** The picture as far as it was read. */
class Redrawing {
  readonly #id: string;
  readonly #colored: boolean;
  readonly #body: string[] = [];
  /** The elements that are not closed yet: their name, what closes them here, what they are in. */
  readonly #path: { name: string; end: string; kind: Kind }[] = [];
  readonly #gradients = new Map<string, string>(); // Graphviz's ids and ours
  readonly #count = { graph: 0, cluster: 0, node: 0, edge: 0 };
  readonly #said: string[] = []; // the texts of each node
  #line = new Map<string, string>(); // the attributes of the text that comes next
  #size: readonly number[] = [];
  #title = "";
  #description = "";

  constructor(id: string, colored: boolean) {
    this.#id = id;
    this.#colored = colored;
  }

  open(name: string, given: Map<string, string>): void {
    let kind = this.#path.at(-1)?.kind ?? "graph";
    let [start, end] = ["", ""];
    if (name === "svg") {
      this.#size = (given.get("viewBox") ?? "").split(" ").slice(2).map(Number);
    } else if (name === "a") {
      const tip = given.get("xlink:title") ?? "";
      if (kind === "graph") this.#description = tip;
      else if (tip !== "") start = `<title>${escapeText(tip)}</title>`;
    } else if (name === "text") {
      this.#line = given;
    } else if (shapes.includes(name)) {
      const role = kind === "edge" ? "edge" : "node-line";
      start = `<${name}${checked(given)}${this.#colors(given, role)}/>`;
    } else if (groups.includes(name)) {
      const [word = ""] = given.get("class")?.split(" ") ?? [];
      if (name === "g" && isKind(word)) {
        kind = word;
        this.#count[kind] += 1;
        if (kind === "node") this.#said.push("");
      }
      let id = "";
      if (name.endsWith("Gradient")) {
        id = `${this.#id}-${this.#gradients.size}`;
        this.#gradients.set(`url(#${given.get("id")})`, `url(#${id})`);
      }
      start = `<${name}${id === "" ? "" : ` id="${id}"`}${checked(given)}>`;
      end = `</${name}>`;
    } else if (name !== "title" && name !== "image") {
      throw new Error(`renderDot: expected shapes and text from Graphviz, got <${name}>`);
    }
    this.#body.push(start);
    this.#path.push({ name, end, kind });
  }

  close(name: string): void {
    const open = this.#path.pop();
    if (open?.name !== name) {
      throw new Error(`renderDot: expected whole elements from Graphviz, got </${name}> alone`);
    }
    this.#body.push(open.end);
  }

  text(text: string): void {
    const { name, kind } = this.#path.at(-1) ?? { name: "", kind: "graph" };
    if (name === "title" && kind === "graph") this.#title += text;
    if (name !== "text") return;
    const measured = Number(this.#line.get("font-size") ?? 14);
    const size = fitting(text, Number.isFinite(measured) ? measured : 14);
    const mono = /courier|mono/i.test(this.#line.get("font-family") ?? "");
    const family = mono ? ' font-family="ui-monospace, monospace"' : "";
    const colors = this.#colors(new Map([["fill", "black"], ...this.#line]), "ink");
    const attributes = `${checked(this.#line)} font-size="${coordinate(size)}"${family}${colors}`;
    this.#body.push(`<text${attributes}>${escapeText(text)}</text>`);
    if (kind === "node") this.#said.push(`${this.#said.pop()} ${text.trim()}`);
  }

  finish(): string {
    if (this.#path.length > 0) {
      throw new Error("renderDot: expected whole elements from Graphviz, got half of one");
    }
    const [width, height] = [0, 1].map((i) => (this.#size[i] ?? 0) + 2 * MARGIN);
    const [right, bottom] = [width, height].map((size) => coordinate(Math.ceil(size) - 1));
    const paper =
      `<rect x="0.5" y="0.5" width="${right}" height="${bottom}" rx="8" ` +
      `fill="${palette.panel[0]}" stroke="${palette.line[0]}"/>`;
    return document({
      width,
      height,
      title: /^(%\d+)?$/.test(this.#title) ? "Graph" : this.#title,
      description: this.#description === "" ? this.#summary() : this.#description,
      body: [
        this.#colored ? paper : "",
        `<g transform="translate(${MARGIN} ${MARGIN})">${this.#body.join("")}</g>`,
      ].join(""),
    });
  }

  /** How many nodes and edges there are, and what is written in the nodes. */
  #summary(): string {
    const { node, edge } = this.#count;
    const counts = [
      `${node} ${node === 1 ? "node" : "nodes"}`,
      `${edge} ${edge === 1 ? "edge" : "edges"}`,
    ];
    const said = this.#said.map((text) => text.trim()).filter((text) => text !== "");
    return said.length === 0
      ? counts.join(", ")
      : `${counts.join(", ")}: ${said.join("; ")}`.slice(0, 1000);
  }

  /** The attributes for fill and stroke, with a space before each; black is drawn in the role's colour. */
  #colors(given: Map<string, string>, role: Role): string {
    const fill = given.get("fill") ?? "none";
    const stroke = given.get("stroke") ?? "none";
    if (!this.#colored) {
      return paint({
        ...(fill === "black" && { fill: role }),
        ...(stroke === "black" && { stroke: role }),
      });
    }
    return ` fill="${this.#color(fill)}" stroke="${this.#color(stroke)}"`;
  }

  /** A colour that is one, or a gradient of this picture. */
  #color(color: string): string {
    return this.#gradients.get(color) ?? (/^(#[\da-f]{3,8}|[a-z]+)$/i.test(color) ? color : "none");
  }
}

/** Those attributes that are taken over, with a space before each. */
function checked(given: Map<string, string>): string {
  let result = "";
  for (const [name, value] of given) {
    if (Object.hasOwn(attributes, name) && attributes[name].test(value))
      result += ` ${name}="${value}"`;
  }
  return result;
}

/**
 * The size at which a text has the room that Graphviz gave it, in whichever font the reader has:
 * Graphviz measures in Arial, and the widest of the usual fonts need more.
 */
function fitting(text: string, measured: number): number {
  let width = 0; // of Arial, in ems, rather too little
  for (const character of text) {
    if (character > "~")
      width += 0.278 * bytesOf(character); // as Graphviz does
    else if (/[ijl'|]/.test(character)) width += 0.22;
    else if (/[ !,./:;\\[\]fIt]/.test(character)) width += 0.278;
    else if (/[-"(){}`r]/.test(character)) width += 0.333;
    else if (/[abdeghnopqu0-9]/.test(character)) width += 0.556;
    else if (/[mMW@w%]/.test(character)) width += 0.72;
    else width += /[A-Z&<>=+~]/.test(character) ? 0.584 : 0.5;
  }
  const margin = 0.5; // of a box, on the left and on the right
  const share = (width + margin) / textWidth(text, { size: 1 });
  return measured * Math.max(0.6, Math.min(0.87, share));
}

/** The number of bytes of a character in UTF-8. */
function bytesOf(character: string): number {
  if (character.length === 2) return 4;
  return character > "\u07ff" ? 3 : character > "\x7f" ? 2 : 1;
}
