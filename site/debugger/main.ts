/** What debugger.html runs. Read backprop-debugger.ts first. */

import "../styles/debugger.css";
import { LiveGraph } from "../graph/live-graph.ts";
import { BackpropDebugger } from "./backprop-debugger.ts";

customElements.define("live-graph", LiveGraph);
customElements.define("backprop-debugger", BackpropDebugger);
