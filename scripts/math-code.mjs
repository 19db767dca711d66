// Writes src/compile/math-code.ts: the functions of src/math.ts as data, which the compiler
// translates to WebAssembly, C and JavaScript. Read src/math.ts first. After a change there, run
//
//   node scripts/math-code.mjs
//
// (a test compares). Only as much of JavaScript is understood as math.ts uses.

import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parse } from "acorn";
import { transform } from "sucrase";

/** @typedef {import("acorn").AnyNode} Node */

/** The functions that look at bits: they are not translated, each target has its own. */
const primitives = ["powerOfTwo", "timesPowerOfTwo", "exponentFrom"];

/** The variables that functions leave further results in: written `rest[0]`, but here `rest`. */
const states = ["rest", "exponent", "quadrant"];

/** @returns {never} */
function refuse(/** @type {string} */ where, /** @type {Node} */ node) {
  throw new Error(
    `${where}: expected what math.ts is made of, got a ${node.type} at ${node.start}`,
  );
}

/**
 * The text of math-code.ts.
 * @param {string} source the text of math.ts
 */
export function mathCode(source) {
  const { code } = transform(source, { transforms: ["typescript"] });
  /** @type {import("acorn").Comment[]} */
  const comments = [];
  const tree = parse(code, { ecmaVersion: 2022, sourceType: "module", onComment: comments });

  /** @type {string[]} */
  const functions = [];
  /** @type {string[]} */
  const numbers = [];
  /** @type {string[]} */
  const bits = [];
  let digits = "";
  for (const outer of tree.body) {
    const exported = outer.type === "ExportNamedDeclaration";
    const node = exported && outer.declaration ? outer.declaration : outer;
    const text = code.slice(node.start, node.end);
    if (node.type === "FunctionDeclaration" && !primitives.includes(node.id.name)) {
      const about = firstSentence(comments.find(({ end }) => end === outer.start - 1)?.value ?? "");
      functions.push(printFunction(node, about));
    } else if (node.type === "VariableDeclaration" && isOneNumber(node)) {
      for (const { id, init } of node.declarations) {
        numbers.push(`  ${nameOf(id)}: ${JSON.stringify(expression(init))},`);
      }
    } else if (text.startsWith("const DIGITS")) {
      digits = text.slice(text.indexOf("["), text.lastIndexOf("]") + 1);
    } else {
      bits.push(text);
    }
  }
  return `${head}
/** The constants of math.ts by name. */
export const mathNumbers: Readonly<Record<string, number>> = {
${numbers.join("\n")}
};

/** The digits of 2/pi, which reduceLarge needs. */
export const DIGITS: readonly number[] = ${digits};

/** What is not translated, as it stands in math.ts: variables, and functions that look at bits. */
export const primitivesInJavaScript: string = ${JSON.stringify(bits.join("\n"))};

/** Every other function of math.ts; each comes after those that it calls. */
export const mathFunctions: Readonly<Record<string, MathFunction>> = {
${functions.join("\n")}
};
`;
}

const head = `// GENERATED from src/math.ts by scripts/math-code.mjs: do not edit, run that script.

/**
 * A number, a variable, or an operation with its operands. Operations are written as in JavaScript
 * ("+", "<", "?:", ...; "neg" is the minus before one number), or are functions: abs, floor, min,
 * max, sqrt and isNaN, powerOfTwo, timesPowerOfTwo and exponentFrom, or one of math.ts; or they
 * look up an element: ["DIGITS", i], ["columns", c]. The variables rest, exponent and quadrant
 * belong to all functions together.
 */
export type Expression = number | string | Operation;
export type Operation = readonly [name: string, ...operands: Expression[]];

/** A statement of a function. */
export type Statement =
  | readonly ["const" | "let", name: string, value: Expression]
  | readonly ["set", target: string | readonly ["columns", Expression], value: Expression]
  | readonly ["if", test: Expression, then: Block, otherwise: Block]
  /** For a variable from a number to one that it does not reach any more, in steps of 1 or -1. */
  | readonly ["for", name: string, from: number, to: number, step: number, body: Block]
  | readonly ["return", value: Expression];
export type Block = readonly Statement[];

export interface MathFunction {
  /** The first sentence of its description. */
  readonly about: string;
  readonly parameters: readonly string[];
  readonly body: Block;
}
`;

/** The first sentence of a comment. */
function firstSentence(/** @type {string} */ comment) {
  const text = comment
    .replace(/^\s*\*+/gm, " ")
    .replace(/\s+/g, " ")
    .trim();
  return text.match(/^.*?(?:\.(?=\s|$)|$)/)?.[0] ?? "";
}

/** Is it `const name = 0.5`? */
function isOneNumber(/** @type {import("acorn").VariableDeclaration} */ { declarations }) {
  return declarations.every(({ init }) => init != null && typeof numberIn(init) === "number");
}

/** A number with its sign, or undefined. */
function numberIn(/** @type {Node} */ node) {
  if (node.type === "Literal" && typeof node.value === "number") return node.value;
  if (node.type !== "UnaryExpression" || node.operator !== "-") return undefined;
  const { argument } = node;
  if (argument.type === "Literal" && typeof argument.value === "number") return -argument.value;
  return undefined;
}

/** The name of a variable, also of `rest[0]`. */
function nameOf(/** @type {Node} */ node) {
  if (node.type === "Identifier") return node.name;
  const known =
    node.type === "MemberExpression" &&
    node.object.type === "Identifier" &&
    states.includes(node.object.name) &&
    node.property.type === "Literal" &&
    node.property.value === 0;
  return known
    ? /** @type {import("acorn").Identifier} */ (node.object).name
    : refuse("name", node);
}

/**
 * An expression as data; see the type of math-code.ts.
 * @param {Node | null | undefined} node
 * @returns {any}
 */
function expression(node) {
  if (!node) throw new Error("expression: expected a value, got none");
  const number = numberIn(node);
  if (number !== undefined) return number;
  switch (node.type) {
    case "Identifier":
      return node.name;
    case "UnaryExpression":
      return [node.operator === "-" ? "neg" : node.operator, expression(node.argument)];
    case "BinaryExpression":
    case "LogicalExpression":
      return [node.operator, expression(node.left), expression(node.right)];
    case "ConditionalExpression":
      return ["?:", ...[node.test, node.consequent, node.alternate].map(expression)];
    case "MemberExpression":
      if (node.object.type === "Identifier" && /^(?:DIGITS|columns)$/.test(node.object.name)) {
        return [node.object.name, expression(node.property)];
      }
      return nameOf(node);
    case "CallExpression": {
      const { callee } = node;
      const name =
        callee.type === "MemberExpression" && callee.property.type === "Identifier"
          ? callee.property.name // of Math or Number
          : nameOf(callee);
      return [name, ...node.arguments.map(expression)];
    }
    default:
      return refuse("expression", node);
  }
}

/**
 * A statement as data: a list, since `let a = 1, b = 2` makes two.
 * @param {Node} node
 * @returns {any[]}
 */
function statement(node) {
  switch (node.type) {
    case "BlockStatement":
      return node.body.flatMap(statement);
    case "VariableDeclaration":
      return node.declarations.map(({ id, init }) => [node.kind, nameOf(id), expression(init)]);
    case "ReturnStatement":
      return [["return", expression(node.argument)]];
    case "IfStatement": {
      const otherwise = node.alternate ? statement(node.alternate) : [];
      return [["if", expression(node.test), statement(node.consequent), otherwise]];
    }
    case "ExpressionStatement": {
      const set = node.expression;
      if (set.type !== "AssignmentExpression") return refuse("statement", set);
      const target = expression(set.left);
      const value = expression(set.right);
      const operator = set.operator.slice(0, -1); // of +=
      return [["set", target, operator === "" ? value : [operator, target, value]]];
    }
    case "ForStatement": {
      const { init, test, update } = node;
      if (init?.type !== "VariableDeclaration" || test?.type !== "BinaryExpression") {
        return refuse("for", node);
      }
      const [{ id, init: from }] = init.declarations;
      const step = update?.type === "UpdateExpression" && update.operator === "++" ? 1 : -1;
      if (test.operator !== (step === 1 ? "<" : ">")) return refuse("for", test);
      const to = expression(test.right);
      return [["for", nameOf(id), expression(from), to, step, statement(node.body)]];
    }
    default:
      return refuse("statement", node);
  }
}

/**
 * A function as a property of `mathFunctions`, one statement a line.
 * @param {import("acorn").FunctionDeclaration | import("acorn").AnonymousFunctionDeclaration} node
 * @param {string} about
 */
function printFunction({ id, params, body }, about) {
  const parameters = JSON.stringify(params.map(nameOf));
  const lines = body.body.flatMap(statement).map((each) => `      ${print(each)},`);
  return `  ${id?.name}: {
    about: ${JSON.stringify(about)},
    parameters: ${parameters},
    body: [
${lines.join("\n")}
    ],
  },`;
}

/**
 * Data as text: JSON, and Infinity and NaN by name.
 * @param {unknown} data
 * @returns {string}
 */
function print(data) {
  if (Array.isArray(data)) return `[${data.map(print).join(", ")}]`;
  return data === "Infinity" || data === "NaN" ? data : JSON.stringify(data);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const math = readFileSync(new URL("../src/math.ts", import.meta.url), "utf8");
  writeFileSync(new URL("../src/compile/math-code.ts", import.meta.url), mathCode(math));
}
