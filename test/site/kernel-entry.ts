// What the page of kernel-page.ts runs. Nothing to read first.

import { Kernel, type KernelState } from "../../site/kernel/kernel.ts";

/** How long the page did not answer at worst, in ms, while something went on. */
async function longestPause<T>(work: () => Promise<T>): Promise<{ value: T; pause: number }> {
  let last = performance.now();
  let pause = 0;
  const tick = () => {
    const now = performance.now();
    pause = Math.max(pause, now - last);
    last = now;
  };
  const timer = setInterval(tick, 5);
  const value = await work();
  tick();
  clearInterval(timer);
  return { value, pause };
}

const states: KernelState[] = [];
const kernel = new Kernel({ onState: (state) => states.push(state) });
Object.assign(window, { Kernel, kernel, states, longestPause });

export type Testbed = {
  readonly Kernel: typeof Kernel;
  readonly kernel: Kernel;
  readonly states: KernelState[];
  readonly longestPause: typeof longestPause;
};
