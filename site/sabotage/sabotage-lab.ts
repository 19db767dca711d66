/**
 * `<sabotage-lab>`: an engine with mistakes in it beside the right one, on a formula and on a network in
 * training. Read comparison.ts, two-runs.ts, why.ts and address.ts first; the page has the element's parts
 * (sabotage-html.mjs), filled in for its first state.
 */

import { graphOf, type Value } from "chainrule";
import {
  type Mistake,
  nameOf,
  operationToBreak,
  shownNumber,
  wrongDerivative,
} from "chainrule/explain";
import type { GraphLook, LiveGraph } from "../graph/live-graph.ts";
import { letScroll } from "../shell/scrolling.ts";
import { beginning, type LabState, readLab, writeLab } from "./address.ts";
import { type Comparison, compareTwice, type Mistakes } from "./comparison.ts";
import { FormulaError, graphOfFormula, numberFor, readFormula } from "./formula.ts";
import { fillTable } from "./gradient-table.ts";
import { RATE, STEPS } from "./limits.ts";
import type { TwoRuns } from "./two-runs.ts";
import { whyFormula } from "./why.ts";

/** How long after the last change a screen reader is told of it. In milliseconds. */
const REST = 600;

export class SabotageLab extends HTMLElement {
  #state: LabState = beginning;
  #network: typeof import("./network.ts") | undefined;
  #runs: TwoRuns | undefined;
  #comparison: Comparison | undefined;
  #parameters: readonly Value[] = [];
  #isWhole = false;
  #saying: ReturnType<typeof setTimeout> | undefined;
  readonly #sizes = new ResizeObserver(() => {
    this.#drawCurves();
    letScroll(this.#part("table"));
  });
  #listening = new AbortController();

  connectedCallback(): void {
    const { state, problems } = readLab(location.search);
    this.#state = state;
    this.dataset.hide =
      new URLSearchParams(location.search).get("hide")?.replaceAll(",", " ") ?? "";
    this.#say("problems", problems.join(" "));
    this.dataset.hint ??= this.#part("node").textContent ?? "";
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    this.addEventListener("input", (event) => this.#onInput(event), { signal });
    this.addEventListener("click", (event) => this.#onClick(event), { signal });
    for (const name of ["graph-select", "graph-point"]) {
      this.addEventListener(name, (event) => this.#point(event), { signal });
    }
    for (const name of ["curves", "table"]) this.#sizes.observe(this.#part(name));
    this.#writeControls();
    this.#show();
    this.toggleAttribute("data-live", true);
  }

  disconnectedCallback(): void {
    this.#listening.abort();
    this.#sizes.disconnect();
    this.#runs?.stop();
    clearTimeout(this.#saying);
  }

  #part<E extends HTMLElement = HTMLElement>(name: string): E {
    const part = this.querySelector<E>(`[data-part="${name}"]`);
    if (part === null) throw new Error(`sabotage-lab: expected a part ${name}`);
    return part;
  }

  #say(part: string, text: string): void {
    const element = this.#part(part);
    if (element.textContent !== text) element.textContent = text;
  }

  // --- What the reader does ---------------------------------------------------------------------

  #onInput({ target }: Event): void {
    if (target instanceof HTMLSelectElement) {
      this.#change({ wrong: target.value });
    } else if (!(target instanceof HTMLInputElement)) {
      return;
    } else if (target.name === "view") {
      this.#change({ view: target.value === "net" ? "net" : "formula" });
    } else if (target.name === "mistake") {
      const boxes = this.querySelectorAll<HTMLInputElement>('[name="mistake"]:checked');
      this.#change({ mistakes: new Set([...boxes].map(({ value }) => value as Mistake)) }); // by the page
    } else if (target.name === "formula") {
      this.#change({ formula: target.value, wrong: undefined });
    } else if (target.name === "step") {
      this.#change({ step: Number(target.value) });
    } else if (target.name === "seed") {
      const seed = Number(target.value);
      if (Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32) this.#change({ seed });
    } else if (target.dataset.name !== undefined) {
      const value = target.value.trim() === "" ? Number.NaN : Number(target.value);
      if (!Number.isFinite(value)) return;
      this.#change({ values: { ...this.#state.values, [target.dataset.name]: value } });
    }
  }

  #onClick({ target }: Event): void {
    const button = target instanceof Element ? target.closest<HTMLElement>("button") : null;
    const { example, values } = button?.dataset ?? {};
    if (example !== undefined) {
      this.#change({ formula: example, values: JSON.parse(values ?? "{}"), wrong: undefined });
      this.#part<HTMLInputElement>("formula").value = example;
    } else if (button?.dataset.do === "seed") {
      this.#change({ seed: (this.#state.seed + 1) % 2 ** 32 });
      this.#part<HTMLInputElement>("seed").value = String(this.#state.seed);
    } else if (button?.dataset.do === "all") {
      this.#isWhole = !this.#isWhole;
      this.#fillTable();
    } else if (button?.dataset.do === "copy") void this.#copy(button);
  }

  async #copy(button: HTMLElement): Promise<void> {
    try {
      await navigator.clipboard.writeText(location.href);
      button.textContent = "Copied";
      button.addEventListener("blur", () => (button.textContent = "Copy link"), { once: true });
    } catch {
      prompt("The browser did not allow copying. Copy it from here:", location.href);
    }
  }

  #change(changes: Partial<LabState>): void {
    this.#state = { ...this.#state, ...changes };
    this.#say("problems", "");
    history.replaceState(history.state, "", writeLab(this.#state, location.search));
    this.#show();
  }

  // --- What is shown ----------------------------------------------------------------------------

  /** Puts the state of the address into the controls. */
  #writeControls(): void {
    const { view, mistakes, formula, seed, step } = this.#state;
    for (const box of this.querySelectorAll<HTMLInputElement>('[name="view"]')) {
      box.checked = box.value === view;
    }
    for (const box of this.querySelectorAll<HTMLInputElement>('[name="mistake"]')) {
      box.checked = mistakes.has(box.value as Mistake);
    }
    this.#part<HTMLInputElement>("formula").value = formula;
    this.#part<HTMLInputElement>("seed").value = String(seed);
    this.#part<HTMLInputElement>("step").value = String(step);
  }

  #show(): void {
    const { view } = this.#state;
    this.#part("of-formula").hidden = view !== "formula";
    this.#part("of-net").hidden = view !== "net";
    if (view === "formula") this.#showFormula();
    else void this.#showNet();
  }

  get #mistakes(): Mistakes {
    return { names: this.#state.mistakes, wrong: this.#state.wrong };
  }

  #showFormula(): void {
    this.#runs?.stop();
    this.#runs = undefined;
    const { formula, values } = this.#state;
    try {
      const expression = readFormula(formula);
      this.#writeNumbers(expression.names);
      const build = () => graphOfFormula(expression, values);
      this.#offerOperations(build());
      const comparison = compareTwice(build, this.#mistakes);
      this.#parameters = comparison.nodes;
      this.#showComparison(comparison, whyFormula(comparison, this.#mistakes));
    } catch (error) {
      if (!(error instanceof FormulaError)) throw error;
      this.#say("problems", error.message);
    }
  }

  async #showNet(): Promise<void> {
    this.#say("step-text", `Training twice, ${STEPS} steps each …`);
    try {
      this.#network ??= await import("./network.ts");
    } catch {
      this.#say("problems", "The network could not be loaded. Is there a connection?");
      return;
    }
    const { mistakes, wrong, seed, view } = this.#state;
    if (view !== "net") return; // the reader has gone back meanwhile
    const has = this.#runs;
    const same =
      has !== undefined &&
      has.seed === seed &&
      has.mistakes.wrong === wrong &&
      [...has.mistakes.names].join() === [...mistakes].join();
    if (same) {
      if (has.isDone) this.#showStep(has);
      return;
    }
    has?.stop();
    this.#offerOperations(this.#network.firstLoss(seed));
    const runs = new this.#network.TwoRuns(this.#mistakes, seed);
    this.#runs = runs;
    if ((await runs.train()) && this.#runs === runs) this.#showStep(runs);
  }

  #showStep(runs: TwoRuns): void {
    const { step } = this.#state;
    const sentences = this.#network?.whyNet(runs, step) ?? [];
    const { comparison, parameters } = runs.at(step);
    this.#parameters = parameters;
    this.#drawCurves();
    const number = (losses: readonly number[]) =>
      this.#network?.lossText(losses[step] ?? Number.NaN);
    this.#say(
      "step-text",
      `After ${step} steps, rate ${RATE}: loss ${number(runs.broken)}, of the right engine ${number(runs.right)}.`,
    );
    this.#showComparison(comparison, sentences);
  }

  #drawCurves(): void {
    const runs = this.#runs;
    const box = this.#part("curves");
    if (!runs?.isDone || !this.#network || box.clientWidth === 0) return;
    box.innerHTML = this.#network.lossCurves(
      runs.right,
      runs.broken,
      this.#state.step,
      box.clientWidth,
    );
  }

  #showComparison(comparison: Comparison, why: readonly string[]): void {
    const before = this.#comparison;
    this.#comparison = comparison;
    const isWrong = new Set(comparison.wrong);
    const look: GraphLook = {
      numbers: (node) => ({ data: node.data, grad: comparison.broken(node) }),
      nodeState: (node) => (isWrong.has(node) ? "wrong" : ""),
    };
    this.querySelector<LiveGraph>("live-graph")?.show(comparison.output, look);
    if (
      before === undefined ||
      graphOf(before.output).length !== graphOf(comparison.output).length
    ) {
      this.#isWhole = false;
    }
    this.#fillTable();
    this.#part("why").replaceChildren(
      ...why.map((sentence) => {
        const line = document.createElement("p");
        line.textContent = sentence;
        return line;
      }),
    );
    this.#say("node", this.dataset.hint ?? "");
    clearTimeout(this.#saying);
    this.#saying = setTimeout(() => this.#say("said", why.slice(0, 2).join(" ")), REST);
  }

  #fillTable(): void {
    const comparison = this.#comparison;
    if (comparison === undefined) return;
    const left = fillTable(
      this.#part("rows"),
      this.#parameters,
      comparison,
      (node) => nameOf(node),
      this.#isWhole,
    );
    letScroll(this.#part("table"));
    const button = this.#part("all");
    button.hidden = left === 0 && !this.#isWhole;
    button.textContent = this.#isWhole ? "Fewer rows" : `${left} more rows`;
  }

  /** Says both gradients of the node that is pointed at or selected. */
  #point(event: Event): void {
    const comparison = this.#comparison;
    const node: Value | undefined = event instanceof CustomEvent ? event.detail?.node : undefined;
    if (comparison === undefined || node === undefined) return;
    const [right, own] = [comparison.right(node), comparison.broken(node)];
    const text = (x: number | undefined) => (x === undefined ? "none" : shownNumber(x));
    const verdict = comparison.wrong.includes(node) ? "wrong" : "the same";
    this.#say(
      "node",
      `${nameOf(node)}: right ${text(right)}, this engine ${text(own)}: ${verdict}.`,
    );
  }

  /** A field for each name of the formula. */
  #writeNumbers(names: readonly string[]): void {
    const box = this.#part("numbers");
    const present = [...box.querySelectorAll("input")].map(({ dataset }) => dataset.name);
    if (present.join() !== names.join()) {
      box.replaceChildren(...names.map(numberField));
    }
    for (const input of box.querySelectorAll("input")) {
      const value = numberFor(this.#state.values, input.dataset.name ?? "");
      if (Number(input.value) !== value || input.value === "") input.value = String(value);
    }
  }

  /** The operations whose derivative can be wrong. */
  #offerOperations(output: Value): void {
    const ops = [...new Set(graphOf(output).map(({ op }) => op))].filter((op) => op !== "");
    const { wrong, mistakes } = this.#state;
    if (wrong !== undefined && !ops.includes(wrong)) {
      this.#state = { ...this.#state, wrong: undefined };
    }
    this.#part("operation").hidden = !mistakes.has("wrongDerivative") || ops.length === 0;
    const select = this.#part<HTMLSelectElement>("operations");
    const chosen = this.#state.wrong ?? operationToBreak(output) ?? "";
    const options = ops.map((op) => {
      const option = document.createElement("option");
      option.value = op;
      option.textContent = `${op}: ${wrongDerivative(op).sentence}`;
      option.selected = op === chosen;
      return option;
    });
    if (document.activeElement !== select) select.replaceChildren(...options);
  }
}

function numberField(name: string): HTMLElement {
  const label = document.createElement("label");
  const input = document.createElement("input");
  input.type = "number";
  input.step = "any";
  input.dataset.name = name;
  input.addEventListener("keydown", (event) => {
    const by = { ArrowUp: 0.1, ArrowDown: -0.1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    input.value = String(
      Number((Number(input.value) + by * (event.shiftKey ? 10 : 1)).toPrecision(12)),
    );
    input.dispatchEvent(new Event("input", { bubbles: true }));
  });
  label.append(`${name} =`, input);
  return label;
}
