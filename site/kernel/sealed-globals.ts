/**
 * Takes everything away from the worker that a cell must not have: what is neither JavaScript itself
 * nor on the list below is gone before the first cell runs. Nothing to read first.
 */

/** What cells may use besides JavaScript itself: nothing here reaches out of the worker. */
const harmless = (
  "console self setTimeout clearTimeout setInterval clearInterval queueMicrotask structuredClone " +
  "TextEncoder TextDecoder atob btoa crypto Crypto SubtleCrypto CryptoKey performance Performance " +
  "URL URLSearchParams Event EventTarget CustomEvent AbortController AbortSignal DOMException WebAssembly"
).split(" ");

/** JavaScript itself. */
const language = (
  "AggregateError Array ArrayBuffer AsyncDisposableStack Atomics BigInt BigInt64Array BigUint64Array " +
  "Boolean DataView Date DisposableStack Error EvalError FinalizationRegistry Float16Array Float32Array " +
  "Float64Array Function Infinity Int16Array Int32Array Int8Array Intl Iterator JSON Map Math NaN Number " +
  "Object Promise Proxy RangeError ReferenceError Reflect RegExp Set SharedArrayBuffer String " +
  "SuppressedError Symbol SyntaxError Temporal TypeError URIError Uint16Array Uint32Array Uint8Array " +
  "Uint8ClampedArray WeakMap WeakRef WeakSet decodeURI decodeURIComponent encodeURI " +
  "encodeURIComponent escape eval globalThis isFinite isNaN parseFloat parseInt undefined unescape " +
  "constructor __proto__ hasOwnProperty isPrototypeOf propertyIsEnumerable toLocaleString toString " +
  "valueOf __defineGetter__ __defineSetter__ __lookupGetter__ __lookupSetter__"
).split(" ");

const network = "cells have no network; lessons bring their data along";
const workers = "a cell runs in one worker and cannot start others";
const page = "cells run in a worker, apart from the page";

/** What readers might try, and why it is not there. */
const reasons: Readonly<Record<string, string>> = {
  fetch: network,
  XMLHttpRequest: network,
  WebSocket: network,
  EventSource: network,
  WebTransport: network,
  Request: network,
  importScripts:
    'cells import "chainrule" and its parts: "…/draw", "…/cells", "…/compile", "…/explain"',
  Worker: workers,
  SharedWorker: workers,
  BroadcastChannel: page,
  MessageChannel: page,
  postMessage: page,
  close: "use Stop to end a cell",
};

/** Takes away what cells must not have, and leaves a sentence where they might look for it. */
export function sealGlobals(): void {
  const kept = new Set([...harmless, ...language]);
  for (
    let holder: object | null = globalThis;
    holder !== null && holder !== Object.prototype;
    holder = Object.getPrototypeOf(holder)
  ) {
    for (const key of Reflect.ownKeys(holder)) {
      if (typeof key === "string" && !kept.has(key)) takeAway(holder, key);
    }
  }
  for (const name of ["createObjectURL", "revokeObjectURL"]) takeAway(URL, name);
  for (const [name, reason] of Object.entries(reasons)) {
    const value = refusing(name, reason);
    Object.defineProperty(globalThis, name, {
      value,
      writable: true,
      enumerable: false,
      configurable: true,
    });
  }
}

function takeAway(holder: object, key: string): void {
  if (Reflect.deleteProperty(holder, key)) return;
  // What cannot be deleted can perhaps be overwritten; else the policy of the frame has to do.
  Reflect.set(holder, key, undefined);
}

/** A function, or class, that only says why it is not what it is called. */
function refusing(name: string, reason: string): () => never {
  function refuse(): never {
    throw new Error(`${name}: ${reason}`);
  }
  Object.defineProperty(refuse, "name", { value: name });
  return refuse;
}
