/**
 * The shapes that mark points in charts: classes differ in shape as well as in colour. Read svg.ts
 * first.
 */

import { coordinate } from "./svg.ts";

/** Each shape as a path from its middle. */
const paths = {
  circle: "m-3.5 0a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0-7 0z",
  square: "m-3.2-3.2h6.4v6.4h-6.4z",
  triangle: "m0-4.4l4.2 7.3h-8.4z",
  diamond: "m0-4.6l4.6 4.6l-4.6 4.6l-4.6-4.6z",
  down: "m0 4.4l-4.2-7.3h8.4z",
  cross: "m-1.3-4.2h2.6v2.9h2.9v2.6h-2.9v2.9h-2.6v-2.9h-2.9v-2.6h2.9z",
} as const;

export type Shape = keyof typeof paths;

/** All shapes, the most different first. */
export const shapes = Object.keys(paths) as readonly Shape[];

/** A point as a part of a path: many of one kind make one element. */
export function marker(shape: Shape, x: number, y: number): string {
  return `M${coordinate(x)} ${coordinate(y)}${paths[shape]}`;
}
