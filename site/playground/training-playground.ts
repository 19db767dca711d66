/**
 * `<training-playground>`: a network that learns before the reader's eyes. The build has made its
 * controls (playground-html.mjs); here they get a run. Read session.ts and views/index.ts first.
 */

import type { Snapshot } from "../runs/client.ts";
import { limits, presets, rateFor, type Setup } from "../runs/setup.ts";
import { announce, announceChange, notice } from "../shell/announce.ts";
import { keepFocus } from "../shell/keep-focus.ts";
import { debuggerAddress, readPage, withoutRun, writePage } from "./address.ts";
import { element, setText } from "./elements.ts";
import { FilesDoor } from "./files-door.ts";
import { FormulaPanel } from "./formula.ts";
import type { GraphPanel } from "./graph-panel.ts";
import { HeldOutCurve } from "./held-out-curve.ts";
import { shown } from "./numbers.ts";
import type { ParameterTable } from "./parameters.ts";
import { neuronName } from "./places.ts";
import type { ProblemBox } from "./problem.ts";
import { Session } from "./session.ts";
import { SetupForm, type Wish } from "./setup-form.ts";
import { ShapeRow } from "./shape.ts";
import { planeAt, type Slice, sliceOf } from "./slice.ts";
import { addressOf, type Place, placeOf } from "./views/addresses.ts";
import { LossView, NetworkView, type Plane, PlaneView, Predictor } from "./views/index.ts";

export class TrainingPlayground extends HTMLElement {
  readonly #session = new Session({
    changed: () => this.#queue(),
    refused: (sentence) => void notice(sentence),
  });
  readonly #plane = new PlaneView();
  readonly #network = new NetworkView();
  readonly #loss = new LossView();
  // These are made when the element is in the page, before anything is shown.
  #form!: SetupForm;
  #shape!: ShapeRow;
  #formula!: FormulaPanel;
  #files!: FilesDoor;
  // What comes when it is first needed.
  #graph: Promise<GraphPanel> | undefined;
  #inspection: Promise<typeof import("./inspection.ts")> | undefined;
  #table: ParameterTable | undefined;
  #problem: Promise<ProblemBox> | undefined;
  readonly #heldOut = new HeldOutCurve();
  #predictor: Predictor | undefined;
  /** The address of the neuron or parameter that is selected. */
  #selected: string | undefined;
  /** The address of what is pointed at in the network. */
  #pointed: string | undefined;
  /** The number of the point that is selected. */
  #point: number | undefined;
  /** Where three inputs are looked at, if the reader or a link has said so. */
  #slice: Slice | undefined;
  #addressTimer: ReturnType<typeof setTimeout> | undefined;
  #isQueued = false;
  #wasPlaying = false;
  /** The step at which the run was at rest. */
  #step: number | undefined;
  /** The part of the address after # that was written last. */
  #hash = "";

  /** The moment that is shown, for scripts of whoever embeds this; undefined before a run is open. */
  get snapshot(): Snapshot | undefined {
    return this.#session.now;
  }

  connectedCallback(): void {
    this.dataset.hide =
      new URLSearchParams(location.search).get("hide")?.replaceAll(",", " ") ?? "";
    this.#find("[data-view=plane]").append(this.#plane.element);
    this.#find("[data-view=network]").append(this.#network.element);
    this.#find("[data-view=loss]").append(this.#loss.element);
    this.#form = new SetupForm(this, (wish) => this.#wish(wish));
    this.#shape = new ShapeRow(this.#find(".pg-shape"), (hidden) =>
      this.#change({ hidden, weights: undefined }, "the other layers"),
    );
    this.#formula = new FormulaPanel(this.#find(".pg-formula"), () => this.#show());
    this.#files = new FilesDoor(this, this.#find(".pg-files"), {
      session: this.#session,
      view: () => ({ plane: this.#plane.plane, predictor: this.#predictor }),
      address: async () => (await this.#written()).slice(1),
      graphPicture: async () => {
        this.#find<HTMLDetailsElement>(".pg-graph").open = true;
        await this.#showGraph();
        return (await this.#graph)?.toSVG() ?? "";
      },
      open: (setup, what) => this.#session.change(setup, what),
      follow: async (address) => this.#follow({ search: "", hash: `#${address}` }, true),
    });
    this.#listen();
    void this.#follow(location);
  }

  // From the reader.

  #listen(): void {
    this.addEventListener("click", ({ target }) => {
      const within = (selector: string) =>
        target instanceof Element ? target.closest<HTMLElement>(selector)?.dataset : undefined;
      const action = within("[data-do]")?.do;
      if (action !== undefined) this.#do(action);
    });
    this.#find("[data-field=speed]").addEventListener("change", () => {
      if (this.#session.isPlaying) this.#session.play(this.#pace());
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
    on<{ plane: Plane }>("plane-change", ({ plane }) => {
      this.#slice = sliceOf(plane);
      this.#queue();
    });
    on("loss-scale", () => this.#queue());
    on<{ address: string | undefined }>("network-select", ({ address }) => this.#select(address));
    on<{ address: string | undefined }>("network-point", ({ address }) => {
      this.#pointed = address;
      this.#queue();
    });
    on<{ step: number }>("loss-seek", ({ step }) => this.#session.goTo(step));
    keepFocus(this);
    for (const details of this.querySelectorAll("details")) {
      details.addEventListener("toggle", () => this.#queue());
    }
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden || !this.#session.isPlaying) return;
      this.#session.pause();
      notice("Paused: this page was out of sight. Play goes on from the same step.");
    });
    addEventListener("hashchange", () => {
      if (location.hash !== this.#hash) void this.#follow(location, true);
    });
  }

  #do(action: string): void {
    const act = this.#actions[action];
    if (act === undefined) this.#files.do(action);
    else act();
  }

  /** What the buttons do, those of files excepted. */
  readonly #actions: Readonly<Record<string, () => void>> = {
    play: () => {
      if (this.#session.isPlaying) this.#session.pause();
      else if (this.#session.now?.problem === undefined) this.#session.play(this.#pace());
    },
    step: () => this.#session.step(1),
    reset: () => this.#session.goTo(0),
    "new-seed": () => {
      const seed = ((this.#session.now?.state.setup.seed ?? 0) + 1) % (limits.seed + 1);
      this.#change({ seed, weights: undefined }, "the new seed");
    },
    undo: () => {
      const what = this.#session.undo();
      if (what !== undefined) announce(`Took back ${what}.`);
    },
    unselect: () => {
      this.#select(undefined);
      this.#find("[data-link=debugger]").focus({ preventScroll: true }); // the button goes
    },
    "copy-link": () => void this.#copyLink(),
    "open-files": () => {
      const files = this.#find<HTMLDetailsElement>(".pg-files");
      files.open = true;
      files.scrollIntoView({ block: "nearest" });
      files.querySelector("textarea")?.focus();
    },
  };

  #pace(): number | "full speed" {
    const { value } = this.#find<HTMLSelectElement>("[data-field=speed]");
    return value === "full speed" ? value : Number(value);
  }

  #wish(wish: Wish): void {
    const { now } = this.#session;
    if (now === undefined) return;
    if (wish.kind === "rate") {
      this.#session.edit({ kind: "rate", rate: wish.rate }, "the other learning rate");
    } else if (wish.kind === "data") {
      this.#slice = undefined;
      this.#open(presets[wish.data], "the other data");
    } else {
      const { optimizer } = wish.change;
      const rate = optimizer && { rate: rateFor(now.state.setup, optimizer) };
      const isOfWeights = wish.change.seed !== undefined || wish.change.init !== undefined;
      const weights = isOfWeights ? { weights: undefined } : {};
      this.#change({ ...wish.change, ...rate, ...weights }, "the last choice");
    }
  }

  /** Another network or training, from step 0, on the points of now. */
  #change(change: Partial<Setup>, what: string): void {
    const { now, pointsKept } = this.#session;
    if (now === undefined || pointsKept === undefined) return;
    // Other points of the same kind are drawn anew; those that were changed by hand are not among them.
    const isDrawing = ["points", "noise", "dataSeed"].some((name) => name in change);
    this.#open({ ...(isDrawing ? now.state.setup : pointsKept), ...change }, what);
  }

  #open(setup: Setup, what: string): void {
    const problems = this.#session.change(setup, what);
    if (problems.length === 0) return;
    notice(problems.join(" "));
    this.#queue(); // the fields say again what is
  }

  #select(address: string | undefined): void {
    this.#selected = address;
    this.#queue();
  }

  // The address.

  /** Opens what an address says. Returns what of it could not be used. */
  async #follow(
    from: { search: string; hash: string },
    canUndo = false,
  ): Promise<readonly string[]> {
    const { state, node, point, slice, log, problems } = await readPage(from);
    this.#selected = node;
    this.#point = point;
    this.#slice = slice;
    this.#loss.log = log;
    if (problems.length > 0) notice(`Not all of this address can be used. ${problems.join(" ")}`);
    this.#session.open(state, canUndo ? "the run that was opened" : undefined);
    return problems;
  }

  #written(): Promise<string> {
    const { now } = this.#session;
    if (now === undefined) return Promise.resolve("");
    const { log } = this.#loss;
    const slice = now.data.inputs[0]?.length === 3 ? this.#slice : undefined;
    return writePage(now.state, { node: this.#selected, point: this.#point, slice, log });
  }

  /** Puts what is shown into the address; nothing is opened by that. */
  async #writeAddress(): Promise<void> {
    const hash = await this.#written();
    if (hash === this.#hash || this.#session.isPlaying) return;
    this.#hash = hash;
    history.replaceState(history.state, "", withoutRun(location) + hash);
  }

  async #copyLink(): Promise<void> {
    this.#session.pause();
    await this.#writeAddress();
    try {
      await navigator.clipboard.writeText(location.href);
      announce("The link is copied: it opens exactly this.");
      const label = this.#find("[data-do=copy-link] span");
      label.textContent = "Copied";
      setTimeout(() => (label.textContent = "Copy link"), 2000);
    } catch {
      notice("This browser does not let the page copy. The link is in the address bar.");
    }
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
    const { now, isPlaying, undoable } = this.#session;
    if (now === undefined) return;
    const { state, data, weights, gradients, losses, rate, step } = now;
    const { setup } = state;
    const inputs = data.inputs[0]?.length ?? 1; // there is a point
    const sizes = [inputs, ...setup.hidden, 1];
    const predictor = this.#predictorOf(sizes, setup, weights);
    const place = placeOf(this.#selected, sizes);
    if (place === undefined) this.#selected = undefined;
    if (this.#point !== undefined && this.#point >= data.inputs.length) this.#point = undefined;
    const selected = this.#selected;
    this.#find(".pg-selected").classList.toggle("is-of-something", selected !== undefined);
    this.#find("[data-do=unselect]").hidden = selected === undefined;

    // 1. Controls.
    this.dataset.state = isPlaying ? "playing" : "paused";
    setText(this.#find("[data-do=play] span"), isPlaying ? "Pause" : "Play");
    // Not disabled, as that would take the focus from it while it trains.
    const isStopped = String(now.problem !== undefined);
    this.#find("[data-do=play]").setAttribute("aria-disabled", isStopped);
    this.#form.show(setup, rate, data.task === "regression");
    this.#shape.show(inputs, setup.hidden);
    const undo = this.#find<HTMLButtonElement>("[data-do=undo]");
    undo.disabled = undoable === undefined;
    undo.title = undoable === undefined ? "There is nothing to take back" : `Take back ${undoable}`;
    this.#showNumbers(now);
    if (now.problem !== undefined || this.#problem !== undefined) void this.#showProblem();

    // 2. Pictures.
    this.#showPlane(now, predictor);
    const { plane } = this.#plane;
    if (plane) this.#network.show({ predictor, plane, gradients, selected });
    const heldOutLosses = this.#heldOut.of(now.heldOutLosses, losses.length);
    this.#loss.show({ losses, heldOutLosses, step, edits: state.edits });

    // 3. Words and tables.
    this.#formula.show(setup.loss, data, (x) => predictor.at(x), now.loss);
    const isTableOpen = this.#find<HTMLDetailsElement>(".pg-parameters").open;
    if (isTableOpen || place !== undefined) void this.#inspect(sizes, place, isTableOpen);
    else this.#write();
    if (this.#find<HTMLDetailsElement>(".pg-graph").open) void this.#showGraph();

    if (this.#wasPlaying && !isPlaying) {
      this.#step = step;
      announce(`Paused at ${this.#sentence(now)}`);
    } else if (!isPlaying && now.goal === undefined && step !== this.#step) {
      this.#tellStep(now);
    }
    this.#wasPlaying = isPlaying;
    // A drag would write more often than browsers allow.
    clearTimeout(this.#addressTimer);
    if (!isPlaying && now.goal === undefined) {
      this.#addressTimer = setTimeout(() => void this.#writeAddress(), 200);
    }
    void this.#linkDebugger(now);
  }

  /** The plane, with what the network says of each place, or a neuron that is pointed at or selected. */
  #showPlane({ data, heldOut }: Snapshot, predictor: Predictor): void {
    const { sizes } = predictor;
    const neuron = [this.#pointed, this.#selected]
      .map((address) => placeOf(address, sizes))
      .find((place) => place !== undefined && place.input === undefined);
    const whose = neuron === undefined ? "the network" : neuronName(neuron, sizes);
    setText(this.#find(".pg-plane > h2"), `What ${whose} says`);
    this.#plane.show({
      data,
      heldOut,
      predictor,
      fine: !this.#session.isPlaying,
      selectedPoint: this.#point,
      neuron: neuron && addressOf(neuron),
    });
    const { plane } = this.#plane;
    const wanted = this.#slice && plane && planeAt(this.#slice, plane);
    if (wanted !== undefined) this.#plane.plane = wanted;
  }

  #predictorOf(sizes: readonly number[], setup: Setup, weights: Float64Array): Predictor {
    const { activation, output } = setup;
    const known = this.#predictor;
    if (known?.fits(sizes, activation, output)) {
      if (known.weights !== weights) known.weights = weights;
      return known;
    }
    this.#predictor = new Predictor(sizes, activation, output, weights);
    return this.#predictor;
  }

  #showNumbers(now: Snapshot): void {
    const { step, loss, heldOutLoss, accuracy, heldOutAccuracy } = now;
    const percent = (share: number) => `${Number((100 * share).toFixed(1))}%`;
    const number = (x: number | undefined) => (x === undefined ? "–" : shown(x));
    const write = (name: string, text: string) => setText(this.#find(`[data-show=${name}]`), text);
    write("step", step.toLocaleString("en"));
    write("loss", number(loss));
    write("heldOutLoss", number(heldOutLoss));
    write("accuracy", accuracy === undefined ? "–" : percent(accuracy));
    write("heldOutAccuracy", heldOutAccuracy === undefined ? "–" : percent(heldOutAccuracy));
    const learned = now.data.inputs.length;
    const held = now.heldOut?.inputs.length ?? 0;
    const points = `${learned} ${learned === 1 ? "point" : "points"}`;
    const words = held > 0 ? `${points} to learn from, ${held} held out.` : `${points}.`;
    setText(this.#find(".pg-data-words"), words);
    const way =
      now.goal === undefined ? "" : `On the way to step ${now.goal.toLocaleString("en")}. `;
    setText(this.#find(".pg-engine"), way + engineWords(now));
  }

  /** Keeps the link into the debugger at this step, and at what is selected. */
  async #linkDebugger({ state }: Snapshot): Promise<void> {
    const link = this.#find<HTMLAnchorElement>("[data-link=debugger]");
    const address = await debuggerAddress(state, this.#selected);
    if (link.getAttribute("href") !== address) link.href = address;
  }

  /** The words about what is selected, and the table of all parameters. */
  async #inspect(
    sizes: readonly number[],
    place: Place | undefined,
    isTableOpen: boolean,
  ): Promise<void> {
    this.#inspection ??= import("./inspection.ts");
    const { ParameterTable, selectedWords } = await this.#inspection;
    const { now } = this.#session;
    if (now === undefined) return;
    const { weights, gradients, rate, state } = now;
    const { activation, output, optimizer } = state.setup;
    const isPlain = optimizer === "sgd";
    if (isTableOpen) {
      this.#table ??= new ParameterTable(this.#find(".pg-parameters > div"), (address) =>
        this.#select(address),
      );
      const plainRate = isPlain ? rate : undefined;
      this.#table.show(sizes, weights, gradients, plainRate, this.#selected);
    }
    const isLast = place?.layer === sizes.length - 2;
    const known = { sizes, activation: isLast ? output : activation, rate, isPlain };
    const at = this.#point ?? 0;
    const x = now.data.inputs[at];
    const layers = x && this.#predictor?.layersAt(x);
    const point = x && layers && { number: at + 1, x, layers };
    this.#write(place && selectedWords(place, { ...known, weights, gradients, point }));
  }

  /** Writes what is said of what is selected; without words, how to select. */
  #write(words?: Node[]): void {
    const body = this.#find(".pg-selected-body");
    const hint =
      "Select a neuron, a weight or a bias in the network: here it says what it is, and why its next step goes up or down.";
    const next = element("div", {}, ...(words ?? [element("p", { class: "pg-hint" }, hint)]));
    if (next.innerHTML !== body.innerHTML) body.replaceChildren(...next.childNodes);
  }

  async #showProblem(): Promise<void> {
    this.#problem ??= import("./problem.ts").then(
      ({ ProblemBox }) => new ProblemBox(this.#find(".pg-problem"), this.#session),
    );
    const box = await this.#problem;
    if (this.#session.now !== undefined) box.show(this.#session.now);
  }

  async #showGraph(): Promise<void> {
    const place = this.#find(".pg-graph > div");
    this.#graph ??= import("./graph-panel.ts").then(
      ({ GraphPanel }) => new GraphPanel(place, (address) => this.#select(address)),
    );
    try {
      const graph = await this.#graph;
      const { now } = this.#session;
      if (now !== undefined) graph.show(now);
    } catch (error) {
      place.textContent = `The graph cannot be shown: ${error instanceof Error ? error.message : error}`;
    }
  }

  /** For screen readers, when training pauses. */
  #sentence({ step, loss, accuracy }: Snapshot): string {
    const right = accuracy === undefined ? "" : `, ${Math.round(100 * accuracy)}% right`;
    return `step ${step}: loss ${shown(loss)}${right}.`;
  }

  /** Says where the run is, unless a slider has said so. */
  #tellStep(now: Snapshot): void {
    const isOpening = this.#step === undefined;
    this.#step = now.step;
    const isSaid = document.activeElement?.getAttribute("role") === "slider";
    if (!isOpening && !isSaid) announceChange(`At ${this.#sentence(now)}`);
  }

  #find<Found extends HTMLElement>(selector: string): Found {
    const found = this.querySelector<Found>(selector);
    if (found === null) throw new Error(`playground: ${selector} is missing`);
    return found;
  }
}

/** What makes the steps, and if it is not the compiler, why. */
function engineWords({ engine, reason, isLocal, step }: Snapshot): string {
  if (step === 0 && engine === "engine" && reason === undefined) return "";
  const made =
    engine === "compiled"
      ? "Steps are made by the compiler's WebAssembly: the engine's numbers, to the last bit."
      : `Steps are made by the engine: ${reason ?? "nothing was compiled"}.`;
  return isLocal ? `${made} No worker could be started, so the page itself trains.` : made;
}
