/** What is written into a box for those who see it from afar: few words, and large. Nothing to read first. */

import type { Face } from "../../dist/draw/card.js";
import type { Item } from "../../dist/draw/scene.js";
import type { Rectangle } from "../../dist/draw/shapes.js";
import { textWidth } from "../../dist/draw/svg.js";

/** Below this scale numbers are too small to be read. */
export const FAR = 0.55;

export interface FarWords {
  readonly x: number;
  /** Of the baseline. */
  readonly y: number;
  readonly text: string;
  readonly size: number;
  readonly anchor: "start" | "middle";
}

/** The operation or the name in the middle of a box, as large as there is room; undefined for a number. */
export function farWords(item: Item, face: Face, at: Rectangle): FarWords | undefined {
  const text = face.operation || face.label;
  if (text === "") return undefined;
  const room = (at.width - 8) / textWidth(text, { size: 1, bold: true });
  const size = Math.min(26, 0.7 * at.height, room);
  const middle = item.kind === "layer" ? at.y + 26 : at.y + at.height / 2;
  return { x: at.x + at.width / 2, y: middle + 0.36 * size, text, size, anchor: "middle" };
}
