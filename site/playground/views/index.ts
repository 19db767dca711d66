/** The views of the playground: nothing but re-exports, with their style sheet. */

import "../../styles/views.css";

export { type LossLook, LossView } from "./loss-view.ts";
export { type NetworkLook, NetworkView } from "./network-view.ts";
export { Plane } from "./plane.ts";
export { type PlaneLook, PlaneView } from "./plane-view.ts";
export { Predictor, parameterCount } from "./predictor.ts";
