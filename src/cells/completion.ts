/**
 * The value of a cell: that of the expression evaluated last, as `eval` and notebooks understand
 * it. In `5; const q = 3;` it is 5; a loop or an `if` has the value of the last expression in it.
 * Read edits.ts first.
 */

import type { Expression, ModuleDeclaration, Node, Statement } from "acorn";
import type { Edits } from "./edits.ts";

type Item = Statement | ModuleDeclaration;

/** Notes the edits that keep the value of the statements in the variable `result`. */
export function keepValue(edits: Edits, statements: readonly Item[], result: string): void {
  keepLast({ edits, result }, statements, statements.some(jumps));
}

interface Keeper {
  readonly edits: Edits;
  readonly result: string;
}

/** Only the last statement with a value counts, unless a break or continue may leave before it. */
function keepLast(keeper: Keeper, statements: readonly Item[], all: boolean): boolean {
  let kept = false;
  for (let i = statements.length - 1; i >= 0; i--) {
    const statement = statements[i];
    if (statement !== undefined && keep(keeper, statement)) kept = true;
    if (kept && !all) return true;
  }
  return kept;
}

/** @returns whether the statement always has a value (undefined is one) */
function keep(keeper: Keeper, statement: Item): boolean {
  switch (statement.type) {
    case "ExpressionStatement":
      keepExpression(keeper, statement);
      return true;
    case "ExportDefaultDeclaration":
      if (/^(Function|Class)Declaration$/.test(statement.declaration.type)) return false;
      keepExpression(keeper, statement.declaration as Expression); // by the line above
      return true;
    case "BlockStatement":
      return keepLast(keeper, statement.body, statement.body.some(jumps));
    case "LabeledStatement":
      if (/^(Expression|Block)Statement$/.test(statement.body.type))
        return keep(keeper, statement.body);
      break;
    case "IfStatement":
    case "ForStatement":
    case "ForInStatement":
    case "ForOfStatement":
    case "WhileStatement":
    case "DoWhileStatement":
    case "SwitchStatement":
    case "TryStatement":
      break;
    default:
      return false;
  }
  keeper.edits.wrap(statement.start, statement.end, `${keeper.result} = void 0; `, "");
  keepInside(keeper, statement);
  return true;
}

function keepInside(keeper: Keeper, statement: Item): void {
  switch (statement.type) {
    case "LabeledStatement":
      keepInside(keeper, statement.body);
      return;
    case "IfStatement":
      keepBranch(keeper, statement.consequent);
      if (statement.alternate) keepBranch(keeper, statement.alternate);
      return;
    case "SwitchStatement":
      for (const { consequent } of statement.cases) keepLast(keeper, consequent, true);
      return;
    case "TryStatement":
      keep(keeper, statement.block);
      if (statement.handler) {
        const { start, end } = statement.handler.body;
        // Not what the block that failed came to.
        keeper.edits.wrap(start + 1, end - 1, `${keeper.result} = void 0; `, "");
        keep(keeper, statement.handler.body);
      }
      return;
    case "ForStatement":
    case "ForInStatement":
    case "ForOfStatement":
    case "WhileStatement":
    case "DoWhileStatement":
      keepBranch(keeper, statement.body);
      return;
  }
}

/** A statement that stands alone, after `if (…)` say: with braces, since something comes before it. */
function keepBranch(keeper: Keeper, statement: Statement): void {
  const alone = !/^(Expression|Block)Statement$/.test(statement.type);
  if (alone) keeper.edits.wrap(statement.start, statement.end, "{", "}");
  keep(keeper, statement);
}

function keepExpression({ edits, result }: Keeper, { start, end }: Node): void {
  const last = edits.text[end - 1] === ";" ? end - 1 : end;
  edits.wrap(start, last, `${result} = (0, `, ")"); // so that it names no function
}

/** May a break or continue leave the statement? (Over-careful: loops inside count too.) */
function jumps(statement: Item): boolean {
  switch (statement.type) {
    case "BreakStatement":
    case "ContinueStatement":
      return true;
    case "BlockStatement":
      return statement.body.some(jumps);
    case "IfStatement":
      return (
        jumps(statement.consequent) || (statement.alternate ? jumps(statement.alternate) : false)
      );
    case "TryStatement":
      return jumps(statement.block) || (statement.handler ? jumps(statement.handler.body) : false);
    case "LabeledStatement":
    case "ForStatement":
    case "ForInStatement":
    case "ForOfStatement":
    case "WhileStatement":
    case "DoWhileStatement":
      return jumps(statement.body);
    case "SwitchStatement":
      return statement.cases.some(({ consequent }) => consequent.some(jumps));
    default:
      return false;
  }
}
