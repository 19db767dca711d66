/** What debugger.html runs. Read backprop-debugger.ts first. */

import "../styles/figures.css"; // of the figure that stands there without JavaScript
import "../styles/debugger.css";
import { LiveGraph } from "../graph/live-graph.ts";
import { BackpropDebugger } from "./backprop-debugger.ts";
import { curvePanel } from "./panels/curve.ts";
import { proofsPanel } from "./panels/proofs.ts";
import { quizPanel } from "./panels/quiz.ts";
import { receiptPanel } from "./panels/receipt.ts";

performance.mark("debugger-start");
customElements.define("live-graph", LiveGraph);
BackpropDebugger.panels = [receiptPanel, proofsPanel, curvePanel, quizPanel];
customElements.define("backprop-debugger", BackpropDebugger);
