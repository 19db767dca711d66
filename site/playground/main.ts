/** What playground.html runs. Read training-playground.ts first. */

import "../styles/playground.css";
import { TrainingPlayground } from "./training-playground.ts";

customElements.define("training-playground", TrainingPlayground);
