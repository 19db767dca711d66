// What the page of runs-page.ts runs. Read ../../site/runs/client.ts first.

import { RunClient } from "../../site/runs/client.ts";
import { type DataName, presets, type RunState, type Setup } from "../../site/runs/setup.ts";

const testbed = {
  RunClient,
  /** A preset with few points and neurons, or with what is said. */
  stateOf(data: DataName, more: Partial<Setup> = {}): RunState {
    return { setup: { ...presets[data], ...more }, edits: [], step: 0 };
  },
  /** The bits of numbers as text, as the way to the test loses the sign of 0. */
  bitsOf(numbers: Float64Array): string {
    return [...new BigUint64Array(numbers.slice().buffer)].join();
  },
  wait: (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
};
Object.assign(window, { testbed });

export type Testbed = typeof testbed;
