/** What the front page runs. Read stepper.ts first. */

import "../styles/front.css";
import "../styles/figures.css";
import { BackpropStepper } from "./stepper.ts";

customElements.define("backprop-stepper", BackpropStepper);
