/**
 * The declarations that the cells of a session share: properties of the global object, so that
 * every function sees the latest. The rules are those of V8's REPL mode, which Deno's notebook
 * kernel uses. Nothing to read first.
 */

/** `let` is said of classes too, `const` of imports, `var` of functions and enums. */
export type Kind = "const" | "let" | "var";

export class Scope {
  readonly #global: object;
  readonly #kinds = new Map<string, Kind>();

  constructor(global: object = globalThis) {
    this.#global = global;
  }

  /** How a cell declared the name, undefined if none did. */
  kindOf(name: string): Kind | undefined {
    return this.#kinds.get(name);
  }

  /**
   * Prepares the names that a cell is going to declare. A new one cannot be read before its first
   * value is assigned; an old one keeps its value until then.
   *
   * @throws SyntaxError if a name was declared with another kind, or belongs to the language
   */
  open(declared: ReadonlyMap<string, Kind>): void {
    for (const [name, kind] of declared) {
      const before = this.#kinds.get(name);
      const found = Object.getOwnPropertyDescriptor(this.#global, name);
      const fixed = before === undefined && found?.configurable === false;
      if (fixed || (before !== undefined && before !== kind)) {
        throw new SyntaxError(`Identifier '${name}' has already been declared`);
      }
    }
    for (const [name, kind] of declared) {
      if (kind === "var") this.#openVariable(name);
      else this.#openConstant(name, kind);
      this.#kinds.set(name, kind);
    }
  }

  /** Gives a name that was opened its value, whatever its kind. */
  define(name: string, value: unknown, writable = true): void {
    Object.defineProperty(this.#global, name, {
      value,
      writable,
      enumerable: false,
      configurable: true,
    });
  }

  #openVariable(name: string): void {
    if (this.#kinds.has(name)) return;
    this.define(name, Reflect.get(this.#global, name));
  }

  #openConstant(name: string, kind: "const" | "let"): void {
    const before = Object.getOwnPropertyDescriptor(this.#global, name);
    const declared = this.#kinds.has(name);
    if (declared && (before?.writable || before?.set)) return; // nothing to prepare
    const get = () => {
      if (declared && before !== undefined) return before.value;
      throw new ReferenceError(`${name} is not defined`);
    };
    const set = (value: unknown) => this.define(name, value, kind === "let");
    Object.defineProperty(this.#global, name, { get, set, enumerable: false, configurable: true });
  }
}
