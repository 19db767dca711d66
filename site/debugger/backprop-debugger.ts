/**
 * `<backprop-debugger>`: walks through the forward and the backward pass of a graph, forwards and
 * back. Read ../graph/live-graph.ts, panel.ts, formula-form.ts and walk-bar.ts first.
 */

import type { Value } from "chainrule";
import { type Addresses, addresses, type Path, type Step, sentence, Walk } from "chainrule/explain";
import type { LiveGraph } from "../graph/live-graph.ts";
import { announce } from "../shell/announce.ts";
import { readFlags, readFormulaAddress, writeFormulaAddress } from "./address.ts";
import { beginning, type Formula } from "./formula.ts";
import { FormulaForm } from "./formula-form.ts";
import { LitEdges, pathText, StrongestPaths } from "./lit-path.ts";
import { make } from "./make.ts";
import { namesOf } from "./names.ts";
import { NodeCard } from "./node-card.ts";
import { isSecret, type Moment, type Panel } from "./panel.ts";
import type { Move } from "./plain-words.ts";
import { StepList } from "./step-list.ts";
import { WalkBar } from "./walk-bar.ts";

/** The address follows the reader after so many milliseconds of rest. */
const REST = 300;

/** A rate to show on a formula, which nobody trains. */
const USUAL_RATE = 0.1;

/** By how much a key steps through the passes. */
const stepKeys: Readonly<Record<string, number>> = {
  ArrowLeft: -1,
  ArrowRight: 1,
  Home: Number.NEGATIVE_INFINITY,
  End: Number.POSITIVE_INFINITY,
};

/** Keys that step wherever the focus is, but not while something is typed. */
const letterKeys: Readonly<Record<string, number>> = { n: 1, b: -1 };

/** What is walked through. */
interface Subject {
  readonly output: Value;
  readonly kind: "formula" | "run" | "graph";
  readonly rate: number;
  /** What a sentence calls the result. */
  readonly outputName: string;
  /** How the training step to come moves a parameter. */
  readonly move: (node: Value, gradient: number) => Move | undefined;
}

export class BackpropDebugger extends HTMLElement {
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
  #rate = USUAL_RATE;
  #hidden: Value | undefined;
  /** The path that a panel lights up; undefined: the strongest one to the node. */
  #asked: Path | undefined;
  #path: Path | undefined;
  #lit = new LitEdges(undefined);
  /** For a node that passes: its first step in the walk. */
  #passes = new Map<Value, number>();
  #frame = 0;
  #writing = 0;

  readonly #panels: Panel[] = [];
  readonly #form = new FormulaForm((formula) => this.#showFormula(formula));
  readonly #bar = new WalkBar((position) => this.#goTo(position));
  readonly #list = new StepList((position) => this.#goTo(position));
  readonly #card = new NodeCard({
    follow: () => this.#choose(undefined),
    complete: () => this.#complete(),
  });
  readonly #graph = document.createElement("live-graph") as LiveGraph;
  readonly #litText = make("p", { class: "debugger-lit" });
  readonly #problems = make("div", { class: "debugger-problems", role: "alert" });
  readonly #copy = make("button", { type: "button", class: "debugger-copy" }, "Copy link");
  #listening = new AbortController();

  /** The panels that stand beside the graph, in this order. */
  host(panels: readonly Panel[]): void {
    this.#panels.push(...panels);
  }

  connectedCallback(): void {
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    this.#build();
    this.addEventListener("keydown", (event) => this.#onKey(event), { signal });
    this.addEventListener("graph-select", (event) => this.#choose(nodeIn(event)), { signal });
    this.#hearPanels(signal);
    addEventListener("popstate", () => void this.#open(), { signal });
    addEventListener("hashchange", () => void this.#open(), { signal });
    this.#copy.addEventListener("click", () => void this.#copyLink(), { signal });
    void this.#open();
  }

  disconnectedCallback(): void {
    this.#listening.abort();
    clearTimeout(this.#writing);
    cancelAnimationFrame(this.#frame);
  }

  /** Puts the parts in their places. */
  #build(): void {
    const source = make("section", { class: "debugger-source", "aria-label": "What is debugged" });
    const head = make("div", { class: "debugger-source-head" });
    head.append(this.#copy);
    source.append(head, this.#form.element);
    const stage = make("div", { class: "debugger-stage" });
    stage.append(this.#bar.element, this.#graph, this.#litText);
    const side = make("div", { class: "debugger-side" });
    side.append(this.#card.element);
    for (const { title, element } of this.#panels) {
      const panel = make("section", { class: "debugger-panel" });
      panel.append(make("h2", {}, title), element);
      side.append(panel);
    }
    const board = make("div", { class: "debugger-board" });
    board.append(stage, side);
    this.replaceChildren(this.#problems, source, board, this.#list.element);
  }

  // ---- What is opened ---------------------------------------------------------------------------

  /** Opens what the address asks for. */
  async #open(): Promise<void> {
    const { hide, theme, problems } = readFlags(location.search);
    this.dataset.hide = hide.join(" ");
    if (theme !== undefined) document.documentElement.dataset.theme = theme;
    const asked = readFormulaAddress(location.search);
    this.#tell([...problems, ...asked.problems]);
    this.#wanted = asked.position ?? Number.POSITIVE_INFINITY;
    this.#chosen = undefined;
    this.#form.open(asked.text, asked.values);
    this.#chooseAddress(asked.node);
  }

  #tell(problems: readonly string[]): void {
    const lines = problems.map((text) => make("p", {}, text));
    this.#problems.replaceChildren(...lines);
  }

  #showFormula({ output }: Formula): void {
    this.#show({
      output,
      kind: "formula",
      rate: this.#rate,
      outputName: output.label === "" ? "the result" : output.label,
      move: () => undefined,
    });
  }

  /** Shows a graph. If it is like the one before, position and selection stay. */
  #show(subject: Subject): void {
    const chosen = this.#chosen && this.#addresses?.of(this.#chosen);
    const walk = new Walk(subject.output);
    this.#subject = subject;
    this.#walk = walk;
    this.#nameOf = namesOf(subject.output);
    this.#addresses = addresses(subject.output);
    this.#paths = undefined;
    this.#asked = undefined;
    this.#hidden = undefined;
    this.#passes = firstPasses(walk.steps);
    this.#chosen = chosen === undefined ? undefined : this.#addresses.node(chosen);
    this.#position = Math.min(this.#wanted, walk.steps.length);
    this.#light();
    this.#graph.show(subject.output, this.#look());
    if (this.#chosen !== undefined) this.#graph.select(this.#chosen);
    this.#render();
    performance.mark("debugger-shown");
  }

  // ---- What the reader does ---------------------------------------------------------------------

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
    this.#render();
  }

  /** Chooses a node; undefined: follows the steps again. */
  #choose(node: Value | undefined): void {
    if (node === this.#chosen) return;
    this.#chosen = node;
    this.#asked = undefined;
    this.#light();
    this.#graph.select(node);
    this.#graph.refresh(this.#look());
    this.#render();
  }

  #chooseAddress(address: string | undefined): void {
    if (address === undefined || this.#addresses === undefined) return;
    const node = this.#addresses.node(address);
    if (node === undefined) this.#tell([`There is no node ${address.slice(0, 80)} in this graph.`]);
    else {
      this.#choose(node);
      this.#graph.select(node, { reveal: true });
    }
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
    const inGraph = target instanceof Node && this.#graph.contains(target);
    const inPanel = target instanceof Element && target.closest(".debugger-panel") !== null;
    const by = letterKeys[key] ?? (inGraph || inPanel ? undefined : stepKeys[key]);
    if (by === undefined) return;
    event.preventDefault();
    this.#goTo(this.#position + by);
  }

  #hearPanels(signal: AbortSignal): void {
    const hear = <Detail>(type: string, act: (detail: Detail) => void) =>
      this.addEventListener(type, (event) => act((event as CustomEvent<Detail>).detail), {
        signal,
      });
    hear<{ node: Value }>("debugger-select", ({ node }) => {
      this.#choose(node);
      this.#graph.select(node, { reveal: true });
    });
    hear<{ path: Path | undefined }>("debugger-path", ({ path }) => {
      this.#asked = path;
      this.#light();
      this.#graph.refresh(this.#look());
      this.#renderLit();
    });
    hear<{ node: Value; data: number }>("debugger-write", ({ node, data }) => {
      if (this.#subject?.kind === "formula") this.#form.write(node.label, data);
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
    if (this.#path === undefined && this.#chosen !== undefined && this.#subject !== undefined) {
      this.#paths ??= new StrongestPaths(this.#subject.output);
      this.#path = this.#paths.to(this.#chosen);
    }
    this.#lit = new LitEdges(this.#path);
  }

  #look() {
    const walk = this.#walk;
    const moment = this.#moment;
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
    this.#bar.show({
      position: this.#position,
      length: steps.length,
      forward,
      sentence: step === undefined ? given(steps.length) : words(step),
    });
    this.#renderLit();
    const last = this.#hidden === undefined ? steps.length : this.#position;
    this.#list.show(steps.length, this.#position, (place) => words(steps[place]), last);
    this.#renderCard();
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => this.#renderPanels());
    clearTimeout(this.#writing);
    this.#writing = window.setTimeout(() => void this.#writeAddress(), REST);
  }

  #renderCard(): void {
    const [moment, subject] = [this.#moment, this.#subject];
    if (moment === undefined || subject === undefined) return;
    this.#card.show(moment, {
      chosen: this.#chosen !== undefined,
      output: subject.outputName,
      move: subject.move,
      isFormula: subject.kind === "formula",
      theirs: undefined,
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
    const from = moment.nameOf(moment.walk.output);
    const isKnown = moment.walk.receipt(node, moment.position).complete && !isSecret(moment, node);
    const which = this.#asked === undefined ? "The path along which most comes" : "This path";
    this.#litText.textContent = isKnown
      ? `${which} from ${from} to ${moment.nameOf(node)}: ${pathText(path)}`
      : `${which} from ${from} to ${moment.nameOf(node)} is lit.`;
  }

  /** Writes the state into the address, so that reloading and bookmarks keep it. */
  async #writeAddress(): Promise<void> {
    const { formula } = this.#form;
    if (formula === undefined) return;
    const node = this.#chosen && this.#addresses?.of(this.#chosen);
    const place = { position: this.#position, node };
    const isUntouched =
      location.search === "" &&
      formula.text === beginning.text &&
      [...beginning.values].every(([name, number]) => formula.values.get(name) === number) &&
      this.#position === beginning.position &&
      node === undefined;
    if (isUntouched) return;
    const address = writeFormulaAddress(formula, place, location.search);
    history.replaceState(history.state, "", `${location.pathname}${address}`);
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
