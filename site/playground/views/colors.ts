/**
 * The colours of the heat-maps: from class -1 over white, or in the dark black, to class 1, equally bright on both
 * sides. Read ../../styles/tokens.css first.
 */

import { theme } from "../../cells/theme.ts";

const known = new Map<string, string>();

/** A colour of tokens.css in the page's theme, such as "rgb(23, 101, 181)", for a canvas. */
export function colorOf(token: "positive" | "negative"): string {
  const key = `${token} ${theme()}`;
  let color = known.get(key);
  if (color === undefined) {
    const probe = document.createElement("span");
    probe.style.color = `var(--${token})`;
    document.body.append(probe);
    ({ color } = getComputedStyle(probe));
    probe.remove();
    known.set(key, color);
  }
  return color;
}

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
  const made = tables.get(theme());
  if (made !== undefined) return made;
  const [low, middle, high] = stops[theme()];
  const pixels = new Uint8ClampedArray(4 * (2 * STEPS + 2));
  for (let i = -STEPS; i <= STEPS; i++) {
    const end = i < 0 ? low : high;
    const share = Math.abs(i) / STEPS;
    const rgb = middle.map((from, j) => from + (end[j] - from) * share);
    pixels.set([...rgb, 255], 4 * (i + STEPS));
  }
  pixels.set([128, 128, 128, 255], 4 * (2 * STEPS + 1));
  const colors = new Uint32Array(pixels.buffer);
  tables.set(theme(), colors);
  return colors;
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
