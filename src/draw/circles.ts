/**
 * Whether groups of nodes can be drawn as one. Nothing to read first.
 */

/** Marks what is on a circle, or between two: what cannot be taken away from either end. */
export function inCircles(
  count: number,
  from: readonly number[],
  to: readonly number[],
): Uint8Array {
  const left = new Uint8Array(count).fill(1);
  for (const [tails, heads] of [
    [from, to],
    [to, from],
  ]) {
    // Edges sorted by tail: those of node n are sorted[start[n]] to sorted[start[n + 1] - 1].
    const start = new Int32Array(count + 1);
    for (const tail of tails) start[tail + 1] += 1;
    for (let n = 0; n < count; n++) start[n + 1] += start[n];
    const next = start.slice();
    const sorted = new Int32Array(tails.length);
    const waiting = new Int32Array(count);
    tails.forEach((tail, e) => {
      sorted[next[tail]++] = heads[e];
      if (left[tail] === 1) waiting[heads[e]] += 1;
    });
    const free: number[] = [];
    for (let n = 0; n < count; n++) if (left[n] === 1 && waiting[n] === 0) free.push(n);
    for (const node of free) {
      left[node] = 0;
      for (let e = start[node]; e < start[node + 1]; e++) {
        const head = sorted[e];
        waiting[head] -= 1;
        if (left[head] === 1 && waiting[head] === 0) free.push(head);
      }
    }
  }
  return left;
}
