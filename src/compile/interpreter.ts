/**
 * A program carried out by the engine, example by example: what compiled programs are compared
 * with, and what steps in where they cannot be had. Read value.ts first.
 */

import { describe } from "../errors.ts";
import { Value, withOrigin } from "../value.ts";
import type { Batch } from "./rows.ts";

/** The functions of a program. */
interface Functions {
  readonly loss: (inputs: Value[], targets: Value[]) => Value;
  readonly predict: ((inputs: Value[]) => Value | readonly Value[]) | undefined;
  readonly regularizer: ((parameters: Value[]) => Value) | undefined;
  readonly parameters: readonly Value[];
  readonly inputs: number;
  readonly targets: number;
}

export class Interpreter {
  readonly #functions: Functions;

  constructor(functions: Functions) {
    this.#functions = functions;
  }

  /**
   * The mean loss with the regularizer, and the parameters' gradients.
   *
   * The graph of one example at a time is kept: adding up the gradients of loss / n from the last
   * example to the first gives the bits of `mean(examples.map(loss)).backward()`.
   *
   * @param order which examples; all of them unless said otherwise
   * @param losses takes the loss of each
   */
  gradient(
    rows: Batch,
    order = allOf(rows),
    losses: Float64Array = new Float64Array(order.length),
  ): number {
    const { parameters } = this.#functions;
    for (const parameter of parameters) parameter.zeroGrad();
    const share = 1 / order.length;
    for (let i = order.length - 1; i >= 0; i--) {
      const loss = this.lossOf(rows, order[i]);
      losses[i] = loss.data;
      loss.mul(share).backward();
    }
    const penalty = this.penalty();
    penalty?.backward();
    return withPenalty(meanOf(losses), penalty);
  }

  loss(rows: Batch): number {
    return withPenalty(meanOf(this.losses(rows)), this.penalty());
  }

  /** What the regularizer adds, with its graph; undefined if there is none. */
  penalty(): Value | undefined {
    const { regularizer, parameters } = this.#functions;
    return regularizer?.([...parameters]);
  }

  losses(rows: Batch): Float64Array {
    return Float64Array.from(allOf(rows), (i) => this.lossOf(rows, i).data);
  }

  predict(rows: Batch): Float64Array {
    const predictions = Array.from(allOf(rows), (i) => {
      const outputs = this.#functions.predict?.(this.#row(rows.inputs, this.#functions.inputs, i));
      return outputs instanceof Value ? [outputs.data] : (outputs ?? []).map(({ data }) => data);
    });
    return Float64Array.from(predictions.flat());
  }

  /** The loss of one example, with its graph. */
  lossOf({ inputs, targets }: Batch, example: number): Value {
    const { loss, inputs: width, targets: targetWidth } = this.#functions;
    return withOrigin({ example }, () => {
      const made: unknown = loss(
        this.#row(inputs, width, example),
        this.#row(targets, targetWidth, example),
      );
      if (made instanceof Value) return made;
      throw new TypeError(`compile, loss: expected it to return a Value, got ${describe(made)}`);
    });
  }

  #row(numbers: Float64Array, width: number, i: number): Value[] {
    return Array.from(numbers.subarray(i * width, (i + 1) * width), (x) => new Value(x));
  }
}

const allOf = ({ count }: Batch): Int32Array => Int32Array.from({ length: count }, (_, i) => i);

/** To add 0 would make 0 of -0. */
const withPenalty = (loss: number, penalty: Value | undefined): number =>
  penalty === undefined ? loss : loss + penalty.data;

/** Added up from the first to the last, as `mean` does. */
function meanOf(losses: Float64Array): number {
  let sum = losses[0];
  for (let i = 1; i < losses.length; i++) sum += losses[i];
  return sum / losses.length;
}
