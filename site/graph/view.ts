/**
 * Which part of a picture is seen, and how large: moving, zooming, fitting as arithmetic. Nothing to
 * read first.
 */

import type { Rectangle } from "../../dist/draw/shapes.js";

/** A place of the picture at (wx, wy) is seen at (x + scale·wx, y + scale·wy). */
export interface View {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Larger than this a small graph does not become by itself. */
const LARGEST_FIT = 1.2;
/** A scale at which everything can be read. */
const READABLE = 0.85;
export const MARGIN = 18;
const LIMITS = { smallest: 0.02, largest: 4 };

/** The whole picture, in the middle. */
export function fit(picture: Size, stage: Size): View {
  const room = (length: number) => Math.max(40, length - 2 * MARGIN);
  const scale = Math.min(
    room(stage.width) / Math.max(1, picture.width),
    room(stage.height) / Math.max(1, picture.height),
    LARGEST_FIT,
  );
  return centred(picture, stage, Math.max(scale, LIMITS.smallest));
}

const centred = (picture: Size, stage: Size, scale: number): View => ({
  x: (stage.width - scale * picture.width) / 2,
  y: (stage.height - scale * picture.height) / 2,
  scale,
});

/** What is seen first: everything, or where that would be smaller than `least`, the beginning. */
export function begin(picture: Size, stage: Size, least: number): View {
  const whole = fit(picture, stage);
  if (whole.scale >= least) return whole;
  const high = (stage.height - 2 * MARGIN) / picture.height;
  const scale = Math.max(least, Math.min(READABLE, high));
  return { ...centred(picture, stage, scale), x: MARGIN };
}

/** How high a stage of this width is best, so that the picture has room as it is seen first. */
export function suitableHeight(picture: Size, width: number, least: number): number {
  const scale = Math.min(LARGEST_FIT, Math.max(0, width - 2 * MARGIN) / Math.max(1, picture.width));
  return picture.height * (scale < least ? READABLE : scale) + 2 * MARGIN;
}

/** Larger or smaller by a factor; the place under (x, y) stays there. */
export function zoom(view: View, factor: number, x: number, y: number): View {
  const scale = Math.min(LIMITS.largest, Math.max(LIMITS.smallest, view.scale * factor));
  const by = scale / view.scale;
  return { x: x - by * (x - view.x), y: y - by * (y - view.y), scale };
}

/** The least move after which a rectangle is seen, as far as it has room. */
export function reveal(view: View, { x, y, width, height }: Rectangle, stage: Size): View {
  const move = (from: number, length: number, room: number): number => {
    const margin = Math.min(MARGIN + 12, room / 4);
    if (length > room - 2 * margin) return (room - length) / 2 - from;
    return Math.max(margin - from, 0) + Math.min(room - margin - length - from, 0);
  };
  const { scale } = view;
  return {
    x: view.x + move(view.x + scale * x, scale * width, stage.width),
    y: view.y + move(view.y + scale * y, scale * height, stage.height),
    scale,
  };
}

/** The picture does not leave the stage altogether. */
export function kept(view: View, picture: Size, stage: Size): View {
  const clamp = (from: number, length: number, room: number): number => {
    const overlap = Math.min(80, room / 3, length);
    return Math.min(room - overlap, Math.max(overlap - length, from));
  };
  return {
    x: clamp(view.x, view.scale * picture.width, stage.width),
    y: clamp(view.y, view.scale * picture.height, stage.height),
    scale: view.scale,
  };
}

/** The part of the picture that is seen. */
export const seen = ({ x, y, scale }: View, { width, height }: Size): Rectangle => ({
  x: -x / scale,
  y: -y / scale,
  width: width / scale,
  height: height / scale,
});

/** Between two views, from 0 to 1. */
export const between = (a: View, b: View, share: number): View => ({
  x: a.x + share * (b.x - a.x),
  y: a.y + share * (b.y - a.y),
  scale: a.scale + share * (b.scale - a.scale),
});
