/** The card of the selected node: its name, its two numbers and what they mean. Read plain-words.ts first. */

import type { Value } from "chainrule";
import { shownNumber } from "chainrule/explain";
import { make } from "./make.ts";
import { placeInWords } from "./names.ts";
import { isSecret, type Moment } from "./panel.ts";
import {
  howTrainingWouldMove,
  isNamedLeaf,
  type Move,
  meaning,
  whyItMoves,
} from "./plain-words.ts";

/** What the card says besides what the moment knows. */
export interface CardNews {
  /** Did the reader choose the node? Otherwise it is the one that the step is about. */
  readonly chosen: boolean;
  /** What the result is called in a sentence. */
  readonly output: string;
  /** How the training step to come moves this node, if it is a parameter of a run. */
  readonly move: (node: Value, gradient: number) => Move | undefined;
  /** Does the node belong to a formula, whose leaves could be trained? */
  readonly isFormula: boolean;
  /** What a cell's own engine had found; undefined if nobody else has been here. */
  readonly theirs: ((node: Value) => string) | undefined;
}

/** What the reader can do here. */
export interface CardActions {
  /** Follow the steps again. */
  readonly follow: () => void;
  /** To the step in which the gradient of the node is complete. */
  readonly complete: () => void;
}

export class NodeCard {
  readonly element = make("section", { class: "debugger-card", "aria-label": "The selected node" });
  readonly #name = make("h2");
  readonly #state = make("span", { class: "debugger-followed" });
  readonly #place = make("p", { class: "debugger-place" });
  readonly #data = make("dd");
  readonly #gradient = make("dd");
  readonly #is = make("span", {}, "what it is");
  readonly #does = make("span");
  readonly #meaning = make("p", { class: "debugger-meaning" });
  readonly #why = make("p", { class: "debugger-why" });
  readonly #theirs = make("p", { class: "debugger-theirs" });
  readonly #follow = make("button", { type: "button" }, "Follow the steps");
  readonly #complete = make("button", { type: "button" }, "Go to where its gradient is complete");

  constructor({ follow, complete }: CardActions) {
    this.#follow.title = "Show the node that each step is about";
    this.#follow.addEventListener("click", follow);
    this.#complete.addEventListener("click", complete);
    const head = make("div", { class: "debugger-card-head" });
    head.append(this.#name, this.#state);
    const numbers = make("dl", { class: "debugger-two" });
    for (const [term, what, number] of [
      ["data", this.#is, this.#data],
      ["gradient", this.#does, this.#gradient],
    ] as const) {
      const pair = make("div");
      const title = make("dt", {}, `${term} `);
      title.append(what);
      pair.append(title, number);
      numbers.append(pair);
    }
    const actions = make("p", { class: "debugger-actions" });
    actions.append(this.#complete, this.#follow);
    this.element.append(
      head,
      this.#place,
      numbers,
      this.#meaning,
      this.#why,
      this.#theirs,
      actions,
    );
  }

  /** The node in a sentence or two, for those who do not see the card. */
  get summary(): string {
    const parts = [this.#meaning, this.#why, this.#theirs].map((part) => part.textContent ?? "");
    return parts.filter((text) => text !== "").join(" ");
  }

  show(moment: Moment, news: CardNews): void {
    const { walk, position, node, nameOf } = moment;
    this.#follow.hidden = !news.chosen;
    this.#does.textContent = `effect on ${news.output}`;
    this.#state.textContent = news.chosen ? "selected" : "follows the steps";
    const parts = [this.#place, this.#data, this.#gradient, this.#meaning, this.#why, this.#theirs];
    if (node === undefined) {
      this.#name.textContent = "No node yet";
      for (const part of parts) part.textContent = "";
      this.#data.textContent = "–";
      this.#gradient.textContent = "–";
      this.#meaning.textContent = "Press Next step, or click a node of the graph.";
      this.#complete.hidden = true;
      this.#why.hidden = true;
      this.#theirs.hidden = true;
      return;
    }
    const name = nameOf(node);
    const secret = isSecret(moment, node);
    const computed = walk.isComputed(node, position);
    const { gradient, complete } = walk.receipt(node, position);
    this.#name.replaceChildren(...breakable(name));
    this.#place.textContent = placeInWords(name);
    this.#data.textContent = computed ? shownNumber(node.data) : "–";
    this.#gradient.textContent = secret
      ? "?"
      : gradient === undefined
        ? "–"
        : `${shownNumber(gradient)}${complete ? "" : " …"}`;
    const isOutput = node === walk.output;
    const subject = {
      name,
      data: computed ? node.data : undefined,
      gradient,
      complete,
      isOutput,
      output: news.output,
    };
    const plain = meaning(subject);
    this.#meaning.textContent = secret
      ? `What is the gradient of ${name}? The quiz below asks for it.`
      : plain;
    let why = "";
    if (!secret && gradient !== undefined && complete) {
      const move = news.move(node, gradient);
      if (move !== undefined) why = whyItMoves(move);
      else if (news.isFormula && isNamedLeaf(node))
        why = howTrainingWouldMove(subject, moment.rate);
    }
    this.#why.textContent = why;
    this.#why.hidden = why === "";
    this.#theirs.textContent = secret ? "" : (news.theirs?.(node) ?? "");
    this.#theirs.hidden = this.#theirs.textContent === "";
    this.#complete.hidden = complete || moment.hidden !== undefined;
  }
}

/** A name whose parts may stand in two lines. */
const breakable = (name: string): (string | HTMLElement)[] =>
  name.split(/(?=\.)/).flatMap((part, i) => (i === 0 ? [part] : [make("wbr"), part]));
