/** What sabotage.html runs. Read sabotage-lab.ts first. */

import "../styles/sabotage.css";
import { LiveGraph } from "../graph/live-graph.ts";
import { SabotageLab } from "./sabotage-lab.ts";

customElements.define("live-graph", LiveGraph);
customElements.define("sabotage-lab", SabotageLab);
