/**
 * The colours of the heat-maps: from class -1 over white, or in the dark black, to class 1, equally bright on both
 * sides. Read ../../styles/tokens.css first.
 */

import { palette, type Role } from "../../../dist/draw/svg.js";
import { theme } from "../../cells/theme.ts";

/** A colour of the pictures in the page's theme, such as "#1765b5". */
export const colorOf = (role: Role): string => palette[role][theme() === "light" ? 0 : 1];

type RGB = readonly [red: number, green: number, blue: number];

/** The ends and the middle: blue and orange keep apart for the colour-blind. */
const stops: Record<"light" | "dark", readonly [low: RGB, middle: RGB, high: RGB]> = {
  light: [
    [226, 138, 84],
    [250, 249, 246],
    [98, 158, 219],
  ],
  dark: [
    [160, 79, 30],
    [22, 26, 32],
    [44, 105, 168],
  ],
};

/** So many colours on either side of 0. */
const STEPS = 127;

const tables = new Map<string, Uint32Array>();

/** The colours from -1 to 1 as the pixels of an ImageData; the last is for what is no number. */
function table(): Uint32Array {
  const known = tables.get(theme());
  if (known !== undefined) return known;
  const [low, middle, high] = stops[theme()];
  const pixels = new Uint8ClampedArray(4 * (2 * STEPS + 2));
  for (let i = -STEPS; i <= STEPS; i++) {
    const end = i < 0 ? low : high;
    const share = Math.abs(i) / STEPS;
    const rgb = middle.map((from, j) => from + (end[j] - from) * share);
    pixels.set([...rgb, 255], 4 * (i + STEPS));
  }
  pixels.set([128, 128, 128, 255], 4 * (2 * STEPS + 1));
  const made = new Uint32Array(pixels.buffer);
  tables.set(theme(), made);
  return made;
}

/** Colours pixels by numbers: `scale` and more has the full colour of class 1, `-scale` that of class -1. */
export function colorPixels(numbers: ArrayLike<number>, scale: number, pixels: Uint32Array): void {
  const colors = table();
  for (let i = 0; i < pixels.length; i++) {
    const share = numbers[i] / scale;
    const step = Math.round(share * STEPS) + STEPS;
    pixels[i] =
      colors[step >= 0 ? (step <= 2 * STEPS ? step : 2 * STEPS) : step < 0 ? 0 : 2 * STEPS + 1];
  }
}

/** The colour of a number as CSS; see {@link colorPixels}. */
export function cssColor(share: number): string {
  const pixel = new Uint32Array(1);
  colorPixels([share], 1, pixel);
  const [red, green, blue] = new Uint8ClampedArray(pixel.buffer);
  return `rgb(${red} ${green} ${blue})`;
}
