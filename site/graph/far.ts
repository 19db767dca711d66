/** What is written into a box for those who see it from afar: few words, and large. Nothing to read first. */

import type { Face } from "../../dist/draw/card.js";
import type { Item } from "../../dist/draw/scene.js";
import type { Rectangle } from "../../dist/draw/shapes.js";
import { textWidth } from "../../dist/draw/svg.js";

/** Below this scale numbers are too small to be read. */
export const FAR = 0.6;

/** How much larger signs are then; graph.css says it too. */
export const FAR_SIGN = 1.7;

export interface FarWords {
  readonly x: number;
  /** Of the baseline. */
  readonly y: number;
  readonly text: string;
  readonly size: number;
  readonly anchor: "start" | "middle";
}

/**
 * The name or the operation in the middle of a box, as large as there is room; of a leaf without a
 * name its number.
 */
export function farWords(item: Item, face: Face, at: Rectangle, data: string): FarWords {
  const text = face.label || face.operation || data;
  const room = (at.width - 8) / Math.max(1, textWidth(text, { size: 1, bold: true }));
  const size = Math.min(26, 0.7 * at.height, room);
  const middle = item.kind === "layer" ? at.y + 26 : at.y + at.height / 2;
  return { x: at.x + at.width / 2, y: middle + 0.36 * size, text, size, anchor: "middle" };
}

/** The title of a frame, for the same readers. */
export function frameWords(title: string, at: Rectangle): FarWords {
  const room = (at.width - 30) / Math.max(1, textWidth(title, { size: 1, bold: true }));
  const size = Math.min(20, room);
  return { x: at.x + 10, y: at.y + 19, text: title, size, anchor: "start" };
}
