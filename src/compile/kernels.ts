/**
 * The loops of dense blocks, as WebAssembly functions: what is summed over neurons, inputs or
 * examples is kept in registers, a tile at a time. Read wasm.ts, formula.ts and layers.ts first.
 *
 * Numbers of two examples lie side by side in a v128, a *pair*. Every node has a *slot* of memory,
 * a row of pairs, one for each two examples of a chunk:
 *
 *     slot of x0   | x0 of examples 0, 1 | x0 of 2, 3 | …         one slot is `slotBytes` long
 *     slot of x1   | x1 of examples 0, 1 | x1 of 2, 3 | …
 *
 * A tile is made of as many sums as fit in the sixteen registers of a processor beside what is
 * multiplied: four neurons for two pairs. Each number that is loaded is then used two or four times.
 */

import type { Operation } from "../operations.ts";
import { allOf, type Formula, localTimes, type Sheet } from "./formula.ts";
import { emitFormulas } from "./math-wasm.ts";
import { type Local, WasmFunction } from "./wasm.ts";

/** How sums are added up; see {@link Mode}. */
export interface Style {
  /** The bytes of a slot. */
  readonly slotBytes: number;
  /** Are sums over examples to be added one example after the other, the last first? */
  readonly ordered: boolean;
  /** a·b + c rounded once instead of twice, where the machine can. */
  readonly fused: boolean;
}

const PAIR = 16; // bytes
const NUMBER = 8;

/** Bytes of the lanes of two vectors: lane 0 of both, lane 1 of both. */
const LOW_LANES = [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23];
const HIGH_LANES = [8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31];

const i32 = (name: string): Local => ({ type: "i32", name });

/** Repeats what `body` emits; it ends by leaving on the stack whether to go on. */
export function repeat(f: WasmFunction, body: () => void): void {
  f.emit("loop");
  body();
  f.emit("br_if", 0);
  f.emit("end");
}

/** A number of things in words. */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`;

/** local += number */
export function advance(f: WasmFunction, local: number, by: number): void {
  f.get(local).i32(by).emit("i32.add").set(local);
}

/** sum += a·b, for vectors in locals. */
function multiplyAdd(f: WasmFunction, { fused }: Style, sum: number, a: number, b: number): void {
  if (fused) f.get(a).get(b).get(sum).emit("f64x2.relaxed_madd").set(sum);
  else f.get(sum).get(a).get(b).emit("f64x2.mul").emit("f64x2.add").set(sum);
}

/**
 * One turn of a sum of products: the pairs at `from` are loaded, and for each row of sums its weight,
 * with which they are multiplied.
 *
 * @param weights where they are, the bytes from a row's to the next, a local variable for them
 */
function addProducts(
  f: WasmFunction,
  style: Style,
  sums: readonly (readonly number[])[],
  weights: { at: number; bytes: number; local: number },
  from: number,
  pairs: readonly number[],
): void {
  for (const [q, local] of pairs.entries()) {
    f.get(from)
      .emit("v128.load", q * PAIR)
      .set(local);
  }
  for (const [r, row] of sums.entries()) {
    f.get(weights.at)
      .emit("v128.load64_splat", r * weights.bytes)
      .set(weights.local);
    for (const [q, sum] of row.entries()) multiplyAdd(f, style, sum, weights.local, pairs[q]);
  }
}

const table = (rows: number, columns: number, make: (r: number, c: number) => number): number[][] =>
  Array.from({ length: rows }, (_, r) => Array.from({ length: columns }, (_, c) => make(r, c)));

/** What {@link forwardKernel} can be. */
export interface ForwardShape {
  /** Neurons in a tile. */
  readonly rows: number;
  /** Bytes from the weights of a neuron to those of the next, and from its bias to the next. */
  readonly rowBytes: number;
  readonly biasBytes: number;
  /** The sums begin with the biases, or with nothing, or with what they have so far. */
  readonly start: "bias" | "nothing" | "sums";
  /** Is the bias added at the end? */
  readonly biasLast: boolean;
  /** What is applied to the finished sums, if it is simple enough. */
  readonly activation: Operation | undefined;
  /** Are the sums themselves needed later, or only the outputs? */
  readonly keepSums: boolean;
}

/**
 * The weighted sums of `tiles` tiles of neurons for `pairs` pairs of examples, an even number.
 *
 * Parameters: where the weights, biases, inputs, sums and outputs are; tiles; columns; pairs.
 */
export function forwardKernel(
  name: string,
  shape: ForwardShape,
  style: Style,
  sheet: Sheet,
): WasmFunction {
  const { rows, rowBytes, biasBytes, start, biasLast, activation, keepSums } = shape;
  const { slotBytes } = style;
  const parameters = ["w", "b", "x", "z", "y", "tiles", "columns", "pairs"].map(i32);
  const f = new WasmFunction(name, parameters);
  const [w, b, x, z, y, tiles, columns, pairs] = parameters.keys();
  f.about = `Weighted sums z of ${counted(rows, "neuron")} at a time, and what becomes of them, y.`;
  const at = f.local("i32", "at");
  const xAt = f.local("i32", "xAt");
  const wAt = f.local("i32", "wAt");
  const end = f.local("i32", "end");
  // A single neuron has sums to spare: four pairs then, of which the last four may come twice.
  const width = rows === 1 && start !== "sums" ? 4 : 2;
  const last = f.local("i32", "last");
  const sums = table(rows, width, (r, q) => f.local("v128", `sum${r}${q}`));
  const xs = Array.from({ length: width }, (_, q) => f.local("v128", `x${q}`));
  const weight = f.local("v128", "weight");

  f.get(pairs).i32(PAIR).emit("i32.mul").set(pairs); // from here on in bytes
  if (width > 2) {
    // The last four pairs, or the first, if there are fewer; a slot has room for four.
    f.get(pairs)
      .i32(width * PAIR)
      .emit("i32.sub")
      .tee(last);
    f.i32(0).get(last).i32(0).emit("i32.gt_s").emit("select").set(last);
  }
  repeat(f, () => {
    f.i32(0).set(at);
    repeat(f, () => {
      if (width > 2) f.get(at).get(last).get(at).get(last).emit("i32.lt_s").emit("select").set(at);
      for (const [r, row] of sums.entries()) {
        if (start === "sums") {
          for (const [q, sum] of row.entries()) {
            f.get(z).get(at).emit("i32.add");
            f.emit("v128.load", r * slotBytes + q * PAIR).set(sum);
          }
          continue;
        }
        // -0, not 0: the sum is then the first product itself, also if that is -0
        if (start === "bias") f.get(b).emit("v128.load64_splat", r * biasBytes);
        else f.f64(-0).emit("f64x2.splat");
        for (const sum of row.slice(1)) f.tee(sum);
        f.set(row[0]);
      }
      f.get(x).get(at).emit("i32.add").set(xAt);
      f.get(w).tee(wAt).get(columns).i32(NUMBER).emit("i32.mul").emit("i32.add").set(end);
      repeat(f, () => {
        addProducts(f, style, sums, { at: wAt, bytes: rowBytes, local: weight }, xAt, xs);
        advance(f, xAt, slotBytes);
        f.get(wAt).i32(NUMBER).emit("i32.add").tee(wAt).get(end).emit("i32.ne");
      });
      for (const [r, row] of sums.entries()) {
        if (biasLast)
          f.get(b)
            .emit("v128.load64_splat", r * biasBytes)
            .set(weight);
        for (const [q, sum] of row.entries()) {
          if (biasLast) f.get(sum).get(weight).emit("f64x2.add").set(sum);
          const offset = r * slotBytes + q * PAIR;
          if (keepSums) f.get(z).get(at).emit("i32.add").get(sum).emit("v128.store", offset);
          if (activation === undefined) continue;
          const value = sheet.apply(activation.value, sheet.variable(0));
          const [output] = emitFormulas(f, [value], () => sum, "v128");
          f.get(y).get(at).emit("i32.add").get(output).emit("v128.store", offset);
        }
      }
      f.get(at)
        .i32(width * PAIR)
        .emit("i32.add")
        .tee(at)
        .get(pairs)
        .emit("i32.lt_u");
    });
    advance(f, w, rows * rowBytes);
    advance(f, b, rows * biasBytes);
    advance(f, z, rows * slotBytes);
    advance(f, y, rows * slotBytes);
    f.get(tiles).i32(1).emit("i32.sub").tee(tiles);
  });
  return f;
}

/** What {@link inputGradientKernel} can be. */
export interface InputGradientShape {
  /** Inputs in a tile. */
  readonly columns: number;
  /** Is there a part of these gradients already? */
  readonly more: boolean;
  /**
   * What is multiplied in at the end: the local derivative of the operation that made the inputs,
   * or "local", the one that is where the result goes.
   */
  readonly then: Operation | "local" | undefined;
}

/**
 * The gradients of `tiles` tiles of inputs: over all neurons, the last first, the weight times the
 * neuron's gradient.
 *
 * Parameters: where the weights of the last neuron are, its gradients, and those of the inputs;
 * where the inputs' own sums and outputs are, if they have an activation; tiles; neurons; bytes
 * from a neuron's weights to the next; pairs, an even number.
 */
export function inputGradientKernel(
  name: string,
  shape: InputGradientShape,
  style: Style,
  sheet: Sheet,
): WasmFunction {
  const { columns, more, then } = shape;
  const { slotBytes } = style;
  const parameters = ["w", "g", "gx", "z", "y", "tiles", "rows", "rowBytes", "pairs"].map(i32);
  const f = new WasmFunction(name, parameters);
  const [w, g, gx, z, y, tiles, rows, rowBytes, pairs] = parameters.keys();
  f.about = `Gradients gx of ${counted(columns, "input")} at a time: over the neurons, weight times gradient.`;
  const at = f.local("i32", "at");
  const gAt = f.local("i32", "gAt");
  const wAt = f.local("i32", "wAt");
  const end = f.local("i32", "end");
  const sums = table(columns, 2, (c, q) => f.local("v128", `sum${c}${q}`));
  const gs = [f.local("v128", "g0"), f.local("v128", "g1")];
  const weight = f.local("v128", "weight");
  const zero = f.local("v128", "zero");
  const sumAt = f.local("v128", "z");
  const outputAt = f.local("v128", "y");

  repeat(f, () => {
    f.i32(0).set(at);
    repeat(f, () => {
      for (const [c, row] of sums.entries()) {
        for (const [q, sum] of row.entries()) {
          if (more) {
            f.get(gx)
              .get(at)
              .emit("i32.add")
              .emit("v128.load", c * slotBytes + q * PAIR)
              .set(sum);
          } else {
            f.get(zero).set(sum);
          }
        }
      }
      f.get(g).get(at).emit("i32.add").set(gAt);
      f.get(w).tee(wAt).get(rows).get(rowBytes).emit("i32.mul").emit("i32.sub").set(end);
      repeat(f, () => {
        addProducts(f, style, sums, { at: wAt, bytes: NUMBER, local: weight }, gAt, gs);
        advance(f, gAt, -slotBytes);
        f.get(wAt).get(rowBytes).emit("i32.sub").tee(wAt).get(end).emit("i32.ne");
      });
      for (const [c, row] of sums.entries()) {
        for (const [q, sum] of row.entries()) {
          const offset = c * slotBytes + q * PAIR;
          let result = sum;
          if (then === "local") {
            f.get(gx).get(at).emit("i32.add").emit("v128.load", offset);
            f.get(sum).emit("f64x2.mul").set(sum);
          } else if (then !== undefined) {
            const passed = passedThrough(sheet, then);
            if (usesInput(passed)) {
              f.get(z).get(at).emit("i32.add").emit("v128.load", offset).set(sumAt);
            }
            f.get(y).get(at).emit("i32.add").emit("v128.load", offset).set(outputAt);
            [result] = emitFormulas(f, [passed], (i) => [sumAt, outputAt, sum][i], "v128");
          }
          f.get(gx).get(at).emit("i32.add").get(result).emit("v128.store", offset);
        }
      }
      f.get(at)
        .i32(2 * PAIR)
        .emit("i32.add")
        .tee(at);
      f.get(pairs).i32(PAIR).emit("i32.mul").emit("i32.lt_u");
    });
    advance(f, w, columns * NUMBER);
    advance(f, gx, columns * slotBytes);
    advance(f, z, columns * slotBytes);
    advance(f, y, columns * slotBytes);
    f.get(tiles).i32(1).emit("i32.sub").tee(tiles);
  });
  return f;
}

/**
 * Gradients of the inputs of an activation in the place of those of its outputs, slot after slot.
 *
 * Parameters: where inputs, outputs and gradients are; slots; pairs.
 */
export function passBackKernel(name: string, passed: Formula, { slotBytes }: Style): WasmFunction {
  const parameters = ["z", "y", "g", "slots", "pairs"].map(i32);
  const f = new WasmFunction(name, parameters);
  const [z, y, g, slots, pairs] = parameters.keys();
  f.about = "Gradients g from the outputs y of an operation to its inputs z.";
  const at = f.local("i32", "at");
  const locals = ["z", "y", "g"].map((name) => f.local("v128", name));
  repeat(f, () => {
    f.i32(0).set(at);
    repeat(f, () => {
      for (const [i, from] of [z, y, g].entries()) {
        if (from === z && !usesInput(passed)) continue;
        f.get(from).get(at).emit("i32.add").emit("v128.load").set(locals[i]);
      }
      const [result] = emitFormulas(f, [passed], (i) => locals[i], "v128");
      f.get(g).get(at).emit("i32.add").get(result).emit("v128.store");
      f.get(at).i32(PAIR).emit("i32.add").tee(at).get(pairs).i32(PAIR).emit("i32.mul");
      f.emit("i32.lt_u");
    });
    for (const local of [z, y, g]) advance(f, local, slotBytes);
    f.get(slots).i32(1).emit("i32.sub").tee(slots);
  });
  return f;
}

/** Does a formula of {@link passedThrough} look at the input of the operation? */
export const usesInput = (passed: Formula): boolean =>
  allOf([passed]).some(({ name, number }) => name === "variable" && number === 0);

/** Local derivative × gradient, of an operation with the input 0, the output 1 and the gradient 2. */
export function passedThrough(sheet: Sheet, operation: Operation) {
  const [x, y, g] = [0, 1, 2].map((i) => sheet.variable(i));
  const local = sheet.apply(operation.localDerivatives[0], x, y);
  return localTimes(sheet, local, g, operation.masked);
}

/** What {@link weightGradientKernel} can be: neurons and inputs in a tile. */
export interface WeightGradientShape {
  readonly rows: number;
  readonly columns: number;
}

/**
 * Adds to the gradients of the weights: over the examples, the last first, the neuron's gradient
 * times the input. The last neurons come first, so that a reader may follow the engine.
 *
 * Two sums share a vector. In the engine's order these are the sums of two weights, to which
 * the examples are added one by one:
 *
 *     | g·x of w0 | g·x of w1 |        example 1, then
 *     | g·x of w0 | g·x of w1 |        example 0
 *
 * Otherwise it is the sum of one weight over the even examples and that over the odd ones, which
 * are added up at the end.
 *
 * Parameters: where the gradients of the weights are, those of the neurons, and the inputs; bytes
 * from a neuron's weights to the next; tiles of rows; tiles of columns; pairs.
 */
export function weightGradientKernel(
  name: string,
  { rows, columns }: WeightGradientShape,
  style: Style,
): WasmFunction {
  const { slotBytes, ordered } = style;
  const parameters = ["gw", "g", "x", "rowBytes", "rowTiles", "columnTiles", "pairs"].map(i32);
  const f = new WasmFunction(name, parameters);
  const [gw, g, x, rowBytes, rowTiles, columnTiles, pairs] = parameters.keys();
  f.about = `Gradients of weights, ${counted(rows, "neuron")} by ${counted(columns, "input")} at a time: over the examples, g times x.`;
  const tile = f.local("i32", "tile");
  const gwAt = f.local("i32", "gwAt");
  const xAt = f.local("i32", "xAt");
  const at = f.local("i32", "at");
  const gAt = f.local("i32", "gAt");
  const rowAt = f.local("i32", "rowAt");
  const gs = Array.from({ length: rows }, (_, r) => f.local("v128", `g${r}`));
  const xs = Array.from({ length: columns }, (_, c) => f.local("v128", `x${c}`));

  /** Loads a column of the tile: the numbers of one pair. */
  const load = () => {
    for (const [r, local] of gs.entries())
      f.get(gAt)
        .emit("v128.load", r * slotBytes)
        .set(local);
    for (const [c, local] of xs.entries())
      f.get(at)
        .emit("v128.load", c * slotBytes)
        .set(local);
  };
  /** Goes through the pairs, from the last. */
  const overPairs = (body: () => void) => {
    // at = x + 16·pairs, gAt likewise; both step down to the first pair
    f.get(pairs).i32(1).emit("i32.sub").i32(PAIR).emit("i32.mul").tee(at);
    f.get(g).emit("i32.add").set(gAt);
    f.get(xAt).get(at).emit("i32.add").set(at);
    repeat(f, () => {
      load();
      body();
      advance(f, gAt, -PAIR);
      f.get(at).i32(PAIR).emit("i32.sub").tee(at).get(xAt).emit("i32.ge_u");
    });
  };
  /** Runs `body` for each row of the tile, with the address of its gradients in rowAt. */
  const overRows = (body: (r: number) => void) => {
    f.get(gwAt).set(rowAt);
    for (let r = 0; r < rows; r++) {
      body(r);
      if (r + 1 < rows) f.get(rowAt).get(rowBytes).emit("i32.add").set(rowAt);
    }
  };

  const sumsOf = ordered ? orderedSums : pairedSums;
  const body = sumsOf(f, style, gs, xs, overPairs, overRows, rowAt);

  repeat(f, () => {
    f.get(gw).set(gwAt);
    f.get(x).set(xAt);
    f.get(columnTiles).set(tile);
    repeat(f, () => {
      body();
      advance(f, gwAt, columns * NUMBER);
      advance(f, xAt, columns * slotBytes);
      f.get(tile).i32(1).emit("i32.sub").tee(tile);
    });
    advance(f, g, rows * slotBytes);
    f.get(gw).get(rowBytes).i32(rows).emit("i32.mul").emit("i32.add").set(gw);
    f.get(rowTiles).i32(1).emit("i32.sub").tee(rowTiles);
  });
  return f;
}

/** Even and odd examples apart: the sums of a tile, and how they are added to the gradients. */
function pairedSums(
  f: WasmFunction,
  style: Style,
  gs: readonly number[],
  xs: readonly number[],
  overPairs: (body: () => void) => void,
  overRows: (body: (r: number) => void) => void,
  rowAt: number,
): () => void {
  const sums = table(gs.length, xs.length, (r, c) => f.local("v128", `sum${r}${c}`));
  const zero = f.local("v128", "zero");
  return () => {
    for (const sum of sums.flat()) f.get(zero).set(sum);
    overPairs(() => {
      for (const [r, row] of sums.entries()) {
        for (const [c, sum] of row.entries()) multiplyAdd(f, style, sum, gs[r], xs[c]);
      }
    });
    overRows((r) => {
      for (let c = 0; c < xs.length; c += 2) {
        const [a, b] = sums[r].slice(c, c + 2);
        f.get(rowAt).get(rowAt);
        if (b === undefined) {
          f.emit("f64.load", c * NUMBER);
          f.get(a).emit("f64x2.extract_lane", 0).get(a).emit("f64x2.extract_lane", 1);
          f.emit("f64.add")
            .emit("f64.add")
            .emit("f64.store", c * NUMBER);
        } else {
          f.emit("v128.load", c * NUMBER);
          f.get(a)
            .get(b)
            .emit("i8x16.shuffle", ...LOW_LANES);
          f.get(a)
            .get(b)
            .emit("i8x16.shuffle", ...HIGH_LANES);
          f.emit("f64x2.add")
            .emit("f64x2.add")
            .emit("v128.store", c * NUMBER);
        }
      }
    });
  };
}

/** One example after the other, the last first: the gradients themselves are the sums. */
function orderedSums(
  f: WasmFunction,
  style: Style,
  gs: readonly number[],
  xs: readonly number[],
  overPairs: (body: () => void) => void,
  overRows: (body: (r: number) => void) => void,
  rowAt: number,
): () => void {
  // Two neighbouring columns share a vector; a last odd one has a vector with one lane in use.
  const width = Math.ceil(xs.length / 2);
  const sums = table(gs.length, width, (r, c) => f.local("v128", `sum${r}${c}`));
  const columns = Array.from({ length: width }, (_, c) => f.local("v128", `columns${c}`));
  const gradient = f.local("v128", "gradient");
  const isHalf = (c: number) => 2 * c + 1 >= xs.length;
  return () => {
    overRows((r) => {
      for (const [c, sum] of sums[r].entries()) {
        const load = isHalf(c) ? "v128.load64_splat" : "v128.load";
        f.get(rowAt)
          .emit(load, 2 * c * NUMBER)
          .set(sum);
      }
    });
    overPairs(() => {
      for (const lanes of [HIGH_LANES, LOW_LANES]) {
        for (const [c, local] of columns.entries()) {
          f.get(xs[2 * c]).get(xs[isHalf(c) ? 2 * c : 2 * c + 1]);
          f.emit("i8x16.shuffle", ...lanes).set(local);
        }
        for (const [r, row] of sums.entries()) {
          f.get(gs[r])
            .get(gs[r])
            .emit("i8x16.shuffle", ...lanes)
            .set(gradient);
          for (const [c, sum] of row.entries()) multiplyAdd(f, style, sum, columns[c], gradient);
        }
      }
    });
    overRows((r) => {
      for (const [c, sum] of sums[r].entries()) {
        f.get(rowAt).get(sum);
        if (isHalf(c)) f.emit("v128.store64_lane", 2 * c * NUMBER, 0);
        else f.emit("v128.store", 2 * c * NUMBER);
      }
    });
  };
}

/**
 * Adds to the gradients of `tiles` tiles of biases those of their neurons, over the examples.
 *
 * Parameters: where the gradients of the biases are and those of the neurons; bytes from a bias
 * to the next; tiles; pairs.
 */
export function biasGradientKernel(name: string, rows: number, style: Style): WasmFunction {
  const { slotBytes, ordered } = style;
  const parameters = ["gb", "g", "biasBytes", "tiles", "pairs"].map(i32);
  const f = new WasmFunction(name, parameters);
  const [gb, g, biasBytes, tiles, pairs] = parameters.keys();
  f.about = `Gradients of ${counted(rows, "bias", "biases")} at a time: over the examples, g.`;
  const at = f.local("i32", "at");
  const rowAt = f.local("i32", "rowAt");
  /** The gradients of neuron r for the pair at `at`. */
  const load = (r: number) => f.get(at).emit("v128.load", r * slotBytes);
  const stepBack = (bytes: number) => {
    f.get(at).i32(bytes).emit("i32.sub").tee(at).get(g).emit("i32.ge_s");
  };
  const overRows = (body: (r: number) => void) => {
    f.get(gb).set(rowAt);
    for (let r = 0; r < rows; r++) {
      body(r);
      f.get(rowAt).get(biasBytes).emit("i32.add").set(rowAt);
    }
  };
  const body = ordered ? orderedBiases() : pairedBiases();

  /** Even and odd examples apart; two pairs at a time, so that no addition has to wait long. */
  function pairedBiases(): () => void {
    const sums = Array.from({ length: rows }, (_, r) => f.local("v128", `sum${r}`));
    const before = f.local("i32", "before");
    const zero = f.local("v128", "zero");
    return () => {
      f.get(pairs).i32(1).emit("i32.and").emit("if");
      for (const [r, sum] of sums.entries()) load(r).set(sum);
      f.emit("else");
      for (const sum of sums) f.get(zero).set(sum);
      f.emit("end");
      f.get(pairs).i32(1).emit("i32.gt_u").emit("if");
      f.get(at).get(pairs).i32(1).emit("i32.and").i32(PAIR).emit("i32.mul").emit("i32.sub").set(at);
      repeat(f, () => {
        f.get(at).i32(PAIR).emit("i32.sub").set(before);
        for (const [r, sum] of sums.entries()) {
          f.get(before).emit("v128.load", r * slotBytes);
          load(r);
          f.emit("f64x2.add").get(sum).emit("f64x2.add").set(sum);
        }
        stepBack(2 * PAIR);
      });
      f.emit("end");
      overRows((r) => {
        f.get(rowAt).get(rowAt).emit("f64.load");
        f.get(sums[r]).emit("f64x2.extract_lane", 0).get(sums[r]).emit("f64x2.extract_lane", 1);
        f.emit("f64.add").emit("f64.add").emit("f64.store");
      });
    };
  }

  /** One example after the other, the last first; two neurons share a vector. */
  function orderedBiases(): () => void {
    const sums = Array.from({ length: Math.ceil(rows / 2) }, (_, i) => f.local("v128", `sum${i}`));
    const first = f.local("v128", "first");
    const second = f.local("v128", "second");
    return () => {
      overRows((r) => {
        const sum = sums[r >> 1];
        if (r % 2 === 0) f.get(rowAt).emit("v128.load64_splat").set(sum);
        else f.get(rowAt).get(sum).emit("v128.load64_lane", 0, 1).set(sum);
      });
      repeat(f, () => {
        for (const [i, sum] of sums.entries()) {
          load(2 * i).set(first);
          load(Math.min(2 * i + 1, rows - 1)).set(second);
          f.get(sum);
          for (const lanes of [HIGH_LANES, LOW_LANES]) {
            f.get(first)
              .get(second)
              .emit("i8x16.shuffle", ...lanes)
              .emit("f64x2.add");
          }
          f.set(sum);
        }
        stepBack(PAIR);
      });
      overRows((r) => {
        f.get(rowAt)
          .get(sums[r >> 1])
          .emit("v128.store64_lane", 0, r % 2);
      });
    };
  }

  repeat(f, () => {
    f.get(pairs).i32(1).emit("i32.sub").i32(PAIR).emit("i32.mul").get(g).emit("i32.add").set(at);
    body();
    f.get(gb).get(biasBytes).i32(rows).emit("i32.mul").emit("i32.add").set(gb);
    advance(f, g, rows * slotBytes);
    f.get(tiles).i32(1).emit("i32.sub").tee(tiles);
  });
  return f;
}

/**
 * Adds sums of even and of odd examples to the gradients of neighbouring parameters, and leaves 0
 * in their place, for the next time.
 *
 * Parameters: where the sums are, and the gradients; how many.
 */
export function addSumsKernel(name: string): WasmFunction {
  const parameters = ["sums", "gradients", "count"].map(i32);
  const f = new WasmFunction(name, parameters);
  const [sums, gradients, count] = parameters.keys();
  const a = f.local("v128", "a");
  const b = f.local("v128", "b");
  const zero = f.local("v128", "zero");
  f.get(count).i32(2).emit("i32.ge_u").emit("if");
  repeat(f, () => {
    f.get(sums).emit("v128.load").set(a).get(sums).emit("v128.load", PAIR).set(b);
    f.get(gradients).get(gradients).emit("v128.load");
    f.get(a)
      .get(b)
      .emit("i8x16.shuffle", ...LOW_LANES);
    f.get(a)
      .get(b)
      .emit("i8x16.shuffle", ...HIGH_LANES);
    f.emit("f64x2.add").emit("f64x2.add").emit("v128.store");
    for (const offset of [0, PAIR]) f.get(sums).get(zero).emit("v128.store", offset);
    advance(f, sums, 2 * PAIR);
    advance(f, gradients, 2 * NUMBER);
    f.get(count).i32(2).emit("i32.sub").tee(count).i32(2).emit("i32.ge_u");
  });
  f.emit("end");
  f.get(count).emit("if");
  f.get(sums).emit("v128.load").set(a);
  f.get(gradients).get(gradients).emit("f64.load");
  f.get(a).emit("f64x2.extract_lane", 0).get(a).emit("f64x2.extract_lane", 1);
  f.emit("f64.add").emit("f64.add").emit("f64.store");
  f.get(sums).get(zero).emit("v128.store");
  f.emit("end");
  return f;
}
