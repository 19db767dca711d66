/**
 * Rewrites a cell so that its declarations are shared with all other cells, as in Deno's REPL: they
 * become properties of the global object. Read syntax.ts, completion.ts and scope.ts first.
 *
 *     import { Value } from "chainrule";   ({Value: Value} = await $cell.load("chainrule"));
 *     const a = new Value(2);              ;a = new Value(2);
 *     function f() { return a; }           function $cell0(){return{["f"]:function () { return a; }}["f"]}
 *     class A {}                           ;A = class A {};
 *     f()                                  $cellValue = (f())
 *
 * Each declared name is opened in the scope beforehand: the first assignment declares it, with the
 * name of its kind. A function is made by a function of the same module, because that is hoisted;
 * inside of it no name hides the shared one. Lines stay where they are.
 */

import type {
  ClassDeclaration,
  FunctionDeclaration,
  ImportDeclaration,
  ModuleDeclaration,
  Node,
  Pattern,
  Program,
  Statement,
  VariableDeclaration,
} from "acorn";
import { keepValue } from "./completion.ts";
import { Edits } from "./edits.ts";
import type { Kind } from "./scope.ts";
import type { Parsed } from "./syntax.ts";

/** A cell as the text of a module. */
export interface Rewritten {
  /** The names that it declares, each with its kind. */
  readonly declared: ReadonlyMap<string, Kind>;
  /** The module, given the expression that yields the cell's {@link Host}. */
  readonly module: (host: string) => string;
}

/** What the module of a cell asks for. */
export interface Host {
  /** Declares a function before the cell begins. */
  readonly hoist: (name: string, made: unknown) => void;
  /** Imports a module. */
  readonly load: (name: unknown) => Promise<unknown>;
}

/** What goes on while a cell is rewritten. */
interface Rewriting {
  readonly edits: Edits;
  readonly declared: Map<string, Kind>;
  /** Names of top-level functions, in order. */
  readonly functions: string[];
  /** A name that does not occur in the cell; what is added to the module begins with it. */
  readonly own: string;
}

export function rewrite({ text, program }: Parsed): Rewritten {
  const own = unusedName(text);
  const state: Rewriting = { edits: new Edits(text), declared: new Map(), functions: [], own };
  const result = `${own}Value`;
  keepValue(state.edits, program.body, result);
  for (const statement of program.body) shareTopLevel(state, statement);
  replaceWords(state, program);
  const body = state.edits.toString();
  // The variable itself is not exported: exported ones are slow to assign, in a loop say.
  const hoisted = state.functions.map(
    (name, i) => `${own}.hoist(${JSON.stringify(name)}, ${own}${i}()); `,
  );
  return {
    declared: state.declared,
    module: (host) =>
      `const ${own} = ${host}; let ${result}; ${hoisted.join("")}${body}\n;const ${result}0 = ${result}; export { ${result}0 as value };`,
  };
}

function unusedName(text: string): string {
  let name = "$cell";
  while (text.includes(name)) name += "$";
  return name;
}

function shareTopLevel(state: Rewriting, statement: Statement | ModuleDeclaration): void {
  const { edits } = state;
  switch (statement.type) {
    case "FunctionDeclaration":
      shareFunction(state, statement);
      return;
    case "ClassDeclaration":
      shareClass(state, statement);
      return;
    case "ImportDeclaration":
      shareImport(state, statement);
      return;
    case "VariableDeclaration":
      shareVariables(state, statement, ";");
      return;
    case "ExportNamedDeclaration":
      if (!statement.declaration) {
        edits.replace(statement.start, statement.end, ";");
        return;
      }
      edits.replace(statement.start, statement.declaration.start, "");
      shareTopLevel(state, statement.declaration);
      return;
    case "ExportAllDeclaration":
      edits.replace(statement.start, statement.end, ";");
      return;
    case "ExportDefaultDeclaration": {
      const { declaration } = statement;
      edits.replace(statement.start, declaration.start, "");
      if ("id" in declaration && declaration.id && /Declaration$/.test(declaration.type)) {
        shareTopLevel(state, declaration as FunctionDeclaration | ClassDeclaration); // it has a name
      }
      return;
    }
    default:
      shareInnerVariables(state, statement);
  }
}

/** Hoists a top-level function. (The same name twice in one cell is a syntax error to acorn.) */
function shareFunction(state: Rewriting, { id, start, end }: FunctionDeclaration): void {
  const key = `[${JSON.stringify(id.name)}]`;
  const maker = `${state.own}${state.functions.length}`;
  state.functions.push(id.name);
  state.declared.set(id.name, "var");
  state.edits.wrap(start, end, `function ${maker}(){return{${key}:`, `}${key}}`);
  state.edits.replace(id.start, id.end, "");
}

function shareClass(state: Rewriting, { id, start, end }: ClassDeclaration): void {
  state.declared.set(id.name, "let");
  state.edits.wrap(start, end, `;${id.name} = `, ";");
}

function shareImport(state: Rewriting, statement: ImportDeclaration): void {
  const load = `await ${state.own}.load(${JSON.stringify(statement.source.value)})`;
  const named: string[] = [];
  let whole = "";
  for (const specifier of statement.specifiers) {
    const { name } = specifier.local;
    state.declared.set(name, "const");
    if (specifier.type === "ImportNamespaceSpecifier") whole = `${name} = `;
    else if (specifier.type === "ImportDefaultSpecifier") named.push(`default: ${name}`);
    else {
      const { imported } = specifier;
      const key = imported.type === "Identifier" ? imported.name : JSON.stringify(imported.value);
      named.push(`${key}: ${name}`);
    }
  }
  const target = named.length > 0 ? `{ ${named.join(", ")} } = ` : "";
  state.edits.replace(statement.start, statement.end, `;(${target}${whole}${load});`);
}

/** @param before what separates the declaration from what stands before it */
function shareVariables(state: Rewriting, statement: VariableDeclaration, before: string): void {
  const { edits } = state;
  const { kind, declarations, start, end } = statement;
  if (kind !== "const" && kind !== "let" && kind !== "var") return; // `using` stays in its cell
  const open = edits.text[end - 1] !== ";" && before === ";"; // a line break ended it
  edits.wrap(start, end, "", open ? ";" : "");
  edits.replace(start, start + kind.length, before);
  for (const { id, init, start: from, end: to } of declarations) {
    declare(state, id, kind);
    if (init) {
      // In parentheses, for a pattern that begins with a brace.
      edits.wrap(from, to, "(", ")");
    } else if (kind === "var") {
      edits.replace(from, to, "void 0");
    } else {
      edits.wrap(from, to, "", " = void 0");
    }
  }
}

function declare(state: Rewriting, pattern: Pattern, kind: Kind): void {
  switch (pattern.type) {
    case "Identifier":
      state.declared.set(pattern.name, kind);
      return;
    case "ObjectPattern":
      for (const property of pattern.properties) {
        declare(state, property.type === "Property" ? property.value : property.argument, kind);
      }
      return;
    case "ArrayPattern":
      for (const element of pattern.elements) if (element) declare(state, element, kind);
      return;
    case "AssignmentPattern":
      declare(state, pattern.left, kind);
      return;
    case "RestElement":
      declare(state, pattern.argument, kind);
      return;
  }
}

/** A `var` inside of loops and blocks belongs to the whole session too. */
function shareInnerVariables(state: Rewriting, statement: Statement): void {
  const inside = (inner: Statement | null | undefined) => {
    if (inner?.type === "VariableDeclaration") {
      if (inner.kind === "var") shareVariables(state, inner, "");
    } else if (inner) shareInnerVariables(state, inner);
  };
  const list = (statements: readonly Statement[]) => {
    for (const inner of statements) {
      if (inner.type === "VariableDeclaration" && inner.kind === "var") {
        shareVariables(state, inner, ";");
      } else inside(inner);
    }
  };
  switch (statement.type) {
    case "BlockStatement":
      list(statement.body);
      return;
    case "IfStatement":
      inside(statement.consequent);
      inside(statement.alternate);
      return;
    case "ForStatement":
      if (statement.init?.type === "VariableDeclaration") inside(statement.init);
      inside(statement.body);
      return;
    case "ForInStatement":
    case "ForOfStatement":
      if (statement.left.type === "VariableDeclaration" && statement.left.kind === "var") {
        const { left } = statement;
        state.edits.replace(left.start, left.start + "var".length, "");
        for (const { id } of left.declarations) declare(state, id, "var");
      }
      inside(statement.body);
      return;
    case "WhileStatement":
    case "DoWhileStatement":
    case "LabeledStatement":
      inside(statement.body);
      return;
    case "SwitchStatement":
      for (const { consequent } of statement.cases) list(consequent);
      return;
    case "TryStatement":
      list(statement.block.body);
      if (statement.handler) list(statement.handler.body.body);
      if (statement.finalizer) list(statement.finalizer.body);
  }
}

/** `import(…)` loads from the session's modules; `this` outside of functions is the global object. */
function replaceWords(state: Rewriting, program: Program): void {
  const visit = (node: Node, inFunction: boolean): void => {
    const { type, start, end } = node;
    if (type === "ImportExpression") {
      state.edits.replace(start, start + "import".length, `${state.own}.load`);
    }
    if (type === "ThisExpression" && !inFunction) state.edits.replace(start, end, "globalThis");
    const inside = inFunction || /^Function|^Class/.test(type);
    for (const inner of Object.values(node)) {
      for (const child of Array.isArray(inner) ? inner : [inner]) {
        if (isNode(child)) visit(child, inside);
      }
    }
  };
  visit(program, false);
}

function isNode(thing: unknown): thing is Node {
  return typeof thing === "object" && thing !== null && "type" in thing && "start" in thing;
}
