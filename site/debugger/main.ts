/** What debugger.html runs. Read backprop-debugger.ts first. */

import "../styles/figures.css"; // of the figure that stands there without JavaScript
import "../styles/debugger.css";
import { LiveGraph } from "../graph/live-graph.ts";
import { BackpropDebugger } from "./backprop-debugger.ts";
import { latePanel } from "./late-panel.ts";
import { quizPanel } from "./panels/quiz.ts";
import { receiptPanel } from "./panels/receipt.ts";

const proofs = { name: "proofs", title: "Three proofs" } as const;
const curve = { name: "curve", title: "The curve along this number" } as const;

performance.mark("debugger-start");
customElements.define("live-graph", LiveGraph);
BackpropDebugger.panels = [
  receiptPanel,
  () => latePanel(proofs, async () => (await import("./panels/proofs.ts")).proofsPanel),
  () => latePanel(curve, async () => (await import("./panels/curve.ts")).curvePanel),
  quizPanel,
];
customElements.define("backprop-debugger", BackpropDebugger);
