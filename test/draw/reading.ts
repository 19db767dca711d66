// Reads a picture as its viewers do: parses it strictly, finds its texts, and tells from the ticks of
// a chart which numbers a place stands for.

import { DOMParser } from "@xmldom/xmldom";

/** The document; anything that is not well-formed XML is an error. */
export function parse(svg: string) {
  const fail = (level: string, message: string) => {
    if (message.includes("Unicode replacement character")) return; // � is what we put there
    throw new Error(`${level}: ${message}`);
  };
  return new DOMParser({ onError: fail }).parseFromString(svg, "image/svg+xml");
}

export function elements(svg: string, name: string) {
  return [...parse(svg).getElementsByTagName(name)];
}

export interface ShownText {
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly anchor: string;
  readonly size: number;
  readonly bold: boolean;
}

/** Every text with its place. */
export function textsOf(svg: string): ShownText[] {
  return elements(svg, "text").map((text) => ({
    x: Number(text.getAttribute("x")),
    y: Number(text.getAttribute("y")),
    text: text.textContent ?? "",
    anchor: text.getAttribute("text-anchor") ?? "start",
    size: Number(text.getAttribute("font-size")),
    bold: text.getAttribute("font-weight") !== null,
  }));
}

/** The d attributes of all paths that have something in them. */
export function pathsOf(svg: string): string[] {
  return elements(svg, "path").map((path) => path.getAttribute("d") ?? "");
}

type Place = [x: number, y: number];

const round = (x: number) => Math.round(100 * x) / 100;

/** Where points are marked, in pixels, those of legends excepted. */
export function marksOf(svg: string): Place[] {
  const legend = new Set(
    textsOf(svg)
      .filter(({ anchor, size }) => anchor === "start" && size === 12)
      .map(({ x, y }) => `${round(x - 16)} ${round(y - 4)}`),
  );
  return pathsOf(svg)
    .flatMap((d) => [...d.matchAll(/M(\S+) (\S+?)m/g)])
    .filter(([, x, y]) => !legend.has(`${x} ${y}`))
    .map(([, x, y]): Place => [Number(x), Number(y)]);
}

/** The points of the lines with a width of 2 and more, line by line; a gap begins a new one. */
export function linesOf(svg: string): Place[][] {
  return elements(svg, "path")
    .filter((path) => Number(path.getAttribute("stroke-width")) >= 2)
    .flatMap((path) => (path.getAttribute("d") ?? "").split("M").slice(1))
    .filter((d) => !d.includes("h"))
    .map((d) =>
      d
        .replace("Z", "")
        .split("L")
        .map((at): Place => {
          const [x, y] = at.split(/[ ,]/).map(Number);
          return [x!, y!];
        }),
    );
}

/**
 * From a place to the numbers there, told from two ticks of each axis as one does with a ruler.
 *
 * @param logarithmic which of the axes are
 */
export function rulers(svg: string, logarithmic: { x?: boolean; y?: boolean } = {}) {
  const texts = textsOf(svg).filter(({ text }) => /^-?[\d.]+(e-?\d+)?$/.test(text));
  const up = texts.filter(({ anchor }) => anchor === "end").map((t) => [t.y - 4, t.text] as const);
  const across = texts
    .filter(({ anchor }) => anchor === "middle")
    .map((t) => [t.x, t.text] as const);
  const ruler = (ticks: (readonly [number, string])[], isLog = false) => {
    const inner = isLog ? Math.log10 : (x: number) => x;
    const [[from, first], [to, last]] = [ticks[1]!, ticks[ticks.length - 2]!];
    const share = (at: number) => (at - from) / (to - from);
    return (at: number) => {
      const t = inner(Number(first)) + share(at) * (inner(Number(last)) - inner(Number(first)));
      return isLog ? 10 ** t : t;
    };
  };
  return { x: ruler(across, logarithmic.x), y: ruler(up, logarithmic.y) };
}
