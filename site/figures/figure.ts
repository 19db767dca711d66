/** What figure.html runs: the figure that its address asks for. Read address.ts and stepper.ts first. */

import "../styles/figures.css";
import { readAddress } from "./address.ts";
import { BackpropStepper } from "./stepper.ts";
import { stepperHTML } from "./stepper-html.mjs";

const wish = readAddress(location.search);
if (wish.theme !== undefined) document.documentElement.dataset.theme = wish.theme;
if (wish.problems.length > 0) {
  const line = document.querySelector(".figure-problems");
  if (line !== null) line.textContent = `${wish.problems.join(" ")} This is the usual figure.`;
}
const place = document.querySelector("#figure");
if (place !== null && location.search !== "") place.innerHTML = stepperHTML(wish);
customElements.define("backprop-stepper", BackpropStepper);
