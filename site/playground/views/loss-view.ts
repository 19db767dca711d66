/** The loss over the training steps, with a cursor that goes to any of them. Read text.ts first. */

import { html, numberText } from "./text.ts";

/** What the curve shows. */
export interface LossLook {
  /** The loss before each step: number i is that after i steps. It may grow by and by, or be cut. */
  readonly losses: ArrayLike<number>;
  /** The same for the points that are only measured. */
  readonly heldOutLosses?: ArrayLike<number> | undefined;
  /** Where the run is. */
  readonly step: number;
  /** After how many steps the reader changed something, and what. */
  readonly edits?: readonly { readonly at: number; readonly kind: string }[] | undefined;
}

/** Event that bubbles from `element`: `loss-seek` { step }, when the reader moves the cursor. */
export class LossView {
  readonly element = html("div", { class: "loss-view" });

  show({ losses, step }: LossLook): void {
    this.element.textContent = `step ${step}: loss ${numberText(losses[step] ?? Number.NaN)}`;
  }
}
