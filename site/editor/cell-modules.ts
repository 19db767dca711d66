/**
 * Cells as modules for TypeScript, as scripts/lessons/checks/types.mjs has them: the lines of the cell
 * as they stand, then one that imports what the cells above declare and exports its own. Read that first.
 */

import type * as TypeScript from "typescript";

type Compiler = typeof TypeScript;

/** The file of a cell, counted from 0. */
export const fileOf = (index: number): string => `/cell-${index + 1}.ts`;

/** The text of the module of each cell. The names of a cell are those that are latest at that point. */
export function modulesOf(cells: readonly string[], ts: Compiler): string[] {
  /** The module that declares each name. */
  const declared = new Map<string, number>();
  return cells.map((source, index) => {
    const own = declaredNames(source, ts);
    const imports = [...declared]
      .filter(([name]) => !own.has(name))
      .map(([name, from]) => `import { ${name} } from ".${fileOf(from)}";`);
    for (const name of own) declared.set(name, index);
    return `${source}\n${imports.join(" ")} export { ${[...own].join(", ")} };\n`;
  });
}

/** The names that a cell declares at its top level. */
function declaredNames(source: string, ts: Compiler): Set<string> {
  const names = new Set<string>();
  const add = (name: TypeScript.BindingName | undefined): void => {
    if (name === undefined) return;
    if (ts.isIdentifier(name)) {
      if (name.text !== "") names.add(name.text);
      return;
    }
    for (const element of name.elements) if (ts.isBindingElement(element)) add(element.name);
  };
  const { statements } = ts.createSourceFile("/cell.ts", source, ts.ScriptTarget.ES2022);
  for (const statement of statements) {
    if (ts.isVariableStatement(statement)) {
      for (const { name } of statement.declarationList.declarations) add(name);
    } else if (
      ts.isFunctionDeclaration(statement) ||
      ts.isClassDeclaration(statement) ||
      ts.isInterfaceDeclaration(statement) ||
      ts.isTypeAliasDeclaration(statement) ||
      ts.isEnumDeclaration(statement)
    ) {
      add(statement.name);
    } else if (ts.isImportDeclaration(statement)) {
      add(statement.importClause?.name);
      const bindings = statement.importClause?.namedBindings;
      if (bindings && ts.isNamespaceImport(bindings)) add(bindings.name);
      else for (const { name } of bindings?.elements ?? []) add(name);
    }
  }
  return names;
}
