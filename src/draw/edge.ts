/**
 * What an edge looks like: its way, its head, and the weight on it. Read layout.ts first.
 */

import type { Point } from "./layered.ts";
import type { DrawableNode } from "./node.ts";
import type { Scene } from "./scene.ts";
import { coordinate, type Role } from "./svg.ts";

/** How strong an edge is, and in which colour. */
export interface Stroke {
  readonly width: number;
  readonly role: Role;
}

/** The strokes of all edges: those into closed neurons tell their weights. */
export function strokesOf(
  nodes: readonly DrawableNode[],
  { edges }: Scene,
  dataOf: (node: DrawableNode) => number = ({ data }) => data,
): Stroke[] {
  const weights = edges.map(({ weight }) =>
    weight === undefined ? undefined : dataOf(nodes[weight]),
  );
  const strongest = weights.reduce<number>(
    (most, weight) => Math.max(most, Math.abs(weight ?? 0)),
    0,
  );
  return weights.map((weight) => {
    if (weight === undefined) return { width: 1.25, role: "edge" };
    const strength = strongest > 0 ? Math.abs(weight) / strongest : 0;
    return {
      width: Number.isFinite(strength) ? 0.6 + 2.6 * strength : 1.25,
      role: weight < 0 ? "negative" : "positive",
    };
  });
}

const ARROW = 7;

/** The way of an edge as SVG's path: a line through the points; where both x and y change, a curve that starts and ends level. */
export function pathOf(way: readonly Point[]): string {
  const parts: string[] = [];
  const [x1, y1] = way[way.length - 1];
  const upright = way[way.length - 2][0] === x1;
  // The head of the arrow is not part of the line.
  const end: Point = upright ? [x1, y1 - ARROW] : [x1 - ARROW, y1];
  const points = [...way.slice(0, -1), end];
  points.forEach(([x, y], i) => {
    const before = points[i - 1];
    if (before === undefined) {
      parts.push(`M${coordinate(x)} ${coordinate(y)}`);
      return;
    }
    const [x0, y0] = before;
    const after = points[i + 1];
    if (x0 === x || Math.abs(y0 - y) < 0.01) {
      // A corner from level to upright is rounded.
      const turns =
        after !== undefined && Math.abs(y0 - y) < 0.01 && after[0] === x && after[1] !== y;
      const round = turns ? Math.min(8, Math.abs(x - x0), Math.abs(after[1] - y)) : 0;
      parts.push(`L${coordinate(x - round)} ${coordinate(y)}`);
      if (round > 0)
        parts.push(`Q${coordinate(x)} ${coordinate(y)} ${coordinate(x)} ${coordinate(y + round)}`);
      return;
    }
    const middle = coordinate((x0 + x) / 2);
    parts.push(
      `C${middle} ${coordinate(y0)} ${middle} ${coordinate(y)} ${coordinate(x)} ${coordinate(y)}`,
    );
  });
  return parts.join("");
}

/** The head of its arrow, as SVG's path. */
export function arrowhead(points: readonly Point[]): string {
  const [x, y] = points[points.length - 1];
  const [x0, y0] = points[points.length - 2];
  const corners: Point[] =
    x0 === x && y > y0
      ? [
          [x, y],
          [x - 3.5, y - 7],
          [x + 3.5, y - 7],
        ]
      : [
          [x, y],
          [x - 7, y - 3.5],
          [x - 7, y + 3.5],
        ];
  return `M${corners.map((corner) => corner.map(coordinate).join(" ")).join("L")}Z`;
}
