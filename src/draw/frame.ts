/**
 * The box around a group: a neuron, a layer, all that belongs to a data point. Read layout.ts and
 * shapes.ts first.
 */

import { HEADER } from "./layout.ts";
import type { Group } from "./scene.ts";
import type { Rectangle, Shape } from "./shapes.ts";
import { type Role, shorten } from "./svg.ts";

/** How far the sheets of a stack of data points stand apart. */
export const STACK = 6;

/** The box around a group, with its title. */
export function frameShapes({ kind, title }: Group, at: Rectangle): Shape[] {
  const [fill, stroke] = roles[kind];
  const sheets = kind === "point" ? [2, 1, 0] : [0];
  const boxes = sheets.map((n): Shape => {
    const sheet = { ...at, x: at.x + n * STACK, y: at.y + n * STACK };
    return { kind: "box", at: sheet, radius: 8, fill, stroke };
  });
  const size = kind === "neuron" ? 12 : 14;
  const style = { size, bold: true, role: "faint" } as const;
  const text = shorten(title, at.width - 20, style);
  return [...boxes, { kind: "words", x: at.x + 10, y: at.y + HEADER - 5, text, style }];
}

/** The colours: inside, around. */
const roles: Readonly<Record<Group["kind"], readonly [Role, Role]>> = {
  neuron: ["panel", "node-line"],
  layer: ["node", "line"],
  point: ["panel", "edge"],
};
