/**
 * The output of a graph as a function of one of its nodes alone: the numbers of the curve panel.
 * Read src/explain/recompute.ts first.
 */

import type { Value } from "chainrule";
import { Recomputer, type Walk } from "chainrule/explain";

/** A curve with the point on it where the node is now. */
export interface LossCurve {
  readonly node: Value;
  /** What the node is, what the output is, and the slope there: the gradient. */
  readonly at: number;
  readonly loss: number;
  readonly slope: number;
  /** What the curve shows: from, to. */
  readonly domain: readonly [number, number];
  readonly xs: readonly number[];
  readonly ys: readonly number[];
  /** From this learning rate on the output would rise; undefined if none was found. */
  readonly overshoot: number | undefined;
  /** The output for any number in the node. */
  readonly lossAt: (x: number) => number;
}

const SAMPLES = 120;
const HALVINGS = 24;

/** What a curve is to show. */
export interface Wish {
  /** A domain that is kept if it still suits, lest the picture jumps. */
  readonly keep: readonly [number, number] | undefined;
  /** Above 1: more than usual is shown; below 1: less. */
  readonly zoom: number;
}

/**
 * Computes the curve, a little at a time: a graph may have tens of thousands of nodes.
 *
 * @returns an iterator that yields wherever it may be interrupted, and at the end returns the curve
 */
export function* lossCurve(
  walk: Walk,
  node: Value,
  { keep, zoom }: Wish,
): Generator<void, LossCurve> {
  const { output } = walk;
  const { data: at } = node;
  const { data: loss } = output;
  const slope = walk.gradient(node, walk.steps.length) ?? 0;
  // As backward sees it: what comes out of detach is a constant.
  const again = new Recomputer(output, [node], { holdDetached: true });
  const lossAt = (x: number) => again.output([x]);
  yield;

  // 1. How far down the slope until the output is higher than here? First by doubling, ...
  const unit = Math.max(Math.abs(at), 1);
  const down = slope > 0 ? -1 : 1;
  const isHigher = (distance: number) => !(lossAt(at + down * distance) <= loss);
  let near = 0;
  let far: number | undefined;
  if (slope !== 0) {
    for (let distance = unit / 2 ** 12; distance <= unit * 32; distance *= 2) {
      yield;
      if (isHigher(distance)) {
        far = distance;
        break;
      }
      near = distance;
    }
  }
  // ... then by halving.
  for (let i = 0; far !== undefined && i < HALVINGS; i++) {
    yield;
    const middle = (near + far) / 2;
    if (isHigher(middle)) far = middle;
    else near = middle;
  }
  const overshoot = far === undefined ? undefined : far / Math.abs(slope);

  // 2. What to show: that place, and as much again.
  const domain =
    keep !== undefined && suits(keep, at, at + down * (far ?? 0), far)
      ? keep
      : domainAround(at, down, far ?? unit, far !== undefined, zoom);

  // 3. The curve.
  const [from, to] = domain;
  const xs = Array.from({ length: SAMPLES + 1 }, (_, i) => from + ((to - from) * i) / SAMPLES);
  const ys: number[] = [];
  for (const x of xs) {
    yield;
    ys.push(lossAt(x));
  }
  return { node, at, loss, slope, domain, xs, ys, overshoot, lossAt };
}

function domainAround(
  at: number,
  down: number,
  reach: number,
  isValley: boolean,
  zoom: number,
): readonly [number, number] {
  const before = at - down * reach * (isValley ? 0.45 : 1) * zoom;
  const beyond = at + down * reach * (isValley ? 1.35 : 1) * zoom;
  return before < beyond ? [before, beyond] : [beyond, before];
}

/** Does a domain still show where the node is, and the valley beside it? */
function suits(
  [from, to]: readonly [number, number],
  at: number,
  valleyEnd: number,
  valley: number | undefined,
): boolean {
  const width = to - from;
  const isInside = (x: number) => x >= from + 0.12 * width && x <= to - 0.12 * width;
  return isInside(at) && (valley === undefined || (isInside(valleyEnd) && valley > 0.2 * width));
}

/** A step of gradient descent by one parameter alone. */
export interface CurveStep {
  /** −rate × gradient. */
  readonly by: number;
  readonly to: number;
  /** The output there. */
  readonly loss: number;
}

/** The step that plain gradient descent takes with a learning rate. */
export function stepWith({ at, slope, lossAt }: LossCurve, rate: number): CurveStep {
  const by = -rate * slope + 0; // + 0: not -0
  return { by, to: at + by, loss: lossAt(at + by) };
}

/**
 * Does training move this node? It does if it is a leaf with a name, such as a weight, and not a
 * number of a data point.
 */
export const isTrained = ({ op, label, origin }: Value): boolean =>
  op === "" && label !== "" && origin.example === undefined;
