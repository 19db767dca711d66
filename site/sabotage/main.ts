/** What sabotage.html runs. Read sabotage-lab.ts first. */

import "../styles/sabotage.css";
import { SabotageLab } from "./sabotage-lab.ts";

customElements.define("sabotage-lab", SabotageLab);
