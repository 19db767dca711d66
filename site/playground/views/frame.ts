/** Where a point of the plane is in the picture, in pixels. Read plane.ts first. */

import type { Plane, Range } from "./plane.ts";

/** Pixels from the plane to a point that is a whole range behind it. */
const DEPTH = 24;

/** A plane in a rectangle of the picture; with one input, targets go up. */
export class Frame {
  readonly plane: Plane;
  readonly targets: Range;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;

  constructor(
    plane: Plane,
    targets: Range,
    box: { left: number; top: number; width: number; height: number },
  ) {
    this.plane = plane;
    this.targets = targets;
    this.left = box.left;
    this.top = box.top;
    this.width = box.width;
    this.height = box.height;
  }

  /** The numbers from the bottom to the top. */
  get upwards(): Range {
    return this.plane.isLine ? this.targets : this.plane.ranges[this.plane.up];
  }

  /** From the left to the right. */
  get sideways(): Range {
    return this.plane.ranges[this.plane.across];
  }

  /** The pixel of a point with its target. */
  pixelOf(x: readonly number[], target: number): [x: number, y: number] {
    const depth = this.depthOf(x);
    return [
      this.pixelAcross(x[this.plane.across]) + depth,
      this.pixelUp(this.plane.isLine ? target : x[this.plane.up]) - depth,
    ];
  }

  /**
   * So many pixels to the right and up a point is drawn from its place in the plane, because it lies behind it; to
   * the left and down if it lies before it.
   */
  depthOf(x: readonly number[]): number {
    return this.plane.behind(x) * DEPTH;
  }

  pixelAcross(number: number): number {
    const [from, to] = this.sideways;
    return this.left + ((number - from) / (to - from)) * this.width;
  }

  pixelUp(number: number): number {
    const [from, to] = this.upwards;
    return this.top + (1 - (number - from) / (to - from)) * this.height;
  }

  /** The numbers at a pixel: those of the plane's point there, and how far up it is among the targets. */
  at([pixelX, pixelY]: readonly [number, number]): { x: number[]; target: number } {
    const across = (pixelX - this.left) / this.width;
    const up = 1 - (pixelY - this.top) / this.height;
    const [from, to] = this.targets;
    return { x: this.plane.pointAt(across, up), target: from + up * (to - from) };
  }

  holds([pixelX, pixelY]: readonly [number, number]): boolean {
    const [across, down] = [pixelX - this.left, pixelY - this.top];
    return across >= 0 && across <= this.width && down >= 0 && down <= this.height;
  }
}
