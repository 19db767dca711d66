/**
 * The worker that knows types: TypeScript's language service over the cells of a lesson. It gets the
 * compiler and the declarations with its first message. Read cell-modules.ts first.
 */

import type * as TypeScript from "typescript";
import { fileOf, modulesOf } from "./cell-modules.ts";

type Compiler = typeof TypeScript;

/** The first message: where to get what, as addresses. */
export interface Sources {
  readonly compiler: string;
  readonly libraries: string;
}

export interface Question {
  readonly id: number;
  readonly kind: "check" | "complete" | "explain";
  /** The text of each cell, the asking one last. */
  readonly cells: readonly string[];
  /** Where in the last cell; a check looks at all of it. */
  readonly at: number;
}

export interface Fault {
  readonly from: number;
  readonly to: number;
  readonly message: string;
}

export interface Completion {
  readonly name: string;
  /** TypeScript's word: "method", "const", "keyword" … */
  readonly kind: string;
}

export interface Explanation {
  readonly from: number;
  readonly to: number;
  /** The declaration, as code. */
  readonly declaration: string;
  readonly comment: string;
}

export interface Answer {
  /** Of the question; 0 for the first message. */
  readonly id: number;
  readonly faults?: readonly Fault[];
  readonly completions?: readonly Completion[];
  readonly explanation?: Explanation | undefined;
  /** Why there is no answer. */
  readonly failure?: string;
}

/** What a worker has and TypeScript's types of the page do not tell. */
declare function importScripts(address: string): void;
const worker = self as unknown as {
  ts: Compiler;
  postMessage(answer: Answer): void;
}; // true once the compiler is there

let language: Promise<Language> | undefined;

addEventListener("message", async ({ data }: MessageEvent<Sources | Question>) => {
  const id = "id" in data ? data.id : 0;
  try {
    if (!("id" in data)) {
      language = load(data);
      await language;
      worker.postMessage({ id });
    } else if (language !== undefined) {
      worker.postMessage({ id, ...(await language).answer(data) });
    }
  } catch (error) {
    worker.postMessage({ id, failure: String(error) });
  }
});

async function load({ compiler, libraries }: Sources): Promise<Language> {
  const [script, declarations] = await Promise.all([kept(compiler), kept(libraries)]);
  const address = URL.createObjectURL(await script.blob());
  importScripts(address);
  URL.revokeObjectURL(address);
  return new Language(worker.ts, (await declarations.json()) as Record<string, string>);
}

/** Fetched once; from then on it is there without a network too. */
async function kept(address: string): Promise<Response> {
  const cache = await globalThis.caches?.open("chainrule types").catch(() => undefined);
  const before = await cache?.match(address);
  if (before !== undefined) return before;
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  await cache?.put(address, response.clone()).catch(() => {}); // no room: fetched again next time
  return response;
}

class Language {
  readonly #ts: Compiler;
  readonly #libraries: ReadonlyMap<string, string>;
  /** The modules of the cells by file, and how often each has changed. */
  readonly #modules = new Map<string, { text: string; version: number }>();
  readonly #service: TypeScript.LanguageService;

  constructor(ts: Compiler, libraries: Readonly<Record<string, string>>) {
    this.#ts = ts;
    this.#libraries = new Map(Object.entries(libraries));
    const textOf = (file: string) => this.#modules.get(file)?.text ?? this.#libraries.get(file);
    // The settings of scripts/lessons/checks/types.mjs.
    const settings: TypeScript.CompilerOptions = {
      target: ts.ScriptTarget.ES2022,
      lib: ["lib.es2022.d.ts"],
      types: [],
      module: ts.ModuleKind.ESNext,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
      strict: true,
      noImplicitOverride: true,
      erasableSyntaxOnly: true,
      allowImportingTsExtensions: true,
      moduleDetection: ts.ModuleDetectionKind.Force,
      skipLibCheck: true,
      noEmit: true,
    };
    this.#service = ts.createLanguageService({
      getCompilationSettings: () => settings,
      getScriptFileNames: () => ["/globals.d.ts", ...this.#modules.keys()],
      getScriptVersion: (file) => String(this.#modules.get(file)?.version ?? 0),
      getScriptSnapshot: (file) => {
        const text = textOf(file);
        return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
      },
      getCurrentDirectory: () => "/",
      getDefaultLibFileName: () => "/lib/lib.es2022.d.ts",
      fileExists: (file) => textOf(file) !== undefined,
      readFile: textOf,
      resolveModuleNameLiterals: (literals, from) =>
        literals.map(({ text }) => {
          const file = resolve(text, from);
          if (textOf(file) === undefined) return { resolvedModule: undefined };
          const extension = file.endsWith(".d.ts") ? ts.Extension.Dts : ts.Extension.Ts;
          return { resolvedModule: { resolvedFileName: file, extension } };
        }),
    });
  }

  answer({ kind, cells, at }: Question): Omit<Answer, "id"> {
    this.#update(cells);
    const file = fileOf(cells.length - 1);
    const { length } = cells.at(-1) ?? "";
    if (kind === "check") return { faults: this.#faults(file, length) };
    if (kind === "complete") {
      const found = this.#service.getCompletionsAtPosition(file, at, {});
      return { completions: (found?.entries ?? []).map(({ name, kind }) => ({ name, kind })) };
    }
    const found = this.#service.getQuickInfoAtPosition(file, at);
    if (found === undefined) return { explanation: undefined };
    const { start, length: size } = found.textSpan;
    const comment = this.#ts.displayPartsToString(found.documentation);
    const declaration = this.#ts.displayPartsToString(found.displayParts);
    return { explanation: { from: start, to: start + size, declaration, comment } };
  }

  #update(cells: readonly string[]): void {
    const texts = modulesOf(cells, this.#ts);
    for (const file of this.#modules.keys()) {
      if (!texts.some((_, i) => fileOf(i) === file)) this.#modules.delete(file);
    }
    for (const [i, text] of texts.entries()) {
      const before = this.#modules.get(fileOf(i));
      if (before?.text === text) continue;
      this.#modules.set(fileOf(i), { text, version: (before?.version ?? 0) + 1 });
    }
  }

  /** What is wrong within the cell's own lines. */
  #faults(file: string, length: number): Fault[] {
    const service = this.#service;
    const all = [...service.getSyntacticDiagnostics(file), ...service.getSemanticDiagnostics(file)];
    return all.flatMap(({ start = 0, length: size = 0, messageText }) => {
      if (start > length) return [];
      const message = this.#ts.flattenDiagnosticMessageText(messageText, "\n");
      return [{ from: start, to: Math.min(start + size, length), message }];
    });
  }
}

/** The file that an import leads to. */
function resolve(name: string, from: string): string {
  if (!name.startsWith(".")) {
    const [, entry = ""] = /^chainrule(?:\/(.+))?$/.exec(name) ?? [undefined, "?"];
    return entry === "" ? "/chainrule/index.d.ts" : `/chainrule/${entry}/index.d.ts`;
  }
  const { pathname } = new URL(name, `file://${from}`);
  return from.startsWith("/chainrule/") ? pathname.replace(/\.[tj]s$/, ".d.ts") : pathname;
}
