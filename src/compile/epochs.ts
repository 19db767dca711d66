/**
 * Training a program epoch by epoch, with held-out data and reasons to stop: what `train` does when
 * it is compiled. Read training.ts first.
 *
 * Everything comes out as if the engine had done it, the last bit included.
 */

import type { Optimizer, Schedule } from "../optim.ts";
import type { Random } from "../random.ts";
import type { Batch } from "./rows.ts";
import { keeping, LONGEST_RUN, Pace, type Trainable, TrainingLoop } from "./training.ts";

/** What to train, on what, and when to stop; the options are those of `train`. */
export interface EpochsRequest {
  readonly program: Trainable;
  readonly rows: Batch;
  readonly heldOut: Batch | undefined;
  readonly optimizer: Optimizer;
  readonly epochs: number;
  readonly batch: number;
  readonly schedule: Schedule | undefined;
  readonly random: Random;
  readonly stopBelow: number;
  readonly patience: number | undefined;
  readonly onEpoch: ((report: EpochNumbers) => unknown) | undefined;
  /** What a parameter is called in messages. */
  readonly nameOf: (parameter: number) => string;
  /** Come back after every step, with all numbers outside, rather than about every 50 ms? */
  readonly everyStep: boolean;
}

/** The numbers of an epoch. */
export interface EpochNumbers {
  readonly epoch: number;
  readonly loss: number;
  readonly heldOutLoss: number | undefined;
  readonly rate: number;
}

/** What came of it. */
export interface EpochsOutcome {
  readonly losses: number[];
  readonly heldOutLosses: number[];
  readonly loss: number;
  readonly heldOutLoss: number | undefined;
  readonly epochs: number;
  readonly stopped: "epochs" | "stopBelow" | "patience" | "onEpoch" | "caller" | "not finite";
  readonly problem: string | undefined;
}

/** How far it got. */
export interface EpochsProgress {
  /** How many epochs were finished. */
  readonly epochs: number;
  /** The loss of the last of them; NaN before there is one. */
  readonly loss: number;
}

/** Trains; gives the numbers of now at every `yield`, and stops if it is answered "stop". */
export function* trainEpochs(
  request: EpochsRequest,
): Generator<EpochsProgress, EpochsOutcome, "stop" | undefined> {
  const { rows, heldOut, epochs, batch, random, stopBelow, patience, onEpoch } = request;
  const measured = heldOut === undefined ? [rows] : [rows, heldOut];
  const loop = new TrainingLoop({ ...request, measured });
  const measureHeldOut = () => (heldOut === undefined ? undefined : loop.measure(1));
  const { count } = rows;
  const stepsInEpoch = Math.ceil(count / batch);
  const order = Array.from({ length: count }, (_, i) => i);
  const pace = new Pace();
  // Is there something to decide before the last step of each epoch, or to do before the first?
  const watched = onEpoch !== undefined || patience !== undefined || heldOut !== undefined;

  const losses: number[] = [];
  const heldOutLosses: number[] = [];
  let heldOutLoss: number | undefined;
  let made = 0; // steps
  let good = 0; // steps with a finite loss
  let lowest = Infinity;
  let lowestEpoch = 0;

  // What there is to say at the end, whatever the end was.
  const end = (stopped: EpochsOutcome["stopped"], problem?: string): EpochsOutcome => {
    const reached = problem === undefined ? made : Math.max(0, good - 1);
    const finished = Math.floor(reached / stepsInEpoch);
    const loss = loop.measure(0);
    const lossHeldOut = measureHeldOut();
    const bad = [loss, lossHeldOut ?? 0].findIndex((x) => !Number.isFinite(x));
    if (problem === undefined && bad >= 0) {
      const text = `after ${finished === 1 ? "1 epoch" : `${finished} epochs`}: ${loop.explain(bad)}`;
      loop.restore();
      return end("not finite", text);
    }
    return {
      losses,
      heldOutLosses,
      loss,
      heldOutLoss: lossHeldOut,
      epochs: finished,
      stopped,
      problem,
    };
  };

  try {
    while (made < epochs * stepsInEpoch) {
      // 1. At the start of an epoch: the held-out loss, and the order of the examples.
      const epoch = Math.floor(made / stepsInEpoch);
      const place = made % stepsInEpoch;
      if (place === 0) {
        heldOutLoss = measureHeldOut();
        if (heldOutLoss !== undefined && !Number.isFinite(heldOutLoss)) {
          const problem = `epoch ${epoch}, held-out data: ${loop.explain(1)}`;
          loop.restore();
          return end("not finite", problem);
        }
        if (batch < count) {
          keeping(request.program.runner, () => random.shuffle(order));
          loop.setOrder(order);
        }
      }

      // 2. As many steps at once as it may be, at most to where there is something to decide.
      const toEnd = stepsInEpoch - place;
      const most = watched || batch < count ? toEnd : epochs * stepsInEpoch - made;
      const steps = request.everyStep ? 1 : Math.min(most, pace.steps, LONGEST_RUN);
      const { schedule } = request;
      const hold = watched && steps === toEnd;
      const low = watched ? -Infinity : stopBelow;
      let outcome = loop.run({ steps, first: made, schedule, hold, low });
      for (const loss of outcome.epochLosses) losses.push(loss);
      good += outcome.good;
      made += outcome.steps;

      // 3. Before the last step of an epoch: reasons to stop here, with the weights just measured.
      if (outcome.end === "held") {
        const loss = losses[epoch];
        if (heldOutLoss !== undefined) heldOutLosses.push(heldOutLoss);
        if (onEpoch !== undefined) {
          loop.finish(); // let it see the weights
          const report = { epoch, loss, heldOutLoss, rate: request.optimizer.rate };
          const answer = onEpoch(report);
          loop.load(); // it may have changed them
          if (answer === false) return end("onEpoch");
        }
        if (loss < stopBelow) return end("stopBelow");
        const seen = heldOutLoss ?? loss;
        if (seen < lowest) {
          lowest = seen;
          lowestEpoch = epoch;
        } else if (patience !== undefined && epoch - lowestEpoch >= patience) {
          return end("patience");
        }
        outcome = loop.run({ steps: 1, first: made, schedule, hold: false, low: -Infinity });
        made += outcome.steps;
      }
      if (outcome.end === "low") return end("stopBelow");
      if (outcome.problem !== undefined) {
        const { text, step } = outcome.problem;
        return end("not finite", `epoch ${Math.floor(step / stepsInEpoch)}: ${text}`);
      }

      // 4. A look at the world.
      pace.note();
      if (request.everyStep) loop.finish();
      const progress = { epochs: Math.floor(made / stepsInEpoch), loss: losses.at(-1) ?? NaN };
      const answer = yield progress;
      if (request.everyStep) loop.load(); // the numbers may have been changed
      if (answer === "stop") return end("caller");
      pace.begin();
    }
    return end("epochs");
  } finally {
    loop.finish();
  }
}
