/** A canvas of cells, each coloured by a number. Read colors.ts first. */

import { colorPixels } from "./colors.ts";

/** A map of numbers in a canvas; the style sheet says how large it is shown. */
export class HeatMap {
  readonly canvas = document.createElement("canvas");
  readonly #context = this.canvas.getContext("2d", { alpha: false })!; // nothing else was asked of it
  #image: ImageData | undefined;
  #pixels = new Uint32Array();

  /** Shows `size` times `size` numbers, row by row from the top; `scale` is the number of full colour. */
  paint(numbers: ArrayLike<number>, size: number, scale: number): void {
    const image = this.#imageOf(size);
    colorPixels(numbers, scale, this.#pixels);
    this.#context.putImageData(image, 0, 0);
  }

  /** Shows a function of one input: the area between it and zero, which is half way up. */
  paintCurve(numbers: ArrayLike<number>, size: number, scale: number): void {
    const image = this.#imageOf(size);
    const cells = new Float64Array(size * size);
    for (let column = 0; column < size; column++) {
      const share = Math.max(-1, Math.min(numbers[column] / scale, 1));
      const middle = size / 2;
      const end = middle - share * (middle - 1);
      const [top, bottom] = [Math.round(Math.min(middle, end)), Math.round(Math.max(middle, end))];
      for (let row = top; row < bottom; row++) cells[row * size + column] = Math.sign(share);
    }
    colorPixels(cells, 1, this.#pixels);
    this.#context.putImageData(image, 0, 0);
  }

  #imageOf(size: number): ImageData {
    if (this.#image?.width !== size) {
      this.canvas.width = size;
      this.canvas.height = size;
      this.#image = this.#context.createImageData(size, size);
      this.#pixels = new Uint32Array(this.#image.data.buffer);
    }
    return this.#image;
  }
}

/** The largest number without its sign, or 1 if all are 0: what a map is scaled by. */
export function scaleOf(numbers: ArrayLike<number>): number {
  let most = 0;
  for (let i = 0; i < numbers.length; i++) {
    const size = Math.abs(numbers[i]);
    if (size > most && size < Infinity) most = size;
  }
  return most === 0 ? 1 : most;
}
