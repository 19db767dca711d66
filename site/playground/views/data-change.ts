/** How one set of points differs from another. Nothing to read first. */

import type { DataSet } from "chainrule";

/** The set that was there before, if the other has the same points: then nothing has to be drawn again. */
export function kept<Set extends DataSet | undefined>(before: Set | undefined, now: Set): Set {
  if (before === undefined || now === undefined || before === now) return now;
  const isSame =
    before.task === now.task &&
    before.name === now.name &&
    before.inputs.length === now.inputs.length &&
    before.inputs.every((x, i) => areEqual(x, now.inputs[i])) &&
    before.targets.every((target, i) => areEqual(target, now.targets[i]));
  return isSame ? before : now;
}

/** Has at most one point come, gone or moved? Then they are not other data. */
export function isOneEdit(before: DataSet, after: DataSet): boolean {
  const [a, b] = [before.inputs, after.inputs];
  if (before.task !== after.task || Math.abs(a.length - b.length) > 1) return false;
  const least = Math.min(a.length, b.length);
  let front = 0;
  while (front < least && areEqual(a[front], b[front])) front += 1;
  let back = 0;
  while (back < least - front && areEqual(a[a.length - 1 - back], b[b.length - 1 - back]))
    back += 1;
  return Math.max(a.length, b.length) - front - back <= 1;
}

function areEqual(x: readonly number[], y: readonly number[]): boolean {
  return x.length === y.length && x.every((number, i) => number === y[i]);
}
