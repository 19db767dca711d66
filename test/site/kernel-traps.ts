// Cells that try to harm the page, and how each has to end. Nothing to read first.

export interface Trap {
  readonly what: string;
  readonly source: string;
  /** How it ended, the message for the reader if there is one, and what was put out. */
  readonly expected: RegExp;
  readonly limit?: number;
  readonly stopAfter?: number;
  /** The session goes on afterwards: what is declared stays. */
  readonly goesOn?: boolean;
  /** Tried in Firefox as well. */
  readonly everywhere?: boolean;
}

const stopped = /^stopped: Stopped\./;
const tooLong = /^too long: The cell was ended after \d+ seconds?\. /;
const tooMuch =
  /^(too long|lost): The cell |^failed: .*(memory|Invalid|length|size|allocation|too (large|big))/s;

/** @param there the address of a server elsewhere */
export function trapsFor(there: string): readonly Trap[] {
  const endless: Trap[] = [
    {
      what: "an endless loop, stopped",
      source: "while (true);",
      stopAfter: 300,
      expected: stopped,
    },
    { what: "an endless loop", source: "while (true);", limit: 1000, expected: tooLong },
    {
      what: "endless microtasks",
      source: "const again = () => Promise.resolve().then(again); await again();",
      stopAfter: 300,
      expected: stopped,
    },
    {
      what: "a loop after some lines, which are seen",
      source: 'for (let i = 0; i < 50; i++) console.log("line", i); while (true);',
      limit: 1000,
      expected: /line 49\n$/,
    },
    {
      what: "ten million lines",
      source: 'for (let i = 0; i < 1e7; i++) console.log("line", i);',
      expected:
        /^finished: .*line 9999\n\nMore output is not shown: a cell may print 10,000 lines/s,
      goesOn: true,
    },
    {
      what: "a flood to both streams, stopped",
      source: 'for (;;) { console.log("a".repeat(90)); console.error("b".repeat(90)); }',
      stopAfter: 400,
      expected: stopped,
    },
    {
      what: "a flood of long lines from a timer",
      source:
        'setInterval(() => console.log("a".repeat(1e5)), 0);\n' +
        "await new Promise((after) => setTimeout(after, 500));",
      expected: /More output is not shown/,
    },
  ];
  const bombs: Trap[] = [
    {
      what: "a list without end",
      source: "const list: number[][] = []; for (;;) list.push([1, 2, 3]);",
      limit: 2000,
      expected: tooMuch,
    },
    {
      what: "a text without end",
      source: 'let text = "x"; for (;;) text += text;',
      expected: tooMuch,
      goesOn: true,
    },
    {
      what: "bytes without end",
      source: "const list: Uint8Array[] = []; for (;;) list.push(new Uint8Array(1e9));",
      expected: /^failed: RangeError: cells may keep 500 MB in arrays and Values/,
    },
    {
      what: "bytes without end, that are used",
      source: "const list: object[] = []; for (;;) list.push(new Float64Array(1e7).fill(1));",
      expected: /^failed: RangeError: cells may keep 500 MB in arrays and Values/,
    },
    {
      what: "bytes that are dropped, which do not count",
      source:
        "let sum = 0; for (let i = 0; i < 60; i++) sum += new Float64Array(3e6)[i]!;\n" +
        "class Mine extends Float64Array {}\n" +
        "const mine = Mine.from([1, 2]).map((x) => 2 * x);\n" +
        "[sum, mine, mine instanceof Float64Array, Float64Array, new Uint8Array(4).constructor === Uint8Array]",
      expected:
        /^finished: \[\s+0,\s+Mine\(2\) \[Float64Array\] \[ 2, 4 \],\s+true,\s+\[Function: Float64Array\],\s+true\s+\]\n$/,
      goesOn: true,
    },
    {
      what: "a graph of Values without end",
      source: 'import { Value } from "chainrule"; let x = new Value(1); for (;;) x = x.add(1);',
      limit: 2000,
      expected: tooMuch,
    },
    {
      what: "a graph of the reader's class without end",
      source:
        "class Mine { constructor(readonly data: number, readonly inputs: Mine[]) {} }\n" +
        "let node = new Mine(1, []); for (;;) node = new Mine(node.data + 1, [node]);",
      limit: 2000,
      expected: tooMuch,
    },
  ];
  const refused: Trap[] = [
    ["for (;;) new Worker('x')", "Worker: a cell runs in one worker"],
    ["new SharedWorker('x')", "SharedWorker: a cell runs in one worker"],
    ["importScripts('x')", "importScripts: cells import"],
    ["postMessage(1)", "postMessage: cells run in a worker, apart from the page"],
    ["new BroadcastChannel('x')", "BroadcastChannel: cells run in a worker, apart from the page"],
    ["close()", "close: use Stop to end a cell"],
    [`fetch("${there}")`, "fetch: cells have no network"],
    ["new XMLHttpRequest()", "XMLHttpRequest: cells have no network"],
    ['new WebSocket("ws://localhost")', "WebSocket: cells have no network"],
    [`new EventSource("${there}")`, "EventSource: cells have no network"],
  ].map(([source = "", sentence = ""]) => ({
    what: source.replace(there, "…"),
    source,
    expected: new RegExp(`^failed: Error: ${sentence}`),
    goesOn: true,
    everywhere: true,
  }));
  const names =
    "parent top window document localStorage sessionStorage indexedDB caches navigator location Image " +
    "RTCPeerConnection Notification cookieStore open onmessage Blob MessagePort addEventListener " +
    "dispatchEvent fetchLater FileReaderSync OffscreenCanvas FontFace WebSocketStream trustedTypes";
  const escapes: Trap[] = [
    {
      what: "import of an address",
      source: `await import("${there}")`,
      expected: /^failed: TypeError: import: expected one of "chainrule"/,
    },
    {
      what: "code made of text",
      source:
        `const code = 'import("${there}")';\n` +
        "const ways = [() => (0, eval)(code), () => new Function(code)(), () => setTimeout(code, 0),\n" +
        "  () => Reflect.construct((async () => {}).constructor, [code])()];\n" +
        "const works = (way: () => unknown) => { try { way(); return true; } catch { return false; } };\n" +
        "ways.filter(works).length",
      expected: /^finished: [01]\n/, // setTimeout returns, and then nothing happens
    },
    {
      what: "everything that reaches out",
      source:
        "const found = (name: string) => {\n" +
        "  try { return Reflect.get(globalThis, name) !== undefined; } catch { return true; }\n" +
        "};\n" +
        `"${names}".split(" ").filter(found).join()`,
      expected: /^finished: ""\n$/,
    },
    {
      what: "methods of classes that are gone",
      source:
        "let holder = Object.getPrototypeOf(globalThis); const found = [];\n" +
        "for (; holder !== Object.prototype && holder; holder = Object.getPrototypeOf(holder))\n" +
        "  found.push(...Reflect.ownKeys(holder).filter((key) => key !== 'constructor'));\n" +
        "found.map(String).filter((name) => !/^(self|crypto|performance|console|atob|btoa|queueMicrotask|structuredClone|" +
        "(set|clear)(Timeout|Interval)|TEMPORARY|PERSISTENT|Symbol.*)$/.test(name)).join()",
      expected: /^finished: ""\n$/,
    },
    {
      what: "the port, by what a function was called with",
      source:
        "const found = [];\n" +
        "Error.prepareStackTrace = (_error, sites) => sites;\n" +
        "for (const site of new Error().stack) found.push(site.getThis?.(), site.getFunction?.());\n" +
        "found.filter((thing) => thing !== undefined && thing !== globalThis).length",
      expected: /^(finished: 0|failed: TypeError)/,
    },
    { what: "parent.document", source: "parent.document", expected: /^failed: ReferenceError/ },
  ].map((trap) => ({ ...trap, goesOn: true, everywhere: true }));
  const pollutions: Trap[] = [
    "Array.prototype.push = () => { throw 1; }",
    "Array.prototype[Symbol.iterator] = () => { throw 1; }",
    "Object.getPrototypeOf([][Symbol.iterator]()).next = () => { throw 1; }",
    "Object.defineProperty(Object.prototype, 'get', { configurable: true, get() { throw 1; } })",
    "Object.defineProperty(Object.prototype, 'type', { configurable: true, set() { throw 1; } })",
    "for (const i of [0, 1, 2]) Object.defineProperty(Array.prototype, i, { configurable: true, set() { throw 1; } })",
    "Promise.prototype.then = () => { throw 1; }",
    "Function.prototype.call = Function.prototype.apply = () => { throw 1; }",
    "EventTarget.prototype.addEventListener = Event.prototype.preventDefault = () => { throw 1; }",
    "globalThis.setTimeout = () => { throw 1; }; globalThis.Promise = class {} as never",
    "performance.now = () => NaN; Performance.prototype.now = () => { throw 1; }",
    "String.prototype.replace = String.prototype.slice = RegExp.prototype.exec = () => { throw 1; }",
    "globalThis.Error = globalThis.Symbol = globalThis.Map = globalThis.URL = undefined as never",
  ].map((source) => ({
    what: source,
    source: `${source}; 1`,
    expected: /^finished: 1\n$/,
    goesOn: true,
    everywhere: true,
  }));
  // What cannot be put back lasts until Stop.
  const forGood: Trap[] = [
    "Promise.prototype.constructor = class {} as never; Promise.prototype.then = () => { throw 1; }",
    "Promise.prototype.constructor = class {} as never; Promise.prototype.then = () => {}",
    "Object.defineProperty(Object.prototype, 'type', { set() { throw 1; } })",
    "for (const i of [0, 1, 2]) Object.defineProperty(Array.prototype, i, { set() { throw 1; } })",
    "Object.freeze(Array.prototype); Object.freeze(Object.prototype); Object.freeze(globalThis)",
  ].map((source) => ({
    what: `for good: ${source}`,
    source: `${source}; 1`,
    limit: 1500,
    expected: /^(finished|failed|too long): /,
    everywhere: true,
  }));
  const hostile: Trap[] = [
    {
      what: "an error whose fields throw",
      source: "throw Object.defineProperty(new Error(), 'message', { get() { throw this; } });",
      expected: /^failed: Error: /,
    },
    {
      what: "an error that is a proxy",
      source:
        "throw new Proxy(new Error('x'), { get() { throw 1; }, getPrototypeOf() { throw 2; } });",
      expected: /^failed: Error: /,
    },
    {
      what: "an error with a message of 100 MB",
      source: "throw new Error('x'.repeat(1e8));",
      expected: /^failed: Error: x{10000}\n$/,
    },
    {
      what: "an error of a hundred thousand lines",
      source: "throw new Error('x\\n'.repeat(1e5));",
      expected: /^failed: Error: (x\n){5000}\n$/,
    },
    {
      what: "an error that causes itself",
      source: "const error = new Error('round'); error.cause = error; throw error;",
      expected: /^failed: Error: round\n$/,
    },
    {
      what: "a display that throws",
      source: "({ [Symbol.for('Jupyter.display')]() { throw new Error('no'); } })",
      expected: /^failed: Error: no\n$/,
    },
    {
      what: "a display of 100 MB",
      source: "({ [Symbol.for('Jupyter.display')]: () => ({ 'text/html': 'x'.repeat(1e8) }) })",
      expected: /^finished: Not shown: 100,000,000 characters/,
    },
    {
      what: "a display of a thousand pictures",
      source:
        "const many = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => ['image/' + i, 'x']));\n" +
        "({ [Symbol.for('Jupyter.display')]: () => many })",
      expected: /^finished: /,
    },
    {
      what: "a display without end",
      source:
        "const o: object = { get o() { return o; } }; ({ [Symbol.for('Jupyter.display')]: () => ({ o }) })",
      expected: /^failed: (TypeError|RangeError|InternalError): /,
    },
    {
      what: "a rejection and an error in a timer, which are reported",
      source:
        "Promise.reject(new Error('nobody')); setTimeout(() => { throw new RangeError('late'); });\n" +
        "await new Promise((after) => setTimeout(after, 50));",
      expected:
        /(?=.*Uncaught, in a promise: Error: nobody \(cell 1, line 1\)).*Uncaught: RangeError/s,
    },
  ].map((trap) => ({ ...trap, goesOn: true, everywhere: true }));
  // Firefox runs the frame in the page's process, and lets objects take what the machine has.
  const harmlessInFirefox = bombs.filter(({ what }) => !/reader's/.test(what));
  const others = bombs.filter((trap) => !harmlessInFirefox.includes(trap));
  const alike = [...endless, ...harmlessInFirefox].map((trap) => ({ ...trap, everywhere: true }));
  return [...alike, ...others, ...refused, ...escapes, ...pollutions, ...forGood, ...hostile];
}
