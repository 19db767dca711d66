/**
 * A value as text, letter by letter as Deno's `console.log` and its notebook kernel print it without
 * colours. Only the stack of an error is left out, since it differs from runtime to runtime. Read
 * layout.ts first.
 */

import { arrange, inColumns, quoteText } from "./layout.ts";

const DEPTH = 4; // objects within objects; deeper ones are [Object]
const ITEMS = 100; // of an array, a Map, a Set
const LETTERS = 10_000; // of a text
const BUDGET = 1_000_000; // characters in all, after which every object is [Object]

/** Ends an error's first lines, where its stack would stand; not in what {@link inspect} returns. */
const STACK = "\n    \0";

const denoCustom = Symbol.for("Deno.customInspect");
const nodeCustom = Symbol.for("nodejs.util.inspect.custom");

/** Where in a value we are. */
interface Walk {
  readonly limit: number;
  /** The objects that contain the present one. */
  readonly outside: object[];
  /** Those that contain themselves, and their numbers: `<ref *1>`. */
  readonly circular: Map<object, number>;
  /** The depth of the object begun last; says how deep the one just written is. */
  reached: number;
  indentation: number;
  written: number;
}

/**
 * @param depth how many objects within objects are shown; 4 if not given
 * @throws whatever a custom inspector of the value throws
 */
export function inspect(value: unknown, depth = DEPTH): string {
  return withoutStacks(format(newWalk(depth), value, 0));
}

const newWalk = (limit: number): Walk => ({
  limit,
  outside: [],
  circular: new Map(),
  reached: 0,
  indentation: 0,
  written: 0,
});

/** The text of a promise, given what it was settled with; `state` stands before that. */
export function inspectSettled(value: unknown, state: string): string {
  const walk: Walk = { ...newWalk(DEPTH), indentation: 2 };
  const text = state + format(walk, value, 1);
  const braces = { base: "", open: "Promise {", close: "}" };
  return withoutStacks(arrange([text], braces, 0, walk.reached < 3));
}

/** Drops the marks that stand for stacks; what follows one on its line stays. */
const withoutStacks = (text: string) => text.replace(/\n *\0/g, "");

function format(walk: Walk, value: unknown, depth: number): string {
  if (value === null || (typeof value !== "object" && typeof value !== "function")) {
    return primitive(value, walk.indentation);
  }
  const custom = customText(walk, value, depth);
  if (custom !== undefined) return custom;
  if (walk.outside.includes(value)) {
    const number = walk.circular.get(value) ?? walk.circular.size + 1;
    walk.circular.set(value, number);
    return `[Circular *${number}]`;
  }
  return formatObject(walk, value, depth);
}

function primitive(value: unknown, indentation: number): string {
  if (typeof value === "string") return text(value, indentation);
  if (typeof value === "bigint") return `${value}n`;
  return Object.is(value, -0) ? "-0" : String(value);
}

/** A text in quotes; a long one with several lines is written as a sum of its lines. */
function text(value: string, indentation: number): string {
  const rest = value.length - LETTERS;
  const shown = rest > 0 ? value.slice(0, LETTERS) : value;
  const more = rest > 0 ? `... ${rest} more character${rest > 1 ? "s" : ""}` : "";
  if (shown.length <= 80 - indentation - 4) return quoteText(shown) + more;
  const lines = shown.split(/(?<=\n)/).map(quoteText);
  return lines.join(` +\n${" ".repeat(indentation + 2)}`) + more;
}

/** What the value's own inspector says, Deno's before Node's; undefined if it has none. */
function customText(walk: Walk, value: object, depth: number): string | undefined {
  const left = walk.limit - depth;
  const options = { depth: left, colors: false, compact: 3, breakLength: 80 };
  const deno: unknown = Reflect.get(value, denoCustom);
  if (typeof deno === "function") return String(deno.call(value, inspectWith, options));
  const node: unknown = Reflect.get(value, nodeCustom);
  if (typeof node !== "function") return undefined;
  const said: unknown = node.call(value, left, { ...options, stylize: String }, inspectWith);
  if (said === value) return undefined;
  if (typeof said !== "string") return format(walk, said, depth);
  return said.replaceAll("\n", `\n${" ".repeat(walk.indentation)}`);
}

const inspectWith = (value: unknown, options?: { depth?: number }) =>
  inspect(value, options?.depth ?? DEPTH);

/** The parts of an object's text: `name {`, the entries, `}`. */
interface Parts {
  /** What stands for the object itself, such as `[Function: f]`; its properties follow. */
  readonly base: string;
  readonly open: string;
  readonly close: string;
  /** Whether the base (or, without one, both brackets) is enough when there are no entries. */
  readonly items?: (() => string[]) | undefined;
  readonly keys: readonly PropertyKey[];
  /** The array itself, whose items may be put in columns. */
  readonly columns?: ArrayLike<unknown> | undefined;
}

function formatObject(walk: Walk, value: object, depth: number): string {
  const parts = partsOf(walk, value, depth);
  if (parts.items === undefined && parts.keys.length === 0) {
    return parts.base === "" ? `${parts.open}${parts.close}` : parts.base;
  }
  if (depth > walk.limit || walk.written > BUDGET) {
    return Array.isArray(value) ? "[Array]" : `[${nameOf(value) ?? "Object: null prototype"}]`;
  }
  walk.outside.push(value);
  walk.reached = depth;
  const entries = parts.items === undefined ? [] : parts.items();
  for (const key of parts.keys) entries.push(property(walk, value, key, depth));
  walk.outside.pop();
  const number = walk.circular.get(value);
  const reference = number === undefined ? "" : `<ref *${number}> `;
  const base = parts.base === "" ? "" : reference + parts.base;
  const open = parts.base === "" ? reference + parts.open : parts.open;
  const { columns } = parts;
  const lines =
    columns && entries.length > 6 ? inColumns(entries, columns, walk.indentation) : entries;
  const together = lines === entries && walk.reached - depth < 3;
  const result = arrange(lines, { base, open, close: parts.close }, walk.indentation, together);
  walk.written += result.length;
  return result;
}

function partsOf(walk: Walk, value: object, depth: number): Parts {
  const name = nameOf(value);
  const keys = keysOf(value);
  const braces = { base: "", open: `${prefix(value, "Object")}{`, close: "}", keys };
  if (Array.isArray(value)) {
    const before = name === "Array" ? "" : prefix(value, "Array", value.length);
    const own = keys.filter((key) => !isIndex(key));
    if (value.length === 0 && own.length === 0)
      return { ...braces, keys: own, open: `${before}[`, close: "]" };
    const items = () => arrayItems(walk, value, depth);
    return { base: "", open: `${before}[`, close: "]", keys: own, items, columns: value };
  }
  if (typeof value === "function") {
    return { ...braces, base: functionText(value), open: "{" };
  }
  const container = containerParts(walk, value, depth, keys);
  if (container !== undefined) return container;
  const base = baseText(value)?.replaceAll("\n", `\n${" ".repeat(walk.indentation)}`);
  if (base !== undefined) {
    const own = value instanceof String ? keys.filter((key) => !isIndex(key)) : keys;
    return {
      ...braces,
      base,
      open: "{",
      keys: value instanceof Error ? errorKeys(value, own) : own,
    };
  }
  if (tagOf(value) === undefined && name === "Object") {
    const kind = safely(() => Object.prototype.toString.call(value));
    const isArguments = kind === "[object Arguments]";
    return { ...braces, open: isArguments ? "[Arguments] {" : "{" };
  }
  return braces;
}

/** Map, Set, typed arrays, promises: what has contents besides its properties. */
function containerParts(
  walk: Walk,
  value: object,
  depth: number,
  keys: readonly PropertyKey[],
): Parts | undefined {
  const deeper = (item: unknown) => within(walk, () => format(walk, item, depth + 1));
  if (value instanceof Set) {
    const items = value.size === 0 ? undefined : () => limited(value, value.size, deeper);
    return { base: "", open: `${prefix(value, "Set", value.size)}{`, close: "}", keys, items };
  }
  if (value instanceof Map) {
    const pair = ([key, item]: [unknown, unknown]) => `${deeper(key)} => ${deeper(item)}`;
    const items = value.size === 0 ? undefined : () => limited(value, value.size, pair);
    return { base: "", open: `${prefix(value, "Map", value.size)}{`, close: "}", keys, items };
  }
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    const array = value as Float64Array; // any typed array: all have length and numbers
    const own = keys.filter((key) => !isIndex(key));
    const open = `${prefix(value, tagOf(value) ?? "TypedArray", array.length)}[`;
    const items = array.length === 0 ? undefined : () => arrayItems(walk, array, depth);
    return { base: "", open, close: "]", keys: own, items, columns: array };
  }
  if (value instanceof Promise) {
    const items = () => ["<pending>"]; // a program cannot see more
    return { base: "", open: `${prefix(value, "Promise")}{`, close: "}", keys, items };
  }
  if (value instanceof WeakMap || value instanceof WeakSet) {
    const open = `${prefix(value, value instanceof WeakMap ? "WeakMap" : "WeakSet")}{`;
    return { base: "", open, close: "}", keys, items: () => ["<items unknown>"] };
  }
  return undefined;
}

/** Formats what is inside of brackets: two columns further right. */
function within(walk: Walk, write: () => string): string {
  walk.indentation += 2;
  const written = write();
  walk.indentation -= 2;
  return written;
}

function limited<T>(items: Iterable<T>, count: number, write: (item: T) => string): string[] {
  const written: string[] = [];
  for (const item of items) {
    if (written.length === ITEMS) break;
    written.push(write(item));
  }
  if (count > ITEMS) written.push(moreItems(count - ITEMS));
  return written;
}

const moreItems = (count: number) => `... ${count} more item${count > 1 ? "s" : ""}`;

function arrayItems(walk: Walk, array: ArrayLike<unknown>, depth: number): string[] {
  const written: string[] = [];
  let indices: number[] | undefined; // found when there is a hole: it may be four billion long
  let i = 0;
  while (i < array.length && written.length < ITEMS) {
    const at = i;
    if (Object.hasOwn(array, at)) {
      written.push(within(walk, () => format(walk, array[at], depth + 1)));
      i += 1;
      continue;
    }
    indices ??= Object.keys(array).filter(isIndex).map(Number);
    i = indices.find((index) => index > at) ?? array.length;
    written.push(`<${i - at} empty item${i - at > 1 ? "s" : ""}>`);
  }
  if (i < array.length) written.push(moreItems(array.length - i));
  return written;
}

function property(walk: Walk, value: object, key: PropertyKey, depth: number): string {
  const found = Object.getOwnPropertyDescriptor(value, key);
  const hidden = found !== undefined && !found.enumerable;
  const shown = hidden ? `[${String(key)}]` : keyText(key);
  if (found?.get) return `${shown}: ${found.set ? "[Getter/Setter]" : "[Getter]"}`;
  if (found?.set) return `${shown}: [Setter]`;
  return `${shown}: ${within(walk, () => format(walk, found?.value, depth + 1))}`;
}

function keyText(key: PropertyKey): string {
  const name = String(key);
  if (name === "__proto__") return "['__proto__']";
  return typeof key === "symbol" || /^[a-zA-Z_][a-zA-Z_0-9]*$/.test(name) ? name : quoteText(name);
}

const isIndex = (key: PropertyKey) => typeof key === "string" && /^(0|[1-9]\d*)$/.test(key);

function keysOf(value: object): PropertyKey[] {
  const symbols = Object.getOwnPropertySymbols(value).filter((key) =>
    Object.prototype.propertyIsEnumerable.call(value, key),
  );
  return [...Object.keys(value), ...symbols];
}

/** The class of an object: the name of the nearest constructor up its prototypes. */
function nameOf(value: object): string | undefined {
  for (let at: object | null = value; at !== null; at = Object.getPrototypeOf(at)) {
    const made: unknown = Object.getOwnPropertyDescriptor(at, "constructor")?.value;
    if (typeof made === "function" && made.name !== "" && isInstance(value, made)) {
      return String(made.name);
    }
  }
  return undefined;
}

function isInstance(value: object, made: unknown): boolean {
  try {
    return typeof made === "function" && value instanceof made;
  } catch {
    return false;
  }
}

function tagOf(value: object): string | undefined {
  const tag = safely((): unknown => Reflect.get(value, Symbol.toStringTag));
  return typeof tag === "string" && tag !== "" ? tag : undefined;
}

/** What stands before the brackets: `Value `, `Map(2) `, `[Object: null prototype] `. */
function prefix(value: object, kind: string, size?: number): string {
  const name = nameOf(value);
  const count = size === undefined ? "" : `(${size})`;
  const tag = tagOf(value);
  const extra = tag !== undefined && tag !== name ? `[${tag}] ` : "";
  if (name === undefined) return `[${kind}${count}: null prototype] ${extra}`;
  return `${name}${count} ${extra}`;
}

function functionText(value: object): string {
  const source = Function.prototype.toString.call(value);
  const name = Object.getOwnPropertyDescriptor(value, "name")?.value;
  const named = typeof name === "string" && name !== "";
  if (/^class\b/.test(source)) {
    const parent: unknown = Object.getPrototypeOf(value);
    const parentName = typeof parent === "function" ? parent.name : "";
    const from = parentName === "" ? "" : ` extends ${parentName}`;
    return `[class ${named ? name : "(anonymous)"}${from}]`;
  }
  const kind = tagOf(value) ?? "Function";
  return named ? `[${kind}: ${name}]` : `[${kind} (anonymous)]`;
}

/** Objects that one text says all about. */
function baseText(value: object): string | undefined {
  if (value instanceof Error) return errorText(value);
  if (value instanceof RegExp) return RegExp.prototype.toString.call(value);
  if (value instanceof Date) {
    return Number.isNaN(value.getTime()) ? "Invalid Date" : value.toISOString();
  }
  for (const kind of [Number, String, Boolean, Symbol, BigInt]) {
    if (value instanceof kind) return `[${kind.name}: ${primitive(value.valueOf(), 0)}]`;
  }
  return undefined;
}

function errorText(error: Error): string {
  const name = safely(() => String(error.name)) ?? "Error";
  const message = safely(() => String(error.message)) ?? "";
  const made = nameOf(error) ?? "Error";
  // A class without a name of its own in its errors: "MyError", or "Missing [Error]".
  const unnamed = made !== name && !Object.hasOwn(error, "name");
  const shown = !unnamed ? name : made.endsWith(name) ? made : `${made} [${name}]`;
  return `${shown === "" ? message : message === "" ? shown : `${shown}: ${message}`}${STACK}`;
}

/** An error's own properties, without those that its text shows; its cause with them. */
function errorKeys(error: Error, keys: readonly PropertyKey[]): PropertyKey[] {
  const said = ["name", "message", "stack"];
  const own = keys.filter((key) => !said.includes(String(key)) || typeof key === "symbol");
  if (Object.hasOwn(error, "cause") && !own.includes("cause")) own.push("cause");
  if (Object.hasOwn(error, "errors") && !own.includes("errors")) own.push("errors");
  return own;
}

function safely<T>(get: () => T): T | undefined {
  try {
    return get();
  } catch {
    return undefined;
  }
}
