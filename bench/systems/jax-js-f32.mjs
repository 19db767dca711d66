// jax-js with 32-bit floats, its default; read jax-js.mjs first.

import { numpy as np } from "@jax-js/jax";
import { makeWorks } from "./jax-js.mjs";

export const works = makeWorks(np.float32);
