// Machines without WebAssembly, without its vectors, or with a page that forbids it: the engine
// steps in, with the same results.

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { launch } from "puppeteer-core";
import { afterEach, expect, test, vi } from "vitest";
import { findBrowser } from "../../scripts/browsers.mjs";
import { tsc } from "../../scripts/set-up.mjs";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

/** Compiles and trains a little, with modules that know nothing of what the machine could do before. */
async function findings(mode: "exact" | "fast" | "fused" = "exact") {
  vi.resetModules();
  const { compile } = await import("../../src/compile/program.ts");
  const { MLP, SGD, hinge, pythonRandom, sum } = await import("../../src/index.ts");
  const model = new MLP(2, [8, 8, 1], { activation: "tanh", random: pythonRandom(2) });
  const program = compile((x, t) => hinge(model.forward(x), t), {
    parameters: model,
    inputs: 2,
    predict: (x) => model.forward(x),
    regularizer: (ps) => sum(ps.map((p) => p.mul(p))).mul(0.01),
    mode,
  });
  const [xs, ts] = [
    [1, 2, -1, 0.5, 0.25, -3],
    [1, -1, 1],
  ];
  const optimizer = new SGD(model.parameters(), { rate: 0.1 });
  const losses: number[] = [];
  for (let step = 0; step < 5; step++) {
    losses.push(program.gradient(xs, ts));
    optimizer.step();
  }
  const gradients = model.parameters().map(({ grad }) => grad);
  const numbers = [losses, [program.loss(xs, ts)], [...program.losses(xs, ts)], gradients];
  numbers.push([...program.predict(xs)]);
  const { path, reason, bytes } = program;
  return { path, reason, size: bytes.length, mode: program.mode, numbers };
}

/** WebAssembly, but for what is said otherwise. */
const stub = (changes: object) =>
  vi.stubGlobal("WebAssembly", Object.assign(Object.create(WebAssembly), changes));

class Forbidden {
  constructor() {
    throw new WebAssembly.CompileError("refused to compile: not allowed in this page");
  }
}

const machines: [string, () => void, RegExp][] = [
  [
    "no WebAssembly",
    () => vi.stubGlobal("WebAssembly", undefined),
    /^there is no WebAssembly here$/,
  ],
  ["no vectors", () => stub({ validate: () => false }), /^the WebAssembly here has no SIMD$/],
  ["a page that forbids modules", () => stub({ Module: Forbidden }), /not allowed in this page/],
  [
    "no memory left",
    () => {
      class Full {
        constructor() {
          throw new RangeError("could not allocate memory");
        }
      }
      stub({ Memory: Full });
    },
    /could not allocate memory/,
  ],
];

test.each(machines)("compile: with %s, the engine gives the same numbers", async (_, set, why) => {
  const wanted = await findings();
  expect(wanted.path).toBe("layers");
  expect(wanted.reason).toBeUndefined();
  set();
  for (const mode of ["exact", "fast"] as const) {
    const got = await findings(mode);
    expect(got.path).toBe("engine");
    expect(got.reason).toMatch(why);
    expect(got.size).toBe(0);
    expect(got.numbers).toEqual(wanted.numbers);
  }
});

test("compile: without fused multiply-add, fused is fast, and says so", async () => {
  const fast = await findings("fast");
  const { validate } = WebAssembly;
  const hasRelaxed = (bytes: Uint8Array) => Buffer.from(bytes).includes(Buffer.from([0xfd, 0x87]));
  stub({ validate: (bytes: Uint8Array<ArrayBuffer>) => !hasRelaxed(bytes) && validate(bytes) });
  const got = await findings("fused");
  expect(got).toEqual(fast);
  expect(got.mode).toBe("fast");
});

const { path, reason } = await findBrowser("chromium", { install: process.env.CI === "true" });

test.skipIf(path === undefined)(
  `compile: in a page whose policy forbids WebAssembly, the engine steps in (${reason ?? "Chromium"})`,
  async () => {
    const folder = fileURLToPath(new URL("..", import.meta.url));
    const compiled = join(folder, ".cache", "policy");
    const { code, output } = await tsc(["-p", join(folder, "runtimes"), "--outDir", compiled]);
    expect(code, output).toBe(0);
    const server = createServer(async (request, response) => {
      const { pathname } = new URL(request.url ?? "/", "http://localhost");
      const policy = `script-src 'self'${pathname === "/free" ? " 'wasm-unsafe-eval'" : ""}`;
      response.setHeader("content-security-policy", policy);
      response.setHeader("content-type", "text/html");
      if (!pathname.endsWith(".js")) return response.end("<!doctype html><title>test</title>");
      response.setHeader("content-type", "text/javascript");
      return response.end(await readFile(join(compiled, pathname)).catch(() => ""));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo; // it listens on a port, not on a pipe
    const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
    const browser = await launch({ executablePath: path, headless: true, args });
    try {
      const results: string[] = [];
      for (const place of ["free", "forbidden"]) {
        const page = await browser.newPage();
        await page.goto(`http://127.0.0.1:${port}/${place}`);
        const found = await page.evaluate(inPage(`http://127.0.0.1:${port}/src/`));
        results.push(found as string); // see below
      }
      const [free, forbidden] = results.map((text) => JSON.parse(text));
      expect(free.path).toBe("layers");
      expect(forbidden.path).toBe("engine");
      expect(forbidden.reason).toMatch(/WebAssembly/);
      expect(forbidden.numbers).toEqual(free.numbers);
    } finally {
      await browser.close();
      server.close();
    }
  },
);

/** What runs in the page, as text, since Vitest would rewrite its imports. */
const inPage = (base: string) => `
  Promise.all([import("${base}compile/index.js"), import("${base}index.js")]).then(
    ([{ compile }, { MLP, squaredError, pythonRandom }]) => {
      const model = new MLP(2, [9, 9, 1], { random: pythonRandom(1) });
      const program = compile((x, t) => squaredError(model.forward(x), t), {
        parameters: model,
        inputs: 2,
      });
      const loss = program.gradient([1, 2, 3, 4], [0, 1]);
      const numbers = [loss, ...model.parameters().map(({ grad }) => grad)];
      return JSON.stringify({ path: program.path, reason: program.reason, numbers });
    },
  )`;
