// Type-checks all cells of all lessons in one run of the compiler. Read ../lesson.mjs first.
//
// Each cell becomes a module: the cell's lines as they stand, then one line that imports the names
// it uses from the latest cells above that declare them, and exports its own.

import * as fs from "node:fs";
import * as path from "node:path";
import { parse } from "acorn";
import { transform } from "sucrase";
import { root, tsc } from "../../set-up.mjs";
import { cellsOf } from "../lesson.mjs";

/**
 * @typedef {import("../lesson.mjs").Lesson} Lesson
 * @typedef {import("../lesson.mjs").Problem} Problem
 * @typedef {{ name: string, text: string, file: string, line: number }} Module `name` without
 *   ".ts"; `file` and `line` of the lesson, at which its code begins
 */

/** What a cell may use besides what it imports: the language, and the console. */
const globals = `interface Console {
  log(...things: unknown[]): void;
}
declare const console: Console;
`;

const settings = {
  compilerOptions: {
    target: "es2022",
    lib: ["es2022"],
    types: [],
    module: "nodenext",
    strict: true,
    noImplicitOverride: true,
    erasableSyntaxOnly: true,
    allowImportingTsExtensions: true,
    moduleDetection: "force",
    skipLibCheck: true,
    noEmit: true,
  },
  include: ["."],
};

/**
 * Type-checks cells, solutions and mistakes. The package has to be built.
 * @param {Lesson[]} lessons
 * @param {string} name of a folder below .cache that nobody else uses meanwhile
 * @returns {Promise<Problem[]>}
 */
export async function checkTypes(lessons, name = "types") {
  const modules = lessons.flatMap(modulesOf);
  // Below the root, where "chainrule" is the package itself.
  const folder = path.join(root, ".cache", "lessons", name);
  fs.rmSync(folder, { recursive: true, force: true });
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, "tsconfig.json"), JSON.stringify(settings));
  fs.writeFileSync(path.join(folder, "globals.d.ts"), globals);
  for (const { name, text } of modules) fs.writeFileSync(path.join(folder, `${name}.ts`), text);
  const { code, output } = await tsc(["-p", folder, "--pretty", "false"]);
  const problems = output.split("\n").flatMap((line) => problemOf(line, modules));
  if (code !== 0 && problems.length === 0) throw new Error(`checkTypes: ${output}`);
  return problems;
}

/** @param {Lesson} lesson */
function modulesOf(lesson) {
  /** @type {Module[]} */
  const modules = [];
  /** The module that declares each name at this point. @type {Map<string, string>} */
  const declared = new Map();

  /** @param {string} name @param {{ source: string, line: number }} code */
  const add = (name, { source, line }, known = declared) => {
    const own = declarations(source);
    const used = new Set(source.match(/[\p{L}_$][\p{L}\p{N}_$]*/gu));
    const imports = [...known].filter(([name]) => used.has(name) && !own.includes(name));
    const links = imports.map(([name, from]) => `import { ${name} } from "./${from}.ts";`);
    const text = `${source}\n${links.join(" ")} export { ${own.join(", ")} };\n`;
    modules.push({ name, text, file: lesson.file, line });
    return own;
  };

  for (const [i, cell] of cellsOf(lesson).entries()) {
    const name = `${lesson.slug}-${i + 1}`;
    const exercise = lesson.exercises.find(({ check }) => check === cell);
    const answers = exercise ? [...exercise.solutions, ...exercise.mistakes] : [];
    for (const [k, answer] of answers.entries()) {
      const answerName = `${name}-answer-${k + 1}`;
      const known = new Map(declared);
      for (const own of add(answerName, answer)) known.set(own, answerName);
      add(`${name}-check-${k + 1}`, cell, known);
    }
    for (const own of add(name, cell)) declared.set(own, name);
  }
  return modules;
}

// `import { type A }` declares A as much as `import { A }` does.
const importClause = /^import\s[^;"]*?\bfrom\b/gm;
const typeWord = /(?<=[{,\s])type\s+(?!from\b|as\b|,|\})/g;

/**
 * The names that a cell declares at its top level, each once.
 * @param {string} source
 */
export function declarations(source) {
  const types = [...source.matchAll(/^(?:type|interface)\s+([\p{L}_$][\p{L}\p{N}_$]*)/gmu)];
  const names = types.map(([, name]) => name);
  let program;
  try {
    const untyped = source.replace(importClause, (clause) => clause.replace(typeWord, ""));
    const { code } = transform(untyped, {
      transforms: ["typescript"],
      keepUnusedImports: true,
      disableESTransforms: true,
    });
    program = parse(code, { ecmaVersion: "latest", sourceType: "module" });
  } catch {
    return names; // the compiler says what is wrong with it
  }
  for (const statement of program.body) {
    if (statement.type === "VariableDeclaration") {
      for (const { id } of statement.declarations) names.push(...namesIn(id));
    } else if (statement.type === "FunctionDeclaration" || statement.type === "ClassDeclaration") {
      names.push(statement.id.name);
    } else if (statement.type === "ImportDeclaration") {
      for (const { local } of statement.specifiers) names.push(local.name);
    }
  }
  return [...new Set(names)];
}

/**
 * The names that a pattern binds: `[a, { b: c = 1 }, ...d]` binds a, c and d.
 * @param {import("acorn").Pattern} pattern
 * @returns {string[]}
 */
function namesIn(pattern) {
  switch (pattern.type) {
    case "Identifier":
      return [pattern.name];
    case "ArrayPattern":
      return pattern.elements.flatMap((element) => (element === null ? [] : namesIn(element)));
    case "ObjectPattern":
      return pattern.properties.flatMap((property) =>
        namesIn(property.type === "RestElement" ? property.argument : property.value),
      );
    case "AssignmentPattern":
      return namesIn(pattern.left);
    case "RestElement":
      return namesIn(pattern.argument);
    case "MemberExpression":
      return [];
  }
}

/**
 * @param {string} line that the compiler printed
 * @param {Module[]} modules
 * @returns {Problem[]}
 */
function problemOf(line, modules) {
  const found = /([^/\\]+)\.ts\((\d+),\d+\): error (TS\d+: .*)$/.exec(line);
  const module = found && modules.find(({ name }) => name === found[1]);
  if (!found || !module) return [];
  const last = module.line + module.text.split("\n").length - 3;
  const place = Math.min(module.line + Number(found[2]) - 1, last);
  return [{ file: module.file, line: place, message: found[3] }];
}
