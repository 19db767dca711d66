/**
 * The line where a map of numbers passes through zero, by marching squares: in each square of four neighbours it
 * goes straight from side to side. Nothing to read first.
 */

/**
 * The line as the data of an SVG path.
 *
 * @param numbers of `size` times `size` cells, row by row from the top
 * @param size at least 2
 * @param box the rectangle that the cells fill, in pixels
 */
export function zeroLine(
  numbers: ArrayLike<number>,
  size: number,
  box: { left: number; top: number; width: number; height: number },
): string {
  // Numbers are those of the cells' middles; at the edges they go on straight, half a cell further.
  const place = (i: number) => (i < 0 ? 0 : i >= size ? 1 : (i + 0.5) / size);
  const inRow = (row: number, column: number) => {
    const at = (i: number) => numbers[row * size + i];
    return column < 0
      ? ahead(at(1), at(0))
      : column < size
        ? at(column)
        : ahead(at(size - 2), at(size - 1));
  };
  const number = (row: number, column: number) =>
    row < 0
      ? ahead(inRow(1, column), inRow(0, column))
      : row < size
        ? inRow(row, column)
        : ahead(inRow(size - 2, column), inRow(size - 1, column));
  let path = "";
  for (let row = -1; row < size; row++) {
    const [y0, y1] = [place(row), place(row + 1)];
    for (let column = -1; column < size; column++) {
      // a b
      // c d
      const [a, b] = [number(row, column), number(row, column + 1)];
      const [c, d] = [number(row + 1, column), number(row + 1, column + 1)];
      const above = (a > 0 ? 1 : 0) + (b > 0 ? 2 : 0) + (c > 0 ? 4 : 0) + (d > 0 ? 8 : 0);
      if (above === 0 || above === 15 || Number.isNaN(a + b + c + d)) continue;
      const [x0, x1] = [place(column), place(column + 1)];
      const point = (x: number, y: number) =>
        `${(box.left + x * box.width).toFixed(1)} ${(box.top + y * box.height).toFixed(1)}`;
      const top = () => point(x0 + (x1 - x0) * zero(a, b), y0);
      const bottom = () => point(x0 + (x1 - x0) * zero(c, d), y1);
      const left = () => point(x0, y0 + (y1 - y0) * zero(a, c));
      const right = () => point(x1, y0 + (y1 - y0) * zero(b, d));
      const join = (from: string, to: string) => {
        path += `M${from}L${to}`;
      };
      switch (above < 8 ? above : 15 - above) {
        case 1: // a alone
          join(top(), left());
          break;
        case 2: // b alone
          join(top(), right());
          break;
        case 3: // a and b
          join(left(), right());
          break;
        case 4: // c alone
          join(left(), bottom());
          break;
        case 5: // a and c
          join(top(), bottom());
          break;
        case 7: // all but d
          join(right(), bottom());
          break;
        default: {
          // a and d are apart from b and c: what is in the middle says which of them touch.
          const middle = a + b + c + d > 0;
          if (middle === a > 0) {
            join(top(), right());
            join(left(), bottom());
          } else {
            join(top(), left());
            join(right(), bottom());
          }
        }
      }
    }
  }
  return path;
}

/** The number half a cell further on the way from one to another. */
const ahead = (from: number, to: number): number => to + (to - from) / 2;

/** How far from one number to another a straight line is zero. */
const zero = (from: number, to: number): number => {
  const share = from / (from - to);
  return Number.isFinite(share) ? share : 0.5;
};
