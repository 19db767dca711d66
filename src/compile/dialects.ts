/**
 * JavaScript and C for view.ts: what they spell differently, the names that they leave free, and
 * comments that nothing escapes from. Read formula.ts and math-text.ts first.
 */

import { allOf, type Formula, mathNames } from "./formula.ts";
import type { Expression } from "./math-code.ts";
import { type Language, printExpression } from "./math-text.ts";

/** How statements are written in a language. */
export interface Dialect {
  readonly language: Language;
  /** Declares a number that does not change, or one that does. */
  readonly constant: (name: string, value: string) => string;
  readonly variable: (name: string, value: string) => string;
  /** Declares that many zeros, numbers that may change, or indices that do not. */
  readonly zeros: (name: string, count: number) => string;
  readonly list: (name: string, values: readonly string[]) => string;
  readonly indices: (name: string, values: readonly number[]) => string;
  /** The head of a loop over whole numbers; down ends at 0. */
  readonly up: (name: string, end: string | number) => string;
  readonly down: (name: string, start: string | number) => string;
}

export const JavaScript: Dialect = {
  language: "JavaScript",
  constant: (name, value) => `const ${name} = ${value};`,
  variable: (name, value) => `let ${name} = ${value};`,
  zeros: (name, count) => `const ${name} = new Float64Array(${count});`,
  list: (name, values) => `const ${name} = [${values.join(", ")}];`,
  indices: (name, values) => `const ${name} = [${values.join(", ")}];`,
  up: (name, end) => `for (let ${name} = 0; ${name} < ${end}; ${name}++)`,
  down: (name, start) => `for (let ${name} = ${start}; ${name} >= 0; ${name}--)`,
};

export const C: Dialect = {
  language: "C",
  constant: (name, value) => `const double ${name} = ${value};`,
  variable: (name, value) => `double ${name} = ${value};`,
  zeros: (name, count) => `double ${name}[${count}] = {0};`,
  list: (name, values) => `double ${name}[] = {${values.join(", ")}};`,
  indices: (name, values) => `static const int ${name}[] = {${values.join(", ")}};`,
  up: (name, end) => `for (int ${name} = 0; ${name} < ${end}; ${name}++)`,
  down: (name, start) => `for (int ${name} = ${start}; ${name} >= 0; ${name}--)`,
};

/** Letters that the texts use themselves, and words that mean something in one of the languages. */
const taken = new Set([
  ..."p x t g y e i j k z seed total losses sum frozen example regularizer predict predictOne".split(
    " ",
  ),
  ..."gradient parameters inputs targets count gradients predictions rest exponent quadrant".split(
    " ",
  ),
  ...mathNames,
  ..."abs min max fabs sqrt floor isnan isinf isfinite minimum maximum malloc calloc free memcpy".split(
    " ",
  ),
  ..."errno linux unix i386 stdin stdout stderr signgam eval arguments undefined".split(" "),
  ..."auto break case char const continue default do double else enum extern float for".split(" "),
  ..."goto if inline int long register restrict return short signed sizeof static".split(" "),
  ..."struct switch typedef union unsigned void volatile while bool true false asm typeof".split(
    " ",
  ),
  ..."nullptr constexpr alignas alignof thread_local static_assert class catch debugger".split(" "),
  ..."delete export extends finally function import in instanceof new null super this".split(" "),
  ..."throw try var with yield let await async of implements interface package private".split(" "),
  ..."protected public".split(" "),
]);

/** May a label stand as a name in both languages? Such as `margin`, but not `d_margin` or `v12`. */
export const isName = (label: string): boolean =>
  /^[a-z][A-Za-z]{0,30}$/.test(label) && !taken.has(label);

/**
 * A text as it may stand behind `//`, whoever wrote it: on one line, without what could end the
 * comment, continue it on the next line (a backslash in C), end the script of a page, or turn the
 * direction of writing.
 */
export function inComment(text: string): string {
  const visible = text
    .slice(0, 200)
    .replace(/[^\p{L}\p{M}\p{N}\p{P}\p{S} ]|[\\\ufffd]/gu, "?")
    .replace(/\?{2,}/g, "?") // ??/ is a backslash in old C
    .replace(/\*(?=\/)|<(?=[/!a-z])|--(?=>)/gi, "$& ");
  const characters = [...visible];
  return characters.length > 60 ? `${characters.slice(0, 60).join("")}…` : visible;
}

/**
 * Formulas as expressions. What is used more than once within them gets a name and a line of its
 * own, and so do choices within something else.
 *
 * @param variable what stands for each variable
 * @param name makes names
 * @returns the lines, and an expression for each formula
 */
export function writeFormulas(
  { language, constant }: Dialect,
  formulas: readonly Formula[],
  variable: (i: number) => string,
  name: () => string,
): { lines: string[]; texts: string[] } {
  const uses = new Map<Formula, number>();
  const use = (formula: Formula) => uses.set(formula, (uses.get(formula) ?? 0) + 1);
  const all = allOf(formulas);
  for (const { inputs } of all) inputs.forEach(use);
  const lines: string[] = [];
  const expressions = new Map<Formula, Expression>();
  for (const formula of all) {
    const inputs = formula.inputs.map((input) => expressions.get(input)!); // inputs come first
    const expression = expressionOf(formula, inputs, variable);
    expressions.set(formula, expression);
    const plain = /^(?:number|variable|less|equal)$/.test(formula.name);
    const count = uses.get(formula) ?? 0;
    if (plain || count < (formula.name === "where" ? 1 : 2)) continue;
    const own = name();
    lines.push(constant(own, printExpression(expression, language)));
    expressions.set(formula, own);
  }
  const texts = formulas.map((formula) => printExpression(expressions.get(formula)!, language)); // all are there
  return { lines, texts };
}

const signs: Readonly<Record<string, string>> = {
  add: "+",
  sub: "-",
  mul: "*",
  div: "/",
  less: "<",
};

function expressionOf(
  { name, number, inputs: operands }: Formula,
  inputs: readonly Expression[],
  variable: (i: number) => string,
): Expression {
  switch (name) {
    case "number":
      return number;
    case "variable":
      return variable(number);
    case "equal":
      // x is equal to itself unless it is NaN
      if (operands[0] === operands[1]) return ["!", ["isNaN", inputs[0]]];
      return ["===", ...inputs];
    case "where":
      return ["?:", ...inputs];
    default:
      return [signs[name] ?? name, ...inputs];
  }
}
