// What users get: the packed tarball, installed in projects of theirs that have nothing else.

import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ensureBuilt, npm, root, run, tsc } from "../scripts/set-up.mjs";

const folder = mkdtempSync(join(tmpdir(), "chainrule-package-"));
const consumer = join(folder, "consumer");
const installed = join(consumer, "node_modules", "chainrule");
let tarball = "";

/** The output of a command that has to succeed. */
async function succeed(result: Promise<{ code: number; output: string }>): Promise<string> {
  const { code, output } = await result;
  expect(code, output).toBe(0);
  return output;
}

beforeAll(async () => {
  await ensureBuilt("npm test");
  await succeed(npm(root, ["pack", "--pack-destination", folder]));
  tarball = join(folder, readdirSync(folder).find((name) => name.endsWith(".tgz"))!);
  mkdirSync(consumer);
  writeFileSync(join(consumer, "package.json"), '{ "private": true, "type": "module" }');
  await succeed(npm(consumer, ["install", "--offline", "--no-audit", "--no-fund", tarball]));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("npm pack: holds the built modules, their sources and the texts, and nothing else", () => {
  const files = readdirSync(installed, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(installed.length + 1));
  const expected =
    /^(dist\/[\w/-]+\.(js|d\.ts)(\.map)?|src\/[\w/-]+\.ts|package\.json|(README|CHANGELOG)\.md|LICENSE)$/;
  expect(files.filter((name) => !expected.test(name))).toEqual([]);
  for (const name of ["dist/index.js", "dist/index.d.ts", "src/index.ts", "dist/cli/main.js"]) {
    expect(files).toContain(name);
  }
  const machine = files.filter((name) =>
    readFileSync(join(installed, name), "utf8").includes(root),
  );
  expect(machine).toEqual([]);
});

test("npm pack: is under a megabyte", () => {
  expect(statSync(tarball).size).toBeLessThan(1_000_000);
});

test("publint: finds nothing to improve in the package", async () => {
  const content = new Uint8Array(readFileSync(tarball)).buffer;
  const { messages, pkg } = await publint({ pack: { tarball: content }, strict: true });
  expect(pkg?.name).toBe("chainrule");
  expect(messages.map((message) => formatMessage(message, pkg!, { color: false }))).toEqual([]);
});

test("import from chainrule: runs in plain JavaScript with nothing else installed", async () => {
  expect(
    readdirSync(join(consumer, "node_modules")).filter((name) => !name.startsWith(".")),
  ).toEqual(["chainrule"]);
  const program = `
    import { Value } from "chainrule";
    import { compile } from "chainrule/compile";
    const a = new Value(3);
    a.mul(a).backward();
    const program = compile(([x]) => a.mul(x), { parameters: [a], inputs: 1, targets: 0 });
    console.log(a.grad, program.path, program.gradient([2]));
  `;
  const args = ["--input-type=module", "--eval", program];
  expect(await succeed(run(process.execPath, args, { cwd: consumer }))).toBe("6 straight 6\n");
});

const resolutions = [
  { module: "nodenext", moduleResolution: "nodenext" },
  { module: "esnext", moduleResolution: "bundler" },
];

for (const { module, moduleResolution } of resolutions) {
  test(`import from chainrule: type-checks with ${moduleResolution}, without DOM and Node`, async () => {
    const options = { module, moduleResolution, lib: ["es2022"], types: [], target: "es2022" };
    const compilerOptions = { ...options, strict: true, noEmit: true };
    const check = (program: string) => {
      writeFileSync(join(consumer, "consumer.ts"), program);
      const config = { compilerOptions, files: ["consumer.ts"] };
      writeFileSync(join(consumer, "tsconfig.json"), JSON.stringify(config));
      return tsc(["-p", consumer]);
    };
    const right = `
      import { MLP, Value, grad, squaredError } from "chainrule";
      import { compile, type Program } from "chainrule/compile";
      const a: Value = new Value(2, "a");
      const slope: number = grad(a.mul(3).tanh(), [a])[0]!.data;
      const outputs: Value[] = new MLP(3, [4, 4, 1]).forward([1, 2, slope]);
      for (const p of outputs) p.data -= 0.1 * p.grad;
      const options = { parameters: [a], inputs: 1 };
      const program: Program = compile(([x], t) => squaredError(a.mul(x!), t), options);
      const loss: number = program.gradient([[1]], [2]);
    `;
    await succeed(check(right));
    const wrong = await check(right.replace("new Value(2,", 'new Value("2",'));
    expect(wrong.code).not.toBe(0);
    expect(wrong.output).toContain("consumer.ts(4");
  });
}

test("npx chainrule --help: says what can be done", async () => {
  const output = await succeed(npm(consumer, ["exec", "--offline", "--", "chainrule", "--help"]));
  expect(output).toContain("chainrule train");
});

test("src outside src/cli: compiles without the types of DOM and Node", async () => {
  const config = {
    extends: join(root, "tsconfig.json"),
    compilerOptions: { rootDir: join(root, "src"), lib: ["es2022"], types: [], noEmit: true },
    include: [join(root, "src")],
    exclude: [join(root, "src", "cli")],
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
  await succeed(tsc(["-p", folder]));
});
