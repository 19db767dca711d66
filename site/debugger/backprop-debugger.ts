/**
 * `<backprop-debugger>`: walks through the forward and the backward pass of a graph, forwards and
 * back. Read ../graph/live-graph.ts, panel.ts, formula-form.ts and walk-bar.ts first.
 */

import { graphOf, type Value } from "chainrule";
import {
  type Addresses,
  addresses,
  namesIn,
  type Path,
  type Step,
  sentence,
  shownNumber,
  Walk,
} from "chainrule/explain";
import type { LiveGraph } from "../graph/live-graph.ts";
import { readRun, writeRun } from "../runs/address.ts";
import type { RunState } from "../runs/setup.ts";
import { announce } from "../shell/announce.ts";
import { keepFocus } from "../shell/keep-focus.ts";
import {
  flagsOf,
  formulaPart,
  type Place,
  readFlags,
  readFormulaAddress,
  readPlaceInFragment,
  readRunFragment,
  writeFormulaAddress,
  writeGraphAddress,
  writeRunAddress,
} from "./address.ts";
import { CellGraph, compared } from "./cell-graph.ts";
import { beginning, type Formula } from "./formula.ts";
import { FormulaForm } from "./formula-form.ts";
import { LitEdges, pathText, StrongestPaths } from "./lit-path.ts";
import { make } from "./make.ts";
import { namesOfFormula, namesOfRun } from "./names.ts";
import { NodeCard } from "./node-card.ts";
import { isSecret, type Moment, type Panel } from "./panel.ts";
import { type Move, whyThisFactor } from "./plain-words.ts";
import { readSnapshot, type Snapshot, SnapshotError } from "./snapshot.ts";
import { StepList } from "./step-list.ts";
import { firstRun, type RunMoment, TimeMachine } from "./time-machine.ts";
import { WalkBar } from "./walk-bar.ts";

/** The address follows the reader after so many milliseconds of rest. */
const REST = 300;

/** A rate to show on a formula, which nobody trains. */
const USUAL_RATE = 0.1;

/** On so many pixels a network can be seen as a whole. */
const WIDE = 700;

/** In a longer walk, following would open box after box. */
const MOST_FOLLOWED = 2_000;

/** By how much a key steps through the passes. */
const stepKeys: Readonly<Record<string, number>> = {
  ArrowLeft: -1,
  ArrowRight: 1,
  Home: Number.NEGATIVE_INFINITY,
  End: Number.POSITIVE_INFINITY,
};

/** Keys that step wherever the focus is, but not while something is typed. */
const letterKeys: Readonly<Record<string, number>> = { n: 1, b: -1 };

/** Where a graph comes from: a formula, a training run, or a lesson's cell. */
type Kind = "formula" | "run" | "graph";

/** What is walked through. */
interface Subject {
  readonly output: Value;
  readonly kind: Kind;
  readonly rate: number;
  /** What the last node is called, if it has no label. */
  readonly resultName?: string;
  /** What a sentence calls the result. */
  readonly outputName: string;
  /** How the training step to come moves a parameter. */
  readonly move: (node: Value, gradient: number) => Move | undefined;
  /** What a cell's own engine had found. */
  readonly snapshot?: Snapshot;
}

export class BackpropDebugger extends HTMLElement {
  /** Makes the panels that stand beside the graph, in this order. */
  static panels: readonly (() => Panel)[] = [];
  #subject: Subject | undefined;
  #walk: Walk | undefined;
  #nameOf: (node: Value) => string = () => "";
  #addresses: Addresses | undefined;
  #paths: StrongestPaths | undefined;
  /** How many steps have been taken, and how many were asked for: another graph may have fewer. */
  #position = 0;
  #wanted = 0;
  /** The node that the reader chose; undefined: the one that each step is about. */
  #chosen: Value | undefined;
  #kind: Kind = "formula";
  #parameters: readonly Value[] = [];
  #rate = USUAL_RATE;
  #hidden: Value | undefined;
  /** The path that a panel lights up; undefined: the strongest one to the node. */
  #asked: Path | undefined;
  #path: Path | undefined;
  #lit = new LitEdges(undefined);
  /** For a node that passes: its first step in the walk. */
  #passes = new Map<Value, number>();
  /** What is said of the next change, if it is not the sentence of the step. */
  #news: (() => string) | undefined;
  /** The sentence of the step, and what a screen reader is told before the next frame. */
  #said = "";
  #toTell = "";
  #frame = 0;
  #writing = 0;
  /** Counts addresses: what comes late is not written. */
  #written = 0;

  readonly #panels: readonly Panel[] = BackpropDebugger.panels.map((panel) => panel());
  readonly #form = new FormulaForm((formula) => this.#showFormula(formula));
  readonly #machine = new TimeMachine(
    (moment) => this.#showRun(moment),
    () => (this.#board.hidden = true), // another graph would be taken for the run's
  );
  readonly #cell = new CellGraph((node) => this.#reveal(node));
  readonly #choices: Readonly<Record<Kind, HTMLButtonElement>> = {
    formula: make("button", { type: "button" }, "A formula"),
    run: make("button", { type: "button" }, "A network in training"),
    graph: make("button", { type: "button" }, "The graph of a cell"),
  };
  readonly #bar = new WalkBar((position) => this.#stepTo(position));
  readonly #list = new StepList((position) => this.#goTo(position));
  readonly #card = new NodeCard({
    follow: () => this.#choose(undefined),
    complete: () => this.#complete(),
  });
  readonly #graph = document.createElement("live-graph") as LiveGraph;
  readonly #litText = make("p", { class: "debugger-lit" });
  readonly #problems = make("div", { class: "debugger-problems", role: "alert" });
  readonly #copy = make("button", { type: "button", class: "debugger-copy" }, "Copy link");
  readonly #board = make("div", { class: "debugger-board" });
  #listening = new AbortController();
  /** The graph of a cell, if the address carried one. */
  #snapshot: Snapshot | undefined;
  /** Where the reader was in what is not shown now. */
  readonly #places = new Map<Kind, Place>();

  /** What is walked through; undefined before something was opened. */
  get walk(): Walk | undefined {
    return this.#walk;
  }

  /** How many of its steps have been taken. */
  get position(): number {
    return this.#position;
  }

  connectedCallback(): void {
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    this.#build();
    this.addEventListener("keydown", (event) => this.#onKey(event), { signal });
    this.addEventListener("graph-fold", () => this.#relight(), { signal });
    this.addEventListener("graph-select", (event) => this.#choose(nodeIn(event)), { signal });
    this.#hearPanels(signal);
    keepFocus(this, signal);
    addEventListener("popstate", () => void this.#open(), { signal });
    addEventListener("hashchange", () => void this.#open(), { signal });
    this.#copy.addEventListener("click", () => void this.#copyLink(), { signal });
    void this.#open();
  }

  disconnectedCallback(): void {
    this.#listening.abort();
    clearTimeout(this.#writing);
    cancelAnimationFrame(this.#frame);
    this.#machine.leave();
  }

  /** Puts the parts in their places. */
  #build(): void {
    const source = make("section", { class: "debugger-source", "aria-label": "What is debugged" });
    const choice = make("div", { class: "debugger-choice", role: "group", "aria-label": "Debug" });
    for (const [kind, button] of Object.entries(this.#choices)) {
      choice.append(button);
      button.addEventListener("click", () => void this.#switchTo(kind as Kind)); // its keys are
    }
    const head = make("div", { class: "debugger-source-head" });
    const begin = this.#panels.flatMap(({ title, begin }) => {
      if (begin === undefined) return [];
      const button = make("button", { type: "button", class: "debugger-begin" }, title);
      button.addEventListener("click", begin);
      return [button];
    });
    const actions = make("div", { class: "debugger-head-actions" });
    actions.append(...begin, this.#copy);
    head.append(choice, actions);
    const body = make("div", { class: "debugger-source-body" });
    body.append(this.#form.element, this.#machine.element, this.#cell.element);
    source.append(head, body);
    const stage = make("div", { class: "debugger-stage" });
    stage.append(this.#bar.element, this.#graph, this.#litText, this.#list.element);
    const side = make("div", { class: "debugger-side" });
    side.append(this.#card.element);
    for (const { name, title, element } of this.#panels) {
      const panel = make("section", { class: "debugger-panel", "data-panel": name });
      panel.setAttribute("aria-label", title);
      panel.append(make("h2", {}, title), element);
      side.append(panel);
    }
    this.#board.append(stage, side);
    this.replaceChildren(this.#problems, source, this.#board);
  }

  // ---- What is opened ---------------------------------------------------------------------------

  /** Opens what the address asks for. */
  async #open(): Promise<void> {
    const { hide, theme, problems } = readFlags(location.search);
    this.dataset.hide = hide.join(" ");
    if (theme !== undefined) document.documentElement.dataset.theme = theme;
    this.#tell(problems);
    const { hash } = location;
    const run = readRunFragment(hash);
    if (run !== undefined) {
      const { state, problems: more } = await readRun(run.run);
      if (location.hash !== hash) return; // the reader is elsewhere by now
      this.#tell([...problems, ...run.problems, ...more]);
      await this.#openRun(state, run.place);
    } else if (!(await this.#openSnapshot(hash))) {
      const asked = readFormulaAddress(formulaPart(location.search, hash));
      this.#tell([...problems, ...asked.problems]);
      this.#openFormula(asked.text, asked.values, asked);
    }
  }

  #openFormula(text: string, values: ReadonlyMap<string, number>, place: Place): void {
    this.#begin("formula", place);
    this.#form.open(text, values);
    this.#chooseAddress(place.node);
  }

  async #openRun(state: RunState, place: Place): Promise<void> {
    this.#begin("run", place);
    try {
      if (!(await this.#machine.open(state))) return;
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.#tellMore(`This run cannot be shown. ${error.message}`);
      return;
    }
    if (place.point !== undefined) this.#graph.showPoint(place.point);
    if (place.node !== undefined) this.#chooseAddress(place.node);
    else {
      this.#choose(this.#steepest());
      if (this.#graph.clientWidth >= WIDE) this.#graph.fit();
      else this.#graph.select(this.#chosen, { reveal: true });
    }
  }

  /** Is there a cell's graph in the fragment? A damaged one is told of. */
  async #openSnapshot(fragment: string): Promise<boolean> {
    try {
      const snapshot = await readSnapshot(fragment);
      if (location.hash !== fragment) return true; // the reader is elsewhere by now
      if (snapshot === undefined) return false;
      this.#snapshot = snapshot;
      const { place, problems } = readPlaceInFragment(fragment);
      for (const problem of problems) this.#tellMore(problem);
      this.#begin("graph", place);
      this.#showSnapshot(snapshot);
      const wrong = graphOf(snapshot.output).findLast(snapshot.isWrong);
      if (place.node !== undefined) this.#chooseAddress(place.node);
      else if (wrong !== undefined) this.#reveal(wrong);
      return true;
    } catch (error) {
      if (!(error instanceof SnapshotError)) throw error;
      if (location.hash !== fragment) return true;
      const { text, values, position } = beginning;
      this.#openFormula(text, values, { position, node: undefined });
      this.#tellMore(error.message);
      return true;
    }
  }

  /** Another thing is shown from now on, from this place. */
  #begin(kind: Kind, { position }: Place): void {
    this.#kind = kind;
    this.dataset.kind = kind;
    if (kind !== "run") this.#machine.leave();
    this.#chosen = undefined;
    this.#wanted = position ?? Number.POSITIVE_INFINITY;
    for (const [name, button] of Object.entries(this.#choices)) {
      button.setAttribute("aria-pressed", String(name === kind));
    }
    this.#choices.graph.hidden = this.#snapshot === undefined;
    this.#form.element.hidden = kind !== "formula";
    this.#machine.element.hidden = kind !== "run";
    this.#cell.element.hidden = kind !== "graph";
  }

  /** From one to another, where the reader was there; the button "Back" leads back. */
  async #switchTo(kind: Kind): Promise<void> {
    if (kind === this.#kind) return;
    await this.#writeAddress();
    this.#places.set(this.#kind, this.#place);
    history.pushState(null, "", location.href);
    this.#tell([]);
    const place = this.#places.get(kind);
    if (kind === "run") {
      const state = this.#machine.state ?? firstRun;
      await this.#openRun(state, place ?? { position: undefined, node: undefined });
    } else if (kind === "formula") {
      const { text, values } = this.#form.formula ?? beginning;
      const { position } = beginning;
      this.#openFormula(text, values, place ?? { position, node: undefined });
    } else if (this.#snapshot !== undefined) {
      const last = place ?? { position: undefined, node: undefined };
      this.#begin("graph", last);
      this.#showSnapshot(this.#snapshot);
      this.#chooseAddress(last.node);
    }
  }

  #tell(problems: readonly string[]): void {
    const lines = problems.map((text) => make("p", {}, text));
    this.#problems.replaceChildren(...lines);
  }

  #tellMore(problem: string): void {
    this.#problems.append(make("p", {}, problem));
  }

  #showFormula({ output }: Formula): void {
    this.#show({
      output,
      kind: "formula",
      rate: this.#subject?.kind === "formula" ? this.#rate : USUAL_RATE,
      outputName: output.label === "" ? "the result" : output.label,
      move: () => undefined,
    });
  }

  #showRun({ state, model, loss, rate, next }: RunMoment): void {
    const { optimizer } = state.setup;
    const places = new Map(model.parameters().map((parameter, place) => [parameter, place]));
    const move = (node: Value, gradient: number): Move | undefined => {
      const to = next?.[places.get(node) ?? -1];
      if (to === undefined) return undefined;
      const numbers = { from: node.data, to, gradient, rate };
      return { ...numbers, isPlain: optimizer === "sgd", optimizer };
    };
    this.#parameters = model.parameters();
    const isSaid = this.#machine.isAtCursor; // a slider says itself where it is
    const where = `Training step ${state.step}: the loss is ${shownNumber(loss.data)}.`;
    this.#news = () => (isSaid ? "" : where);
    this.#show({
      output: loss,
      kind: "run",
      rate,
      resultName: "loss",
      outputName: "the loss",
      move,
    });
  }

  #showSnapshot(snapshot: Snapshot): void {
    const { output, name } = snapshot;
    this.#show({
      output,
      kind: "graph",
      rate: USUAL_RATE,
      outputName: name || output.label || "the result",
      move: () => undefined,
      snapshot,
    });
    this.#cell.show(snapshot, this.#nameOf);
  }

  /** The parameter that the loss depends on most. */
  #steepest(): Value | undefined {
    const walk = this.#walk;
    if (walk === undefined) return undefined;
    let [best, most]: [Value | undefined, number] = [undefined, -1];
    for (const parameter of this.#parameters) {
      const size = Math.abs(walk.gradient(parameter, walk.steps.length) ?? 0);
      if (size > most) [best, most] = [parameter, size];
    }
    return best;
  }

  /** Shows a graph. If it is like the one before, position and selection stay. */
  #show(subject: Subject): void {
    const chosen = this.#chosen && this.#addresses?.of(this.#chosen);
    const walk = new Walk(subject.output);
    this.#board.hidden = false;
    this.#subject = subject;
    this.#rate = subject.rate;
    this.#walk = walk;
    const { output, resultName } = subject;
    const names = subject.kind === "run" ? namesOfRun(output) : namesOfFormula(output);
    this.#nameOf = namesIn(output, (node) =>
      node === output && resultName !== undefined ? resultName : names(node),
    );
    this.#addresses = addresses(subject.output);
    this.#paths = undefined;
    this.#asked = undefined;
    this.#hidden = undefined;
    this.#passes = firstPasses(walk.steps);
    this.#chosen = chosen === undefined ? undefined : this.#addresses.node(chosen);
    this.#position = Math.min(this.#wanted, walk.steps.length);
    this.#graph.show(subject.output, this.#look());
    this.#light();
    if (this.#path !== undefined) this.#graph.refresh(this.#look());
    if (this.#chosen !== undefined) this.#graph.select(this.#chosen);
    else this.#follow();
    this.#list.suggest(walk.steps.length);
    this.#render();
    performance.mark("debugger-shown");
  }

  // ---- What the reader does ---------------------------------------------------------------------

  /** Goes to a step as the reader asked for; the graph is to be seen then. */
  #stepTo(position: number): void {
    this.#goTo(position);
    const { top, bottom } = this.#graph.getBoundingClientRect();
    if (bottom < 0 || top > innerHeight - this.#bar.element.offsetHeight) {
      this.#graph.scrollIntoView({ block: "nearest" });
    }
  }

  #goTo(position: number): void {
    if (this.#walk === undefined) return;
    const { length } = this.#walk.steps;
    const next = Math.min(Math.max(position, 0), length);
    if (next === this.#position) return;
    this.#position = next;
    this.#wanted = next;
    this.#asked = undefined;
    this.#light();
    this.#graph.refresh(this.#look());
    this.#follow();
    this.#render();
  }

  /** Brings what the step is about into view, unless the reader has chosen something else. */
  #follow(): void {
    if (this.#chosen !== undefined || (this.#walk?.steps.length ?? 0) > MOST_FOLLOWED) return;
    this.#graph.select(this.#node, { reveal: true });
  }

  /** Chooses a node; undefined: follows the steps again. */
  #choose(node: Value | undefined): void {
    if (node === this.#chosen) return;
    this.#chosen = node;
    if (node !== undefined) this.#news = () => `Selected: ${this.#card.summary}`;
    this.#asked = undefined;
    this.#light();
    this.#graph.select(node ?? this.#node);
    this.#graph.refresh(this.#look());
    this.#render();
  }

  #chooseAddress(address: string | undefined): void {
    if (address === undefined || this.#addresses === undefined) return;
    const node = this.#addresses.node(address);
    if (node !== undefined) this.#reveal(node);
    else this.#tellMore(`There is no node "${address.slice(0, 80)}" in this graph.`);
  }

  /** Chooses a node and brings it into view. */
  #reveal(node: Value): void {
    this.#choose(node);
    this.#graph.select(node, { reveal: true });
  }

  /** Goes to the step in which the node's gradient is complete. */
  #complete(): void {
    const node = this.#node;
    if (node === undefined || this.#walk === undefined) return;
    const { steps } = this.#walk;
    const last = steps.findLastIndex(
      (step) =>
        (step.kind === "pass" && step.input === node) ||
        (step.kind === "start" && step.node === node),
    );
    this.#choose(node);
    this.#goTo(last === -1 ? steps.length : last + 1);
  }

  #onKey(event: KeyboardEvent): void {
    const { target, key } = event;
    if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) return;
    if (target instanceof Element && target.closest("input, select, textarea") !== null) return;
    if ((key === "]" || key === "[") && this.#kind === "run") {
      event.preventDefault();
      this.#machine.by(key === "]" ? 1 : -1);
      return;
    }
    const inGraph = target instanceof Node && this.#graph.contains(target);
    const inPanel = target instanceof Element && target.closest(".debugger-panel") !== null;
    const by = letterKeys[key] ?? (inGraph || inPanel ? undefined : stepKeys[key]);
    if (by === undefined) return;
    event.preventDefault();
    this.#stepTo(this.#position + by);
  }

  #hearPanels(signal: AbortSignal): void {
    const hear = <Detail>(type: string, act: (detail: Detail) => void) =>
      this.addEventListener(type, (event) => act((event as CustomEvent<Detail>).detail), {
        signal,
      });
    hear<{ node: Value }>("debugger-select", ({ node }) => this.#reveal(node));
    hear<{ path: Path | undefined }>("debugger-path", ({ path }) => {
      this.#asked = path;
      this.#light();
      this.#graph.refresh(this.#look());
      this.#renderLit();
    });
    hear<{ rate: number }>("debugger-rate", ({ rate }) => {
      this.#rate = rate;
      this.#render();
    });
    hear<{ hidden: Value | undefined }>("debugger-quiz", ({ hidden }) => {
      this.#hidden = hidden;
      this.#graph.refresh(this.#look());
      this.#render();
    });
    hear<{ position: number }>("debugger-go", ({ position }) => this.#goTo(position));
  }

  async #copyLink(): Promise<void> {
    await this.#writeAddress();
    try {
      await navigator.clipboard.writeText(location.href);
      announce("Copied: the link opens exactly this state.");
      this.#copy.textContent = "Copied";
    } catch {
      this.#tell([`Copy this link: ${location.href}`]); // no clipboard here
    }
    this.#copy.addEventListener("blur", () => (this.#copy.textContent = "Copy link"), {
      once: true,
    });
  }

  // ---- What is to be seen -----------------------------------------------------------------------

  /** The node that panels are about. */
  get #node(): Value | undefined {
    if (this.#chosen !== undefined) return this.#chosen;
    const step = this.#walk?.steps[this.#position - 1];
    return step?.kind === "pass" ? step.input : step?.node;
  }

  get #moment(): Moment | undefined {
    if (this.#walk === undefined) return undefined;
    return {
      walk: this.#walk,
      position: this.#position,
      node: this.#node,
      rate: this.#rate,
      nameOf: this.#nameOf,
      hidden: this.#hidden,
    };
  }

  /** The path that is lit now: one that was asked for, or the strongest to the chosen node. */
  #light(): void {
    this.#path = this.#asked;
    if (this.#path === undefined && this.#chosen !== undefined && this.#walk !== undefined) {
      const { point } = this.#graph;
      if (this.#paths?.point !== point) this.#paths = undefined;
      this.#paths ??= new StrongestPaths(this.#walk, point);
      this.#path = this.#paths.to(this.#chosen);
    }
    this.#lit = new LitEdges(this.#path);
  }

  /** Another data point is shown: so is a path through it. */
  #relight(): void {
    this.#writeSoon();
    if (this.#chosen === undefined || this.#paths?.point === this.#graph.point) return;
    this.#light();
    this.#graph.refresh(this.#look());
    this.#renderLit();
  }

  #look() {
    const [walk, moment, subject] = [this.#walk, this.#moment, this.#subject];
    if (walk === undefined || moment === undefined) return {};
    const position = this.#position;
    const step = walk.steps[position - 1];
    return {
      numbers: (node: Value) => ({
        data: walk.isComputed(node, position) ? node.data : undefined,
        grad: isSecret(moment, node) ? undefined : walk.gradient(node, position),
      }),
      nodeState: (node: Value) => {
        const states = [];
        if (!walk.isComputed(node, position)) states.push("pending");
        if (step?.kind === "pass" && step.input === node) states.push("to");
        else if (step?.node === node) {
          states.push({ compute: "computes", start: "to", pass: "from" }[step.kind]);
        }
        if (subject?.snapshot?.isWrong(node) && !isSecret(moment, node)) states.push("wrong");
        if (this.#lit.nodes.has(node) || (this.#path && node === this.#chosen)) states.push("path");
        return states.join(" ");
      },
      edgeState: (consumer: Value, slot: number) => {
        const states = this.#lit.has(consumer, slot) ? ["path"] : [];
        const pass = (this.#passes.get(consumer) ?? Number.POSITIVE_INFINITY) + slot;
        if (step?.kind === "compute" && step.node === consumer) states.push("forward");
        else if (pass === position - 1) states.push("backward");
        else if (pass < position - 1) states.push("past");
        return states.join(" ");
      },
    };
  }

  #render(): void {
    const walk = this.#walk;
    if (walk === undefined) return;
    const { steps, forward } = walk;
    const step = steps[this.#position - 1];
    const words = (step: Step) => sentence(step, this.#nameOf);
    const said = step === undefined ? given(steps.length) : words(step);
    this.#bar.show({
      position: this.#position,
      length: steps.length,
      forward,
      sentence: said,
      why: whyThisFactor(step, this.#nameOf),
    });
    this.#renderLit();
    const last = this.#hidden === undefined ? steps.length : this.#position;
    this.#list.show(steps.length, this.#position, (place) => words(steps[place]), last);
    this.#renderCard();
    if (this.#news !== undefined || said !== this.#said) this.#toTell = this.#news?.() ?? said;
    this.#news = undefined;
    this.#said = said;
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => {
      if (this.#toTell !== "") this.#bar.tell(this.#toTell);
      this.#renderPanels();
    });
    this.#writeSoon();
  }

  #writeSoon(): void {
    clearTimeout(this.#writing);
    this.#writing = window.setTimeout(() => void this.#writeAddress(), REST);
  }

  #renderCard(): void {
    const [moment, subject] = [this.#moment, this.#subject];
    if (moment === undefined || subject === undefined) return;
    const { snapshot } = subject;
    this.#card.show(moment, {
      chosen: this.#chosen !== undefined,
      output: subject.outputName,
      move: subject.move,
      isFormula: subject.kind === "formula",
      theirs: snapshot && ((node) => compared(snapshot, node)),
    });
  }

  #renderPanels(): void {
    const moment = this.#moment;
    if (moment === undefined) return;
    for (const panel of this.#panels) panel.show(moment);
  }

  #renderLit(): void {
    const [moment, path] = [this.#moment, this.#path];
    const node = path?.edges.at(-1)?.input;
    if (moment === undefined || path === undefined || node === undefined) {
      this.#litText.textContent = "";
      return;
    }
    const [{ consumer }] = path.edges; // a line of a receipt is a path of one edge
    const from =
      consumer === moment.walk.output ? this.#subject?.outputName : moment.nameOf(consumer);
    const isKnown = moment.walk.receipt(node, moment.position).complete && !isSecret(moment, node);
    const point = this.#asked === undefined ? this.#paths?.point : undefined;
    const through = point === undefined ? "" : ` through data point ${point + 1}`;
    const which =
      this.#asked === undefined ? `The path${through} along which most comes` : "This path";
    this.#litText.textContent = isKnown
      ? `${which} from ${from} to ${moment.nameOf(node)}: ${pathText(path)}`
      : `${which} from ${from} to ${moment.nameOf(node)} is lit.`;
  }

  /** Where in the graph the reader is. */
  get #place(): Place {
    const node = this.#chosen && this.#addresses?.of(this.#chosen);
    return { position: this.#position, node, point: this.#graph.point };
  }

  /** Writes the state into the address, so that reloading and bookmarks keep it. */
  async #writeAddress(): Promise<void> {
    clearTimeout(this.#writing);
    this.#written += 1;
    const written = this.#written;
    const address = await this.#address();
    if (address === undefined || written !== this.#written) return;
    history.replaceState(null, "", location.pathname + address);
  }

  /** The address of this state from "?" or "#" on; undefined if it is that of an untouched page. */
  async #address(): Promise<string | undefined> {
    const place = this.#place;
    const flags = flagsOf(location.search);
    if (this.#kind === "run") {
      const { state } = this.#machine;
      return state && flags + writeRunAddress(await writeRun(state), place);
    }
    if (this.#kind === "graph") return flags + writeGraphAddress(location.hash, place);
    const { formula } = this.#form;
    if (formula === undefined) return undefined;
    const isUntouched =
      location.search === "" &&
      location.hash === "" &&
      formula.text === beginning.text &&
      [...beginning.values].every(([name, number]) => formula.values.get(name) === number) &&
      place.position === beginning.position &&
      place.node === undefined;
    return isUntouched ? undefined : writeFormulaAddress(formula, place, location.search);
  }
}

const nodeIn = (event: Event): Value | undefined =>
  (event as CustomEvent<{ node: Value | undefined }>).detail.node;

/** For each node that passes something on: where in the steps it begins. */
function firstPasses(steps: readonly Step[]): Map<Value, number> {
  const first = new Map<Value, number>();
  steps.forEach((step, place) => {
    if (step.kind === "pass" && step.slot === 0) first.set(step.node, place);
  });
  return first;
}

const given = (steps: number): string =>
  steps === 1
    ? "The number is given; nothing has to be computed."
    : "The numbers of the leaves are given; nothing is computed yet.";
