/**
 * The built-ins as they were before any cell ran. A cell may declare `class Map` or change
 * `Array.prototype`; the session itself goes on working with the originals. Nothing to read first.
 */

const { defineProperty, setPrototypeOf } = Object;
const { deleteProperty, ownKeys } = Reflect;
const descriptorOf = Object.getOwnPropertyDescriptor;

/** What the session, Sucrase and acorn use. */
const NAMES = (
  "Array ArrayBuffer BigInt Boolean DataView Date Error Float64Array Function Int32Array Map Math " +
  "JSON Number Object Promise RangeError ReferenceError Reflect RegExp Set String Symbol SyntaxError " +
  "TypeError Uint16Array Uint32Array Uint8Array WeakMap WeakSet " +
  "encodeURIComponent isFinite isNaN parseFloat parseInt"
).split(" ");

interface Property {
  readonly holder: object;
  readonly key: PropertyKey;
  /** How it was; undefined if there was none. */
  readonly original: PropertyDescriptor | undefined;
}

/** Remembers the built-ins of the moment. */
export class Builtins {
  readonly #globals: (PropertyDescriptor | undefined)[] = []; // of each of the names
  readonly #holders: object[] = [];
  readonly #known = new Map<object, Map<PropertyKey, PropertyDescriptor | undefined>>();
  #changed: Property[] = [];

  constructor() {
    for (const name of NAMES) {
      this.#globals.push(getOwnPropertyDescriptor(globalThis, name));
      const thing: unknown = Reflect.get(globalThis, name);
      if (typeof thing !== "function" && typeof thing !== "object") continue;
      if (thing === null) continue;
      this.#remember(thing);
      const prototype: unknown = Reflect.get(thing, "prototype");
      if (Object(prototype) === prototype) this.#remember(prototype as object); // by this line
    }
    for (const iterable of [[][Symbol.iterator](), new Map().keys(), new Set().keys()]) {
      this.#remember(Object.getPrototypeOf(iterable));
    }
  }

  #remember(holder: object): void {
    const properties = new Map<PropertyKey, PropertyDescriptor | undefined>();
    for (const key of ownKeys(holder)) properties.set(key, getOwnPropertyDescriptor(holder, key));
    this.#holders.push(holder);
    this.#known.set(holder, properties);
  }

  /** Looks for what a cell is about to change: the names that it declares. */
  declare(names: readonly string[]): void {
    const found = [...this.#changed];
    names.forEach((name) => {
      const i = NAMES.indexOf(name);
      if (i < 0 || found.some(({ key }) => key === name)) return;
      found.push({ holder: globalThis, key: name, original: this.#globals[i] });
    });
    this.#changed = found;
  }

  /** Looks for what cells have changed. */
  check(): void {
    const found: Property[] = [];
    let count = 0;
    for (let i = 0; i < NAMES.length; i++) {
      const key = NAMES[i] as string; // i is in range
      const original = this.#globals[i];
      if (same(original, getOwnPropertyDescriptor(globalThis, key))) continue;
      set(found, count++, { holder: globalThis, key, original });
    }
    for (let i = 0; i < this.#holders.length; i++) {
      const holder = this.#holders[i] as object; // i is in range
      const known = mapGet(this.#known, holder) as Map<PropertyKey, PropertyDescriptor>;
      const keys = ownKeys(holder);
      for (let j = 0; j < keys.length; j++) {
        const key = keys[j] as PropertyKey; // j is in range
        const original = mapGet(known, key) as PropertyDescriptor | undefined;
        if (same(original, getOwnPropertyDescriptor(holder, key))) continue;
        set(found, count++, { holder, key, original });
      }
    }
    this.#changed = found;
  }

  /** Does something with the originals in place, then puts back what the cells made of them. */
  run<T>(work: () => T): T {
    const changed = this.#changed;
    const count = changed.length;
    if (count === 0) return work();
    const present: (PropertyDescriptor | undefined)[] = [];
    for (let i = 0; i < count; i++) {
      const { holder, key, original } = changed[i] as Property; // i is in range
      set(present, i, getOwnPropertyDescriptor(holder, key));
      put(holder, key, original);
    }
    try {
      return work();
    } finally {
      for (let i = 0; i < count; i++) {
        const { holder, key } = changed[i] as Property; // i is in range
        put(holder, key, present[i]);
      }
    }
  }
}

/** A description in which nothing is found but what it says, whatever all objects were given. */
function getOwnPropertyDescriptor(
  holder: object,
  key: PropertyKey,
): PropertyDescriptor | undefined {
  const found = descriptorOf(holder, key);
  return found && setPrototypeOf(found, null);
}

const { apply } = Reflect;
const { get } = Map.prototype;
const mapGet = (map: object, key: unknown): unknown => apply(get, map, [key]);

/** Assignment without the setters that a cell may have given to all arrays. */
function set<T>(list: T[], i: number, value: T): void {
  put(list, i, { value, writable: true, enumerable: true, configurable: true });
}

function put(holder: object, key: PropertyKey, descriptor: PropertyDescriptor | undefined): void {
  if (descriptor === undefined) deleteProperty(holder, key);
  // A cell may have made `get` a property of all objects, this description of one included.
  else defineProperty(holder, key, setPrototypeOf(descriptor, null));
}

function same(a: PropertyDescriptor | undefined, b: PropertyDescriptor | undefined): boolean {
  return a?.value === b?.value && a?.get === b?.get && a?.set === b?.set;
}
