/** What site/build/bundle.mjs knows and the client does not: texts and names of built files. */
declare module "virtual:site" {
  /** The document of the sandboxed frame; its script's hash stands in every page's security policy. */
  export const frameDocument: string;
  /** Files that the client fetches, as paths from the page's folder. */
  export const files: {
    /** The script of the worker that runs cells: a module in one piece. */
    readonly cellWorker: string;
    /** What cells draw with: a module that imports the worker's. */
    readonly drawing: string;
    /** The compiler: a module that imports the worker's. */
    readonly compiler: string;
    /** Graphviz, a module in one piece. */
    readonly graphviz: string;
    /** The search index. */
    readonly search: string;
    /** The glossary, as JSON: definitions by term. */
    readonly glossary: string;
    /** The worker that trains: a classic script in one piece. */
    readonly runWorker: string;
    /** The worker that knows types: a classic script in one piece. */
    readonly typesWorker: string;
    /** TypeScript, a classic script. */
    readonly typesCompiler: string;
    /** The declarations of the language and the package, as JSON: text by file. */
    readonly typesLibraries: string;
  };
}

declare module "*.css" {}
