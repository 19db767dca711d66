/**
 * The shapes that boxes of a graph are made of. A picture writes them as SVG; a page may paint the
 * same shapes on a canvas. Read svg.ts first.
 */

import { coordinate, paint, type Role, type TextStyle, textAt } from "./svg.ts";

/** A rectangle: the left upper corner and the size. */
export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** What colours a shape has inside and around it; none if left out. */
interface Colors {
  readonly fill?: Role | undefined;
  readonly stroke?: Role | undefined;
}

/** A rectangle with round corners. */
export interface Box extends Colors {
  readonly kind: "box";
  readonly at: Rectangle;
  readonly radius: number;
  /** The width of the line around it: 1 if left out. */
  readonly strokeWidth?: number | undefined;
  readonly dashes?: boolean;
}

/** A circle around (x, y). */
export interface Circle extends Colors {
  readonly kind: "circle";
  readonly x: number;
  readonly y: number;
  readonly radius: number;
}

/** One line of text; (x, y) is on its baseline. */
export interface Words {
  readonly kind: "words";
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly style: TextStyle;
}

export type Shape = Box | Circle | Words;

/** The dashes of a line around what is folded. */
export const DASHES = "4 3";

/** A shape as SVG. */
export function shapeSVG(shape: Shape): string {
  if (shape.kind === "words") return textAt(shape.x, shape.y, shape.text, shape.style);
  const { fill, stroke } = shape;
  const colors = paint({ ...(fill && { fill }), ...(stroke && { stroke }) });
  if (shape.kind === "circle") {
    const { x, y, radius } = shape;
    return `<circle cx="${coordinate(x)}" cy="${coordinate(y)}" r="${radius}"${colors}/>`;
  }
  const { at, radius, strokeWidth, dashes } = shape;
  const place = `x="${coordinate(at.x)}" y="${coordinate(at.y)}"`;
  const size = `width="${coordinate(at.width)}" height="${coordinate(at.height)}"`;
  const strong = strokeWidth === undefined ? "" : ` stroke-width="${strokeWidth}"`;
  const dashed = dashes ? ` stroke-dasharray="${DASHES}"` : "";
  return `<rect ${place} ${size} rx="${radius}"${strong}${dashed}${colors}/>`;
}
