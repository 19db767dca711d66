/** Whether a cell runs, for how long, and how it went, beside its name. Nothing to read first. */

import { announce } from "../shell/announce.ts";

export type CellState = "" | "waiting" | "running";

export class CellStatus {
  readonly #cell: HTMLElement;
  readonly #status: HTMLElement;
  readonly #run: HTMLButtonElement;
  readonly #stop: HTMLButtonElement;
  #ticking: ReturnType<typeof setInterval> | undefined;

  constructor(
    cell: HTMLElement,
    status: HTMLElement,
    run: HTMLButtonElement,
    stop: HTMLButtonElement,
  ) {
    this.#cell = cell;
    this.#status = status;
    this.#run = run;
    this.#stop = stop;
  }

  get state(): CellState {
    const state = this.#cell.dataset.state;
    return state === "waiting" || state === "running" ? state : "";
  }

  set state(state: CellState) {
    if (state === this.state) return;
    const isBusy = state !== "";
    this.#cell.dataset.state = state;
    this.#run.setAttribute("aria-disabled", String(isBusy));
    if (!isBusy && document.activeElement === this.#stop) this.#run.focus();
    this.#stop.hidden = !isBusy;
    clearInterval(this.#ticking);
    this.#stop.textContent = "Stop";
    if (state === "running") this.countSeconds();
  }

  /** Shows on the Stop button how long it has taken since now. */
  countSeconds(): void {
    clearInterval(this.#ticking);
    const start = performance.now();
    let isSaid = false;
    this.#ticking = setInterval(() => {
      if (!isSaid) announce(`Cell ${this.#cell.dataset.number} is running.`);
      isSaid = true;
      this.#stop.textContent = `Stop (${Math.floor((performance.now() - start) / 1000)} s)`;
    }, 1000);
  }

  say(shown: string): void {
    this.#status.textContent = shown;
  }
}

/** "8 ms", "0.2 s", "12 s", "3 min" */
export function describeTime(milliseconds: number): string {
  if (milliseconds < 100) return `${Math.max(1, Math.round(milliseconds))} ms`;
  const seconds = milliseconds / 1000;
  if (seconds >= 120) return `${Math.round(seconds / 60)} min`;
  return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
}
