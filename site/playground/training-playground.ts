/**
 * `<training-playground>`: a network that learns before the reader's eyes. The build has made its
 * controls (playground-html.mjs); here they get a run. Read session.ts and views/index.ts first.
 */

import type { LiveGraph } from "../graph/live-graph.ts";
import { presets, rateFor, type Setup } from "../runs/setup.ts";
import { announce, notice } from "../shell/announce.ts";
import { addressOf, debuggerAddress, readPage } from "./address.ts";
import { element } from "./elements.ts";
import { FormulaPanel } from "./formula.ts";
import { Gradients } from "./gradients.ts";
import { shown } from "./numbers.ts";
import { ParameterTable } from "./parameters.ts";
import { placeOf, selectedWords } from "./selected.ts";
import { Session } from "./session.ts";
import { SetupForm, type Wish } from "./setup-form.ts";
import { ShapeRow } from "./shape.ts";
import { LossView, NetworkView, PlaneView, Predictor } from "./views/index.ts";

/** What the address may hide, and an attribute `hide`: each is a part of the page. */
const parts = [
  ..."controls data network plane loss training selected formula parameters graph files".split(" "),
];

export class TrainingPlayground extends HTMLElement {
  readonly #session = new Session(() => this.#queue());
  readonly #gradients = new Gradients();
  readonly #plane = new PlaneView();
  readonly #network = new NetworkView();
  readonly #loss = new LossView();
  #form!: SetupForm; // these are made when the element is connected, before anything is shown
  #shape!: ShapeRow;
  #formula!: FormulaPanel;
  #table!: ParameterTable;
  #graph: LiveGraph | undefined;
  #predictor: Predictor | undefined;
  /** The address of the neuron or parameter that is selected. */
  #selected: string | undefined;
  #point: number | undefined;
  #isQueued = false;
  #wasPlaying = false;
  #address = "";

  connectedCallback(): void {
    this.#find("[data-view=plane]").append(this.#plane.element);
    this.#find("[data-view=network]").append(this.#network.element);
    this.#find("[data-view=loss]").append(this.#loss.element);
    this.#form = new SetupForm(this, (wish) => this.#wish(wish));
    this.#shape = new ShapeRow(this.#find(".pg-shape"), (hidden) =>
      this.#change({ hidden }, "the layers"),
    );
    this.#formula = new FormulaPanel(this.#find(".pg-formula"), () => this.#queue());
    this.#table = new ParameterTable(this.#find(".pg-parameters > div"), (name) =>
      this.#select(name),
    );
    this.#listen();
    void this.#openAddress();
  }

  // From the reader.

  #listen(): void {
    this.addEventListener("click", ({ target }) => {
      const button = target instanceof Element ? target.closest<HTMLElement>("[data-do]") : null;
      if (button?.dataset.do !== undefined) void this.#do(button.dataset.do);
      const name = target instanceof Element ? target.closest<HTMLElement>("[data-name]") : null;
      if (name?.closest(".pg-selected")) this.#select(name.dataset.name);
    });
    this.addEventListener("change", ({ target }) => {
      if (!(target instanceof HTMLSelectElement) || target.dataset.field !== "speed") return;
      if (this.#session.isPlaying) this.#session.play(this.#speed());
    });
    const on = <Detail>(type: string, hear: (detail: Detail) => void) =>
      this.addEventListener(type, (event) => hear((event as CustomEvent<Detail>).detail));
    on<{ x: number[]; target: number }>("point-add", (point) =>
      this.#session.edit({ kind: "add", point }, "the added point"),
    );
    on<{ index: number; x: number[]; target: number }>("point-move", (move) =>
      this.#session.edit({ kind: "move", ...move }, `the move of point ${move.index + 1}`),
    );
    on<{ index: number }>("point-delete", ({ index }) => {
      this.#point = undefined;
      this.#session.edit({ kind: "delete", index }, `the deletion of point ${index + 1}`);
    });
    on<{ index: number | undefined }>("point-select", ({ index }) => {
      this.#point = index;
      this.#queue();
    });
    on("plane-change", () => this.#queue());
    on<{ address: string | undefined }>("network-select", ({ address }) => this.#select(address));
    on<{ step: number }>("loss-seek", ({ step }) => this.#session.goTo(step));
    for (const details of this.querySelectorAll("details")) {
      details.addEventListener("toggle", () => this.#queue());
    }
    document.addEventListener("visibilitychange", () => {
      if (document.hidden && this.#session.isPlaying) {
        this.#session.pause();
        this.#say("Paused, because this page was out of sight.");
      }
    });
    addEventListener("hashchange", () => {
      if (location.hash !== this.#address) void this.#openAddress();
    });
    this.#listenForFiles();
  }

  async #do(action: string): Promise<void> {
    const session = this.#session;
    switch (action) {
      case "play":
        return session.isPlaying ? session.pause() : session.play(this.#speed());
      case "step":
        return session.step(1);
      case "reset":
        return session.goTo(0);
      case "new-seed":
        return this.#change({ seed: newSeed(session.state.setup.seed) }, "the new seed");
      case "undo": {
        const what = session.undo();
        if (what !== undefined) announce(`Took back ${what}.`);
        return;
      }
      case "slower":
        return session.slower();
      case "copy-link":
        return this.#copyLink();
      case "open-files": {
        const files = this.#find<HTMLDetailsElement>(".pg-files");
        files.open = true;
        files.scrollIntoView({ block: "nearest" });
        files.querySelector("textarea")?.focus();
        return;
      }
      default:
        return this.#doFile(action);
    }
  }

  #speed(): number {
    return Number(this.#find<HTMLSelectElement>("[data-field=speed]").value);
  }

  #wish(wish: Wish): void {
    const { setup } = this.#session.state;
    if (wish.kind === "rate") {
      this.#session.edit({ kind: "rate", rate: wish.rate }, "the learning rate");
    } else if (wish.kind === "data") {
      this.#open(presets[wish.data], "the other data");
    } else {
      const { optimizer } = wish.change;
      const rate = optimizer === undefined ? {} : { rate: rateFor(setup, optimizer) };
      this.#change({ ...wish.change, ...rate }, "the last choice");
    }
  }

  /** Another network or training on the points of now, from step 0. */
  #change(change: Partial<Setup>, what: string): void {
    this.#open({ ...this.#session.pointsKept, ...change }, what);
  }

  #open(setup: Setup, what: string): void {
    const problems = this.#session.change(setup, what);
    if (problems.length > 0) {
      notice(problems.join(" "));
      this.#queue(); // the fields say again what is
    }
  }

  #select(address: string | undefined): void {
    this.#selected = address;
    this.#queue();
    if (!this.#session.isPlaying) this.#writeAddress();
  }

  // To the reader.

  /** Shows what is, with the next frame. */
  #queue(): void {
    if (this.#isQueued) return;
    this.#isQueued = true;
    requestAnimationFrame(() => {
      this.#isQueued = false;
      this.#show();
    });
  }

  #show(): void {
    const session = this.#session;
    const { now, isPlaying } = session;
    if (now === undefined) return;
    const { state, points, weights, rate } = now;
    const { setup } = state;
    this.dataset.state = isPlaying ? "playing" : "paused";
    this.#showCounters();
    this.#form.show(setup, rate, points.data.task === "regression");
    const sizes = [points.data.inputs[0]?.length ?? 1, ...setup.hidden, 1];
    this.#shape.show(sizes[0] ?? 1, setup.hidden);
    const { activation, output } = setup;
    if (this.#predictor?.fits(sizes, activation, output)) this.#predictor.weights = weights;
    else this.#predictor = new Predictor(sizes, activation, output, weights);
    if (this.#selected !== undefined && placeOf(this.#selected, sizes) === undefined) {
      this.#selected = undefined;
    }
    this.#plane.show({
      ...points,
      predictor: this.#predictor,
      fine: !isPlaying,
      selectedPoint: this.#point,
    });
    this.#showGradients();
    const { plane } = this.#plane;
    const predictor = this.#predictor;
    if (plane !== undefined) {
      const gradients = this.#gradients.isOf(points.data, weights)
        ? this.#gradients.last?.model.parameters().map(({ grad }) => grad)
        : undefined;
      this.#network.show({ predictor, plane, gradients, selected: this.#selected });
    }
    const { losses, heldOutLosses } = now;
    this.#loss.show({ losses, heldOutLosses, step: state.step, edits: state.edits });
    this.#formula.show(setup.loss, points.data, (x) => predictor.at(x), now.loss);
    this.#showProblem();
    if (this.#wasPlaying && !isPlaying) this.#paused();
    this.#wasPlaying = isPlaying;
    if (!isPlaying) this.#writeAddress();
  }

  #showCounters(): void {
    const { now } = this.#session;
    if (now === undefined) return;
    const { state, points, loss, heldOutLoss, accuracy, heldOutAccuracy } = now;
    const percent = (share: number | undefined) =>
      share === undefined ? "–" : `${Number((100 * share).toFixed(1))}%`;
    const number = (x: number | undefined) => (x === undefined ? "–" : shown(x));
    const held = heldOutAccuracy === undefined ? "" : ` (held out ${percent(heldOutAccuracy)})`;
    this.#write("step", state.step.toLocaleString("en"));
    this.#write("loss", number(loss));
    this.#write("heldOutLoss", number(heldOutLoss));
    this.#write("accuracy", percent(accuracy) + held);
    const count = points.data.inputs.length;
    const held2 = points.heldOut?.inputs.length ?? 0;
    const words = `${count} ${count === 1 ? "point" : "points"} to learn from${held2 > 0 ? `, ${held2} held out` : ""}.`;
    setText(this.#find(".pg-data-words"), words);
    setText(this.#find(".pg-engine"), this.#session.engineWords);
    const undo = this.#find<HTMLButtonElement>("[data-do=undo]");
    undo.disabled = !this.#session.canUndo;
  }

  #write(name: string, text: string): void {
    setText(this.#find(`[data-show=${name}]`), text);
  }

  /** Whatever needs gradients, if the reader looks at it. */
  #showGradients(): void {
    const { now, isPlaying } = this.#session;
    if (now === undefined) return;
    const { state, points, weights, rate } = now;
    const table = this.#find<HTMLDetailsElement>(".pg-parameters");
    const graph = this.#find<HTMLDetailsElement>(".pg-graph");
    const body = this.#find(".pg-selected-body");
    if (this.#selected === undefined) {
      const hint =
        "Select a neuron, a weight or a bias in the network: here it says what it is, and why its next step goes up or down.";
      if (body.dataset.of !== "") body.replaceChildren(element("p", {}, hint));
      body.dataset.of = "";
    }
    if (!table.open && !graph.open && this.#selected === undefined) return;
    const before = this.#gradients.last;
    const moment = this.#gradients.at(state.setup, points.data, weights, isPlaying);
    const isNew = moment !== before;
    const named = table.open ? moment.model.namedParameters() : [];
    const isPlain = state.setup.optimizer === "sgd";
    if (table.open) this.#table.show(named, isPlain ? rate : undefined, this.#selected);
    if (this.#selected !== undefined) {
      const key = `${this.#selected} ${state.step} ${rate} ${state.setup.optimizer}`;
      const place = placeOf(this.#selected, now.sizes);
      if (place !== undefined && (isNew || body.dataset.of !== key)) {
        const debuggerAt = (node: string) => debuggerAddress(state, node);
        const words = { model: moment.model, rate, isPlain, debuggerAt };
        keepFocus(body, () =>
          body.replaceChildren(...selectedWords(this.#selected ?? "", place, words)),
        );
        body.dataset.of = key;
      }
    }
    if (graph.open) void this.#showGraph(moment.loss, isNew);
  }
}
