/**
 * The declarations that the cells of a session share: properties of the global object, so that
 * every function sees the latest. The rules are those of V8's REPL mode, which Deno's notebook
 * kernel uses. Nothing to read first.
 */

/** `let` is said of classes too, `const` of imports, `var` of functions and enums. */
export type Kind = "const" | "let" | "var";

// Kept, since a cell may declare an Object of its own.
const { create, defineProperty, getOwnPropertyDescriptor, setPrototypeOf } = Object;

export class Scope {
  readonly #kinds: Record<string, Kind | undefined> = create(null);

  /** How a cell declared the name, undefined if none did. */
  kindOf(name: string): Kind | undefined {
    return this.#kinds[name];
  }

  /**
   * Prepares the names that a cell is going to declare. A new one cannot be read before its first
   * value is assigned; an old one keeps its value until then, and so does what was there before all
   * cells.
   *
   * @throws SyntaxError if a name was declared with another kind, or belongs to the language
   */
  open(declared: readonly (readonly [string, Kind])[]): void {
    // Without destructuring and for-of, whose machinery a cell may have broken.
    for (let i = 0; i < declared.length; i++) {
      const { 0: name, 1: kind } = declared[i] as readonly [string, Kind]; // i is in range
      const before = this.#kinds[name];
      const found = getOwnPropertyDescriptor(globalThis, name);
      const fixed = before === undefined && found?.configurable === false;
      if (fixed || (before !== undefined && before !== kind)) {
        throw new SyntaxError(`Identifier '${name}' has already been declared`);
      }
    }
    for (let i = 0; i < declared.length; i++) {
      const { 0: name, 1: kind } = declared[i] as readonly [string, Kind]; // i is in range
      if (kind === "var") this.#openVariable(name);
      else this.#openConstant(name, kind);
      this.#kinds[name] = kind;
    }
  }

  /** Gives a name that was opened its value, whatever its kind. */
  define(name: string, value: unknown, writable = true): void {
    define(globalThis, name, { value, writable });
  }

  #openVariable(name: string): void {
    if (this.#kinds[name] === undefined) this.define(name, Reflect.get(globalThis, name));
  }

  #openConstant(name: string, kind: "const" | "let"): void {
    const before = getOwnPropertyDescriptor(globalThis, name);
    if (this.#kinds[name] !== undefined && (before?.writable || before?.set)) return; // it is open
    const get = () => {
      if (before === undefined) throw new ReferenceError(`${name} is not defined`);
      return before.get ? Reflect.apply(before.get, globalThis, []) : before.value;
    };
    const set = (value: unknown) => this.define(name, value, kind === "let");
    define(globalThis, name, { get, set });
  }
}

function define(holder: object, name: string, descriptor: PropertyDescriptor): void {
  const whole = { ...descriptor, enumerable: false, configurable: true };
  // A cell may have made `get` a property of all objects, of this one too.
  defineProperty(holder, name, setPrototypeOf(whole, null));
}
