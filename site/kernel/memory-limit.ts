/**
 * Ends a cell that keeps more and more bytes, before it takes what the machine has: arrays of numbers,
 * and with them graphs of Values, whose numbers are in such arrays. Nothing to read first.
 *
 * What was made and dropped does not count, or a long training would be ended. While a cell computes,
 * only a `WeakRef` that was made before tells what is gone. So marks are made early, one hangs on an
 * array every few megabytes, and its witnesses are gone when the array is:
 *
 *     array ──WeakMap──> witnesses <──WeakRefs── mark, with the bytes that it stands for
 */

/** Bytes that cells may keep. */
const MOST = 500_000_000;
/** So many bytes share a mark, at first. */
const GRAIN = 2_000_000;
/** Marks that are ready when a cell begins. */
const READY = 2048;
/** A witness that was found alive stays alive until the cells pause, so a mark has a few. */
const WITNESSES = 3;
/** Who asks for so many bytes makes the browser collect what nobody needs, whether it gives them or not. */
const PRESSURE = 2 ** 34;

const sentence =
  "cells may keep 500 MB in arrays and Values, and that is used up. Look for a list or a graph that " +
  "grows without end";

interface Mark {
  readonly references: List<WeakRef<object>>;
  bytes: number;
  /** How many witnesses were asked since the cells last paused. */
  asked: number;
}

interface Ready {
  readonly mark: Mark;
  readonly witnesses: List<object>;
}

/** A list that works even if a cell has changed all arrays. */
type List<T> = Record<number, T> & { count: number };

// Kept, since a cell may change every built-in.
const { apply, construct: make } = Reflect;
const describe = Object.prototype.toString;
const { create, assign } = Object;
const { deref } = WeakRef.prototype;
const { set } = WeakMap.prototype;
const [Bytes, Reference, TooMuch] = [ArrayBuffer, WeakRef, RangeError];
const later = setTimeout.bind(globalThis);

const newList = <T>(): List<T> => assign(create(null), { count: 0 });

const arrays = new WeakMap<object, List<object>>();
const ready = newList<Ready>();
let marks = newList<Mark>();
let total = 0; // bytes of the marks
let unmarked = 0; // bytes since the last mark
let enough = MOST; // bytes of the marks at which to look
let grain = GRAIN;
let refilling = false;

/** Limits what arrays of numbers take, all together. */
export function limitMemory(): void {
  refill();
  const TypedArray: unknown = Object.getPrototypeOf(Uint8Array);
  const lengthOf = getterOf(TypedArray, "byteLength");
  for (const name of Object.getOwnPropertyNames(globalThis)) {
    const Kind: unknown = Reflect.get(globalThis, name);
    if (typeof Kind !== "function" || Object.getPrototypeOf(Kind) !== TypedArray) continue;
    // An array on bytes that are there already takes none.
    watch(name, Kind, (array, of) => (isBuffer(of) ? 0 : lengthOf(array)));
  }
  const hasMost = "maxByteLength" in ArrayBuffer.prototype; // what a buffer may grow to
  watch(
    "ArrayBuffer",
    ArrayBuffer,
    getterOf(ArrayBuffer, hasMost ? "maxByteLength" : "byteLength"),
  );
}

/** Counts what a class makes. */
function watch(
  name: string,
  Kind: object,
  bytesOf: (made: object, first: unknown) => number,
): void {
  const construct = (_: object, values: readonly unknown[], wanted: unknown): object => {
    // V8 gives all that is made for a proxy a shape of its own, which slows down what uses them.
    const target = wanted === Watched ? Kind : wanted;
    const array: object = make(Kind as typeof Object, values, target as typeof Object); // classes
    count(array, bytesOf(array, values[0]));
    return array;
  };
  // Without a prototype: a cell may give all objects a trap.
  const Watched: object = new Proxy(Kind, Object.setPrototypeOf({ construct }, null));
  replace(globalThis, name, Watched);
  replace(Reflect.get(Kind, "prototype"), "constructor", Watched);
}

/** Counts bytes, which are there as long as `holder` is. @throws RangeError when they are too many */
function count(holder: object, bytes: number): void {
  unmarked += bytes;
  if (unmarked < grain) return;
  mark(holder, unmarked);
  unmarked = 0;
  if (total <= enough) return;
  if (!collect()) {
    enough = total + MOST; // nobody knows, so the cell goes on
    return;
  }
  enough = MOST;
  forget();
  if (total > MOST) throw new TooMuch(sentence);
}

/** Hangs a mark on something, or on nothing. */
function mark(holder: object | undefined, bytes: number): Mark | undefined {
  if (!refilling) {
    refilling = true;
    later(refill, 0);
  }
  if (ready.count === 0) return undefined; // so much in one go that most must have been dropped
  // The fewer are left, the more bytes each stands for.
  if (ready.count === (READY * GRAIN) / (2 * grain)) grain *= 2;
  ready.count -= 1;
  const { mark, witnesses } = ready[ready.count] as Ready; // the index is in range
  delete ready[ready.count];
  if (holder === undefined) return mark;
  apply(set, arrays, [holder, witnesses]);
  mark.bytes = bytes;
  total += bytes;
  marks[marks.count] = mark;
  marks.count += 1;
  return mark;
}

/**
 * Has what nobody needs collected, if the browser does. What was made while it was already collecting
 * may outlast the first time; when it refuses bytes, it has collected again and again.
 */
function collect(): boolean {
  for (let i = 0; i < 2; i++) {
    const lost = mark(undefined, 0);
    let refused = false;
    try {
      new Bytes(PRESSURE);
    } catch {
      refused = true;
    }
    if (lost === undefined || isThere(lost)) return false;
    if (refused) break;
  }
  return true;
}

/** Is what the mark hangs on still there, as far as one can know? */
function isThere(mark: Mark): boolean {
  const witness = mark.references[mark.asked];
  mark.asked += 1;
  return witness === undefined || apply(deref, witness, []) !== undefined;
}

/** Forgets the marks of arrays that are gone. */
function forget(): void {
  const before = marks;
  marks = newList();
  total = 0;
  for (let i = 0; i < before.count; i++) {
    const mark = before[i] as Mark; // i is in range
    if (!isThere(mark)) continue;
    total += mark.bytes;
    marks[marks.count] = mark;
    marks.count += 1;
  }
}

/** The cells have paused: marks are made ready, and all witnesses can be asked again. */
function refill(): void {
  refilling = false;
  grain = GRAIN;
  while (ready.count < READY) {
    const witnesses = newList<object>();
    const references = newList<WeakRef<object>>();
    for (let i = 0; i < WITNESSES; i++) {
      const witness = {};
      witnesses[i] = witness;
      references[i] = new Reference(witness);
    }
    ready[ready.count] = { mark: { references, bytes: 0, asked: 0 }, witnesses };
    ready.count += 1;
  }
  for (let i = 0; i < marks.count; i++) (marks[i] as Mark).asked = 0; // i is in range
}

function getterOf(Kind: unknown, name: string): (thing: object) => number {
  const { prototype } = Kind as { readonly prototype: object }; // it is a class
  const getter = Object.getOwnPropertyDescriptor(prototype, name)?.get;
  if (getter === undefined) throw new Error(`${name}: expected a getter, got none`);
  return (thing) => apply(getter, thing, []);
}

function isBuffer(thing: unknown): boolean {
  if (typeof thing !== "object" || thing === null) return false;
  const tag = apply(describe, thing, []);
  return tag === "[object ArrayBuffer]" || tag === "[object SharedArrayBuffer]";
}

function replace(holder: object, name: string, value: unknown): void {
  const descriptor = Object.getOwnPropertyDescriptor(holder, name);
  Object.defineProperty(holder, name, { ...descriptor, value });
}
