/**
 * A block: boxes that have been arranged and move as a whole. Read scene.ts and layered.ts first.
 */

import type { Box, Point } from "./layered.ts";
import type { Scene } from "./scene.ts";

/** Something that moves as a whole. Coordinates are relative to its left upper corner. */
export interface Block {
  readonly width: number;
  readonly height: number;
  readonly order: number | undefined;
  readonly align?: Box["align"];
  readonly items: (readonly [item: number, x: number, y: number])[];
  readonly groups: (readonly [
    group: number,
    x: number,
    y: number,
    width: number,
    height: number,
  ])[];
  /** The ways of edges that are complete. */
  readonly inner: Map<number, readonly Point[]>;
  /** For each edge that comes in: its way from the left side. */
  readonly entries: Map<number, readonly Point[]>;
  /** For each item with consumers outside: the way to the right side. */
  readonly exits: Map<number, readonly Point[]>;
}

/** A width and a height. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Where an edge enters its consumer, from the top of it: inputs in order. */
export function portY(scene: Scene, edge: number, height: number): number {
  const { slot, slots } = scene.edges[edge];
  return (height * (slot + 1)) / (slots + 1);
}

/** The same points elsewhere. */
export const shift = (points: readonly Point[], dx: number, dy: number): Point[] =>
  points.map(([x, y]): Point => [x + dx, y + dy]);
