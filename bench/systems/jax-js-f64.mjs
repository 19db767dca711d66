// jax-js with 64-bit floats, those of everybody else here; read jax-js.mjs first.

import { numpy as np } from "@jax-js/jax";
import { makeWorks } from "./jax-js.mjs";

export const works = makeWorks(np.float64);
