/** Pictures as strings: the public API of `chainrule/draw`, nothing but re-exports. */

export type { AxisOptions } from "./axis.ts";
export {
  type BoundaryChartOptions,
  type BoundaryData,
  boundaryChart,
  type Predict,
} from "./boundary-chart.ts";
export type { ChartOptions } from "./chart.ts";
export { type DotOptions, toDot } from "./dot.ts";
export { type FunctionChartOptions, functionChart, type Tangent } from "./function-chart.ts";
export { drawGraph, type GraphOptions } from "./graph.ts";
export { renderDot } from "./graphviz.ts";
export { type HistogramOptions, histogram } from "./histogram.ts";
export {
  type LineChartOptions,
  type LossChartOptions,
  lineChart,
  lossChart,
  type Series,
} from "./line-chart.ts";
export type { DrawableNode } from "./node.ts";
export { Picture, show } from "./picture.ts";
export { type PNGOptions, toPNG } from "./png.ts";
export { type ScatterChartOptions, scatterChart } from "./scatter-chart.ts";
export { type StepError, stepErrorChart } from "./step-error-chart.ts";
export { inTheme } from "./theme.ts";
