/**
 * Judges a gradient that somebody has found by hand, and says which factor or term is missing. Read
 * receipt.ts and walk.ts first.
 */

import { describe, quote } from "../errors.ts";
import { graphOf, type Value } from "../value.ts";
import { slopeText } from "./receipt.ts";
import { type NameOf, nameOf, shownNumber } from "./sentence.ts";
import type { PassStep } from "./steps.ts";
import type { Walk } from "./walk.ts";

/** What there is to say about an answer. */
export interface Judgement {
  readonly right: boolean;
  readonly sentence: string;
}

/** A mistake: the number that it leads to, and what to say to whoever has found that number. */
type Slip = readonly [result: number, sentence: () => string];

/**
 * Is this d output / d node?
 *
 * It is right if it is the gradient, or the sum of products of the numbers that are on the screen,
 * rounded to as many digits as were typed; so few digits that it is off by more than 2 % are too few.
 * Otherwise the sentence says what was probably done instead, without saying the gradient.
 *
 * @param answer as it was typed: "-0.25", "−0,25", "2.5e-3", or a number
 * @param name what a node is called: its label or its symbol unless said otherwise
 * @throws RangeError if the node is not of the graph
 * @example judge(new Walk(L), a, "-3").sentence // L = (a*b + c) * f, where dL/da = -2 × -3
 * // "That is only the local derivative, d(*)/da. It has to be multiplied by the gradient of *, -2.0000."
 */
export function judge(
  walk: Walk,
  node: Value,
  answer: string | number,
  name: NameOf = nameOf,
): Judgement {
  const gradient = walk.gradient(node, walk.steps.length);
  if (gradient === undefined && !graphOf(walk.output).includes(node)) {
    throw new RangeError(`judge: expected a node of the graph, got ${describe(node)}`);
  }
  const slope = slopeText(walk.output, node, name);
  const typed = read(String(answer));
  if (typed === undefined) {
    const got = quote(String(answer));
    return { right: false, sentence: `Expected a number such as -0.25, got ${got}.` };
  }
  if (gradient === undefined) {
    const right = typed.number === 0;
    const reason = "nothing comes here, since detach cuts every path to it";
    return { right, sentence: right ? `Right: ${reason}.` : `Not yet: ${reason}. Type 0.` };
  }

  const { terms } = walk.receipt(node, walk.steps.length);
  const onScreen = terms.reduce(
    (sum, { upstream, local }) => sum + shown(upstream) * shown(local),
    0,
  );
  if (is(typed, gradient) || (terms.length > 0 && is(typed, onScreen))) {
    return { right: true, sentence: `Right: ${slope} = ${shownNumber(gradient)}.` };
  }
  const slip = slips(walk, node, gradient, terms, name).find(([result]) => is(typed, result));
  if (slip !== undefined) return { right: false, sentence: slip[1]() };
  if (Math.abs(typed.number - gradient) <= typed.half) {
    const sentence = "Right as far as it goes, but that is too few digits: type one more.";
    return { right: false, sentence };
  }
  return { right: false, sentence: `Not yet. ${recipe(walk, node, terms, name)}` };
}

/** A number that was typed, and half of one unit in its last place. */
interface Typed {
  readonly number: number;
  readonly half: number;
}

/** @returns undefined if it is no number */
function read(text: string): Typed | undefined {
  const plain = text.trim().replace(/^[−–]/, "-").replace(",", ".");
  if (/^[+-]?(?:NaN|Infinity|∞)$/.test(plain)) {
    return { number: Number(plain.replace("∞", "Infinity")), half: 0 };
  }
  const parts = /^[+-]?(?:\d+\.?(\d*)|\.(\d+))(?:e([+-]?\d+))?$/i.exec(plain);
  const number = Number(plain);
  if (parts === null || !Number.isFinite(number)) return undefined;
  const decimals = (parts[1] ?? parts[2]).length;
  const half = 0.5 * Number(`1e${Number(parts[3] ?? 0) - decimals}`);
  return { number, half };
}

/** Was this number typed, as it was rounded? */
function is({ number, half }: Typed, x: number): boolean {
  if (Object.is(number, x)) return true;
  const off = Math.abs(number - x);
  const size = Math.abs(x);
  // Two terms that were rounded one after the other may be off in the last place.
  return (off <= half * 1.000001 && off <= 0.02 * size) || off <= Math.min(0.0002 * size, 3 * half);
}

/** A number as it stands on the screen. */
const shown = (x: number): number => Number(shownNumber(x));

/** What people do instead, the most telling first. */
function slips(
  walk: Walk,
  node: Value,
  gradient: number,
  terms: readonly PassStep[],
  name: NameOf,
): Slip[] {
  if (node === walk.output) return [];
  const local = (term: PassStep) => slopeText(term.node, node, name);
  const sign: Slip = [-gradient, () => "The size is right, but the sign is not."];
  const data: Slip = [node.data, () => `That is the data of ${name(node)}, not its gradient.`];
  const own = terms.length === 1 ? slipsWithOne(terms[0], node, local, name) : [];
  const sums = terms.length > 1 ? slipsWithSeveral(terms, gradient, local, name) : [];
  return [sign, ...own, ...sums, ...slipsOfSize(gradient), data];
}

/** With one consumer the gradient is a product of two factors. */
function slipsWithOne(
  term: PassStep,
  node: Value,
  local: (term: PassStep) => string,
  name: NameOf,
): Slip[] {
  const consumer = name(term.node);
  const [upstream, own] = [shownNumber(term.upstream), shownNumber(term.local)];
  const product = `the gradient of ${consumer}, ${upstream}, × the local derivative ${local(term)}`;
  const meaning = `how much ${consumer} changes for each 1 that is added to ${name(node)}`;
  const slope = `${local(term)} is ${meaning}`;
  // Where the gradient above is 1 or -1, the other factor would be the answer.
  const isAnswer = Math.abs(term.upstream) === 1;
  return [
    [
      term.upstream,
      () =>
        `That is only the gradient of ${consumer}. It has to be multiplied by the local derivative ` +
        (isAnswer ? `${local(term)}: ${meaning}.` : `${local(term)} = ${own}.`),
    ],
    [
      term.local,
      () =>
        `That is only the local derivative, ${local(term)}. It has to be multiplied by the gradient ` +
        `of ${consumer}, ${upstream}.`,
    ],
    [
      term.upstream + term.local,
      () => `That is a sum. Along a path, derivatives are multiplied: ${product}.`,
    ],
    [term.upstream / term.local, () => `That is a quotient. It has to be a product: ${product}.`],
    [
      term.upstream * node.data,
      () => `That is the gradient of ${consumer} × the data of ${name(node)}. But ${slope}.`,
    ],
    [
      term.upstream * term.node.data,
      () => `That is the gradient of ${consumer} × its own data. But ${slope}.`,
    ],
  ];
}

/** With several edges to consumers the gradient is a sum of products. */
function slipsWithSeveral(
  terms: readonly PassStep[],
  gradient: number,
  local: (term: PassStep) => string,
  name: NameOf,
): Slip[] {
  const count = terms.length;
  const product = (term: PassStep): number => term.product ?? 0;
  const total = (of: (term: PassStep) => number) => terms.reduce((sum, term) => sum + of(term), 0);
  const last = terms[count - 1];
  const from = (term: PassStep) =>
    `what ${name(term.node)} passes (${shownNumber(term.upstream)} × ${shownNumber(term.local)})`;
  const each = (result: (term: PassStep) => number, say: (term: PassStep) => string): Slip[] =>
    terms.map((term) => [result(term), () => say(term)]);
  return [
    [
      product(last),
      () =>
        `That is only ${from(last)}, the last of ${count} terms. What comes is added to what was ` +
        "there before: += and not =.",
    ],
    ...each(
      product,
      (term) => `That is only ${from(term)}, one of ${count} terms. All of them have to be added.`,
    ),
    ...each(
      (term) => gradient - product(term),
      (term) => `A term is missing: ${from(term)}.`,
    ),
    [
      total(({ upstream }) => upstream),
      () =>
        "These are the gradients of the consumers, added. Each has to be multiplied by its local " +
        `derivative first, such as ${local(last)} = ${shownNumber(last.local)}.`,
    ],
    [
      total((term) => term.local),
      () =>
        "These are the local derivatives, added. Each has to be multiplied by the gradient of its " +
        `consumer first, such as that of ${name(last.node)}, ${shownNumber(last.upstream)}.`,
    ],
    [
      terms.reduce((all, term) => all * product(term), 1),
      () =>
        `The ${count} terms are multiplied here. Paths are added, only along a path we multiply.`,
    ],
    [gradient / count, () => `That is the mean of the ${count} terms. A gradient is their sum.`],
    [
      gradient * count,
      () => `That is ${count} times too much: each of the ${count} terms counts once.`,
    ],
    [total((term) => Math.abs(product(term))), () => "All terms are taken to be positive here."],
    ...each(
      (term) => gradient - 2 * product(term),
      (term) => `The sign of one term is wrong: of ${from(term)}.`,
    ),
    ...each(
      (term) => gradient - product(term) + term.upstream,
      (term) =>
        `In one term, ${from(term)}, the local derivative ${local(term)} = ` +
        `${shownNumber(term.local)} is missing.`,
    ),
    ...each(
      (term) => gradient - product(term) + term.local,
      (term) =>
        `In one term, ${from(term)}, the gradient of ${name(term.node)}, ` +
        `${shownNumber(term.upstream)}, is missing.`,
    ),
  ];
}

function slipsOfSize(gradient: number): Slip[] {
  const point = () => "The digits are right, but the decimal point is not.";
  return [
    [
      gradient / 2,
      () => "That is half of it. Is a factor 2 missing, as in the derivative of x², 2x?",
    ],
    [2 * gradient, () => "That is twice as much. Is there a factor 2 too many?"],
    ...[0.001, 0.01, 0.1, 10, 100, 1000].map((scale): Slip => [gradient * scale, point]),
    [0, () => "0 would mean that the output does not depend on it at all."],
  ];
}

/** How the gradient is found, in names. */
function recipe(walk: Walk, node: Value, terms: readonly PassStep[], name: NameOf): string {
  if (node === walk.output)
    return `How much does ${name(node)} change if ${name(node)} changes by 1?`;
  if (terms.length === 0) return "No consumer passes anything to it.";
  const texts = terms
    .slice(0, 3)
    .map((term) => `gradient of ${name(term.node)} × ${slopeText(term.node, node, name)}`);
  const more = terms.length > 3 ? ` + ${terms.length - 3} more` : "";
  return `It is ${texts.join(" + ")}${more}.`;
}
