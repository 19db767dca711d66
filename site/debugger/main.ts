/** What debugger.html runs. Read backprop-debugger.ts first. */

import "../styles/figures.css"; // of the figure that stands there without JavaScript
import "../styles/debugger.css";
import { LiveGraph } from "../graph/live-graph.ts";
import { BackpropDebugger } from "./backprop-debugger.ts";

performance.mark("debugger-start");
customElements.define("live-graph", LiveGraph);
customElements.define("backprop-debugger", BackpropDebugger);
