/** The public API: nothing but re-exports, in the order in which to read the files. */

export { formatCSV, parseCSV } from "./csv.ts";
export {
  cube,
  type DataSet,
  evenOdd,
  makeCircles,
  makeMoons,
  makeSine,
  makeSpirals,
  makeYinYang,
  split,
  type Task,
  xor,
} from "./data.ts";
export { grad, hessian, jvp } from "./derivatives.ts";
export { type Expression, parseExpression } from "./expression.ts";
export * from "./functions.ts";
export {
  type GradcheckOptions,
  type GradcheckReport,
  type GradcheckRow,
  gradcheck,
} from "./gradcheck.ts";
export * from "./losses.ts";
export {
  formatModel,
  type ModelHistory,
  parseModel,
  type TrainingRecord,
} from "./model-file.ts";
export * from "./nn.ts";
export type { Arithmetic, Kind, Operation, Rule, Test } from "./operations.ts";
export {
  Adam,
  type AdamOptions,
  AdamW,
  constantRate,
  cosineRate,
  exponentialRate,
  linearRate,
  type Optimizer,
  optimizerState,
  restoreOptimizer,
  type Schedule,
  SGD,
  type SGDOptions,
  stepRate,
  type UpdateState,
  warmup,
} from "./optim.ts";
export * from "./random.ts";
export {
  accuracy,
  type Engine,
  type EpochReport,
  type ExampleLoss,
  type LossName,
  losses,
  lossNames,
  type Progress,
  type StopReason,
  type Training,
  type TrainOptions,
  train,
  trainInSteps,
} from "./train.ts";
export { graphOf, type Operand, type Origin, Value, withOrigin } from "./value.ts";
