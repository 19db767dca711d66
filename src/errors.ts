/**
 * The words of error messages: `where: expected what, got what`. Nothing needs to be read before.
 */

const LONGEST = 60; // characters of a text that a message shows

/** A short description of any thing at all: `"3" (a string)`, `an array of 2`, `undefined`. */
export function describe(thing: unknown): string {
  if (thing === null || thing === undefined) return String(thing);
  if (typeof thing === "string") return `${quote(thing)} (a string)`;
  if (typeof thing === "number" || typeof thing === "boolean") return String(thing);
  if (typeof thing === "bigint") return `${thing}n (a bigint)`;
  if (typeof thing === "symbol") return "a symbol";
  if (typeof thing === "function") return "a function";
  if (Array.isArray(thing)) return `an array of ${thing.length}`;
  const name: unknown = Object.getPrototypeOf(thing)?.constructor?.name;
  if (typeof name !== "string" || name === "" || name === "Object") return "an object";
  return `${/^([AEIOU]|[FHLMNRSX][A-Z])/.test(name) ? "an" : "a"} ${name}`;
}

/** A text in quotes, shortened if it is long, with nothing in it that could act on a terminal. */
export function quote(text: string): string {
  const start = JSON.stringify(text.slice(0, LONGEST)).replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
  return text.length > LONGEST ? `${start}…` : start;
}

/** @throws TypeError unless x is a number (NaN and infinities are) */
export function expectNumber(x: number, where: string): number {
  if (typeof x !== "number") throw new TypeError(`${where}: expected a number, got ${describe(x)}`);
  return x;
}

/** @throws TypeError unless x is true or false */
export function expectBoolean(x: boolean, where: string): boolean {
  if (typeof x === "boolean") return x;
  throw new TypeError(`${where}: expected true or false, got ${describe(x)}`);
}

/** @throws TypeError unless x is a finite number */
export function expectFinite(x: number, where: string): number {
  if (typeof x !== "number" || !Number.isFinite(x)) {
    throw new TypeError(`${where}: expected a finite number, got ${describe(x)}`);
  }
  return x;
}

/** @throws RangeError unless x is a whole number from `least` to `most` */
export function expectCount(x: number, least: number, where: string, most = 1e7): number {
  if (!Number.isSafeInteger(x) || x < least || x > most) {
    throw new RangeError(
      `${where}: expected a whole number from ${least} to ${most}, got ${describe(x)}`,
    );
  }
  return x;
}

/** @throws TypeError if `options` is not a plain object, or has a key that is not among `known` */
export function expectOptions(options: object, known: readonly string[], where: string): void {
  if (!isPlain(options)) {
    throw new TypeError(`${where}: expected an object with options, got ${describe(options)}`);
  }
  for (const key of Object.keys(options)) {
    if (!known.includes(key)) {
      throw new TypeError(
        `${where}: expected one of the options ${known.join(", ")}, got ${quote(key)}${hint(key)}`,
      );
    }
  }
}

/** What a name from elsewhere is called here. */
function hint(key: string): string {
  if (/^(lr|learning_?rate)$/i.test(key)) return " (the learning rate is called rate)";
  return key === "seed" ? " (a seed goes into a generator: random: pythonRandom(1))" : "";
}

/** Is it an object as `{}` makes one (here or in another window), not an array or a Map? */
export function isPlain(thing: unknown): boolean {
  if (thing === null || typeof thing !== "object") return false;
  const prototype: unknown = Object.getPrototypeOf(thing);
  return prototype === null || (Object.getPrototypeOf(prototype) === null && !Array.isArray(thing));
}

/** @throws RangeError unless `name` is one of the allowed names */
export function expectOneOf<T extends string>(name: T, allowed: readonly T[], where: string): T {
  if (!allowed.includes(name)) {
    throw new RangeError(`${where}: expected one of ${allowed.join(", ")}, got ${describe(name)}`);
  }
  return name;
}

/**
 * The name that a text is the beginning of, else the one that takes the fewest changed letters, if
 * it takes no more than half of them.
 */
export function nearest(text: string, names: readonly string[]): string | undefined {
  const short = text.slice(0, 40).toLowerCase();
  if (short === "") return undefined;
  let best = names.find((name) => name.toLowerCase().startsWith(short));
  if (best !== undefined) return best;
  let fewest = Math.max(1, Math.floor(short.length / 2)) + 1;
  for (const name of names) {
    const changes = changedLetters(short, name.toLowerCase());
    if (changes < fewest) {
      fewest = changes;
      best = name;
    }
  }
  return best;
}

/** How many letters have to be put in, left out or replaced to make one word the other. */
function changedLetters(a: string, b: string): number {
  // row[j]: the changes between the letters of a so far and the first j letters of b.
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 0; i < a.length; i++) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++) {
      const replaced = row[j] + (a[i] === b[j] ? 0 : 1);
      next.push(Math.min(replaced, row[j + 1] + 1, next[j] + 1));
    }
    row = next;
  }
  return row[b.length];
}
