/**
 * Leaves out the points of a line that nobody would see. Nothing to read first.
 *
 * Points in a row that fall into the same column of pixels are drawn one over the other. Of each such
 * run the first, the lowest, the highest and the last say it all: the line looks the same, and no
 * peak is lost, however narrow.
 */

type Place = readonly [x: number, y: number];

const FEW = 1000; // so many points are drawn as they are

/** The places, in pixels, without those that make no difference. One of NaN is a gap. */
export function thin(places: readonly Place[]): readonly Place[] {
  if (places.length <= FEW) return places;
  const kept: Place[] = [];
  for (let start = 0; start < places.length; ) {
    const column = columnOf(places[start]);
    let end = start + 1;
    let [lowest, highest] = [start, start];
    while (end < places.length && columnOf(places[end]) === column) {
      if (places[end][1] < places[lowest][1]) lowest = end;
      if (places[end][1] > places[highest][1]) highest = end;
      end += 1;
    }
    const chosen = new Set([start, lowest, highest, end - 1]);
    for (const i of [...chosen].sort((a, b) => a - b)) kept.push(places[i]);
    start = end;
  }
  return kept;
}

/** The column of pixels; -1 for a gap. */
function columnOf([x, y]: Place): number {
  return Number.isNaN(x) || Number.isNaN(y) ? -1 : Math.round(x);
}
