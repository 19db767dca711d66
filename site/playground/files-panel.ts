/**
 * The part of the playground where points, model and pictures come in and go out: buttons, the text
 * field, dropped files. What it needs for that comes with the first use. Read files.ts first.
 */

import { inputsOf, presets, type Setup, taskOf } from "../runs/setup.ts";
import {
  csvOf,
  dotOf,
  largestFile,
  marked,
  modelFile,
  planePicture,
  readIncoming,
  save,
} from "./files.ts";
import type { Session } from "./session.ts";
import type { Plane, Predictor } from "./views/index.ts";

/** What the panel needs of the page. */
export interface FilesHost {
  readonly session: Session;
  /** Where the plane looks, and what the network says there. */
  readonly view: () => { plane: Plane | undefined; predictor: Predictor | undefined };
  /** The part of the page's address after #. */
  readonly address: () => Promise<string>;
  /** The graph as it is shown, opened if need be. */
  readonly graphPicture: () => Promise<string>;
  /** Opens another run; returns sentences if it cannot be. */
  readonly open: (setup: Setup, what: string) => readonly string[];
  /** Opens what an address says. */
  readonly follow: (address: string) => Promise<readonly string[]>;
}

export class FilesPanel {
  readonly #root: HTMLElement;
  readonly #host: FilesHost;

  constructor(root: HTMLElement, host: FilesHost) {
    this.#root = root;
    this.#host = host;
  }

  /** Does what a button says. */
  async do(action: string): Promise<void> {
    const act = this.#actions[action];
    if (act !== undefined) await this.#try(act);
  }

  /** Reads a file or a text, and opens what is in it. */
  take(content: File | string): Promise<void> {
    return this.#try(async () => {
      if (typeof content === "string") return this.#takeText(content);
      if (content.size > largestFile) {
        const [most, size] = [largestFile, content.size].map((n) => n.toLocaleString("en"));
        throw new Error(`${content.name}: expected at most ${most} bytes, got ${size}.`);
      }
      return this.#takeText(await content.text());
    });
  }

  /** Reads what is in the field. */
  takeField(): Promise<void> {
    return this.take(this.#field.value);
  }

  readonly #actions: Readonly<Record<string, () => Promise<void> | void>> = {
    "show-csv": async () => {
      this.#field.value = await this.#csv();
      this.#say("The points of now are in the field above; change them there, and use them.");
    },
    "save-csv": async () => this.#save("points.csv", "text/csv", await this.#csv()),
    "save-model": async () => {
      await this.#save("model.json", "application/json", modelFile(this.#now));
    },
    "save-plane": async () => {
      const { plane, predictor } = this.#host.view();
      if (plane === undefined || predictor === undefined) return;
      const { step, data } = this.#now;
      const title = `What the network says after ${step} steps`;
      const address = await this.#host.address();
      const predict = (x: readonly number[]) => predictor.at(x);
      const svg = planePicture(predict, data, plane, title, address);
      await this.#save("plane.svg", "image/svg+xml", svg);
    },
    "save-graph": async () => {
      const svg = marked(await this.#host.graphPicture(), await this.#host.address());
      await this.#save("graph.svg", "image/svg+xml", svg);
    },
    "save-dot": async () => {
      const dot = dotOf(this.#now, await this.#host.address());
      await this.#save("graph.dot", "text/vnd.graphviz", dot.text);
      if (dot.note !== "") this.#say(dot.note);
    },
    "two-points": () => {
      const own = [
        { x: [-0.5, 0], target: -1 },
        { x: [0.5, 0], target: 1 },
      ];
      this.#open({ ...presets.own, own }, "the two points");
    },
  };

  get #field(): HTMLTextAreaElement {
    return this.#root.querySelector("textarea")!; // playground-html.mjs has made it
  }

  get #now() {
    const { now } = this.#host.session;
    if (now === undefined) throw new Error("The run is not there yet.");
    return now;
  }

  async #csv(): Promise<string> {
    const { data, heldOut } = this.#now;
    return csvOf(data, heldOut);
  }

  async #save(name: string, type: string, text: string): Promise<void> {
    save(name, type, text);
    this.#say(`Saved ${name}.`);
  }

  // What comes in.

  async #takeText(text: string): Promise<void> {
    const came = readIncoming(text);
    if (came.kind === "run") {
      const problems = await this.#host.follow(came.address);
      this.#say(["Opened the run that this picture was saved from.", ...problems].join(" "));
      return;
    }
    const { setup } = this.#now.state;
    if (came.kind === "points") {
      const next: Setup = { ...setup, data: "own", own: came.points, weights: undefined };
      const forClasses = next.loss === "hinge" || next.loss === "binaryCrossEntropy";
      const loss = taskOf(next) === "regression" && forClasses ? "meanSquaredError" : next.loss;
      this.#open({ ...next, loss }, "the points that were read");
      this.#say(`${came.said} Undo brings back those of before.`);
      return;
    }
    const { inputs, net, weights, data } = came;
    const kept = this.#host.session.pointsKept ?? this.#now.state.setup;
    const known = Object.values(presets).find((preset) => preset.data === data);
    const start = [kept, known].find((setup) => setup && inputsOf(setup) === inputs);
    if (start === undefined) {
      const has = inputsOf(kept);
      throw new Error(
        `The model file: expected a network with ${has} ${has === 1 ? "input" : "inputs"}, as these points have, got one with ${inputs}. Read its points first.`,
      );
    }
    this.#open({ ...start, ...net, weights }, "the model that was read");
    const shape = [inputs, ...net.hidden, 1].join(" → ");
    const which = start === known && start !== kept ? ` on ${known.data}` : "";
    this.#say(`Opened a network ${shape}${which}. Undo brings back the one of before.`);
  }

  /** @throws Error with what is wrong with it */
  #open(setup: Setup, what: string): void {
    const problems = this.#host.open(setup, what);
    if (problems.length > 0) throw new Error(problems.join(" "));
  }

  // What is said.

  async #try(act: () => Promise<void> | void): Promise<void> {
    try {
      await act();
    } catch (error) {
      this.#say(
        `${error instanceof Error ? error.message : String(error)} Nothing was changed.`,
        true,
      );
    }
  }

  #say(sentence: string, isProblem = false): void {
    const line = this.#root.querySelector<HTMLElement>(".pg-files-said");
    if (line === null) return;
    line.classList.toggle("is-problem", isProblem);
    line.textContent = sentence;
    const details = this.#root.closest("details");
    if (details !== null) details.open = true; // a file may be dropped while it is closed
  }
}
