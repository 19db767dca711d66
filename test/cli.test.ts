// The command: what it prints where, what it refuses, and how it ends. Most of it runs in this
// process; pipes, signals and links need the built program.

import { spawn } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { ensureBuilt, root } from "../scripts/set-up.mjs";
import { lossChart } from "../src/cli/chart.ts";
import { oneLine, wrap } from "../src/cli/terminal.ts";
import { optionTexts, readOptions } from "../src/cli/train-options.ts";
import { formatCSV } from "../src/csv.ts";
import { evenOdd, makeMoons } from "../src/data.ts";
import { nearest } from "../src/errors.ts";
import { parseModel } from "../src/model-file.ts";
import { activations, initializations } from "../src/nn.ts";
import { pythonRandom } from "../src/random.ts";
import { dataNames } from "../src/recipes.ts";
import { lossNames } from "../src/train.ts";
import { bare, type Pretended, type Result, runCommand as run } from "./command.ts";

const folder = realpathSync(mkdtempSync(join(tmpdir(), "chainrule-cli-")));
const before = process.cwd();
const program = join(root, "dist", "cli", "main.js");

beforeAll(async () => {
  await ensureBuilt("npm test");
  process.chdir(folder);
});
beforeEach(() => {
  for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true });
});
afterAll(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true, force: true });
});

const train = (line: string, pretended?: Pretended) =>
  run(["train", ...line.split(" ").filter((word) => word !== "")], pretended);

/** The document that --json prints. */
async function trainJSON(line: string): Promise<Record<string, never>> {
  const { code, out, err } = await train(`${line} --json`);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  return JSON.parse(out);
}

/** Runs the built program, or a shell, as a process of its own. */
function start(command: string, args: readonly string[]) {
  const child = spawn(command, args, { cwd: folder, env: { ...process.env, ...bare } });
  const result = { out: "", err: "" };
  child.stdout.on("data", (part) => {
    result.out += part;
  });
  child.stderr.on("data", (part) => {
    result.err += part;
  });
  const ended = new Promise<Result>((resolve) => {
    child.on("close", (code) => resolve({ code, ...result }));
  });
  return { child, ended };
}

const escapeCode = "\u001b[";
const color = new RegExp(`${escapeCode.replace("[", "\\[")}\\d+m`);

describe("chainrule train, without options", () => {
  test("chainrule train: does the original's job and says how it went", async () => {
    const { code, out, err } = await train("");
    expect({ code, err }).toEqual({ code: 0, err: "" });
    const words = out.replace(/\s+/g, " ");
    expect(words).toContain(
      "Training a 3-4-4-1 network (tanh, 41 parameters, seed 1337) on even-odd (4 points): " +
        "meanSquaredError, sgd at rate 0.1, full batch, 500 epochs.",
    );
    expect(words).toContain("loss (logarithmic)");
    expect(words).toMatch(/0 250 500 epochs/);
    // Targets beside predictions, each of the right sign and near.
    const rows = out
      .split("\n")
      .filter((line) => /^ +-?\d +-?\d +-?\d +-?1 +-?0\.\d{4}$/.test(line));
    expect(rows.map((row) => row.trim().split(/ +/).map(Number).slice(0, 4))).toEqual(
      evenOdd().inputs.map((x, i) => [...x, ...evenOdd().targets[i]!]),
    );
    for (const row of rows) {
      const [, , , target, prediction] = row.trim().split(/ +/).map(Number);
      expect(Math.abs(target! - prediction!)).toBeLessThan(0.1);
    }
    expect(words).toMatch(/Loss \d\.\d+ → 0\.000\d+ in 500 epochs\./);
    const share = /It memorised four points: .* is ([\d.]+) % on the 729 lattice points/.exec(
      words,
    );
    expect(Math.abs(Number(share![1]) - 50)).toBeLessThan(10);
  });

  test("chainrule train: says the accuracy on the lattice that the saved network has", async () => {
    const { latticeAccuracy, losses, settings } = await trainJSON("--save model.json");
    const { model } = parseModel(readFileSync("model.json", "utf8"));
    let right = 0;
    for (let x = -3; x <= 5; x++) {
      for (let y = -3; y <= 5; y++) {
        for (let z = -3; z <= 5; z++) {
          const even = (Math.abs(x) + Math.abs(y) + Math.abs(z)) % 2 === 0;
          if (model.predict([x, y, z])[0]! > 0 === even) right += 1;
        }
      }
    }
    expect(latticeAccuracy).toBe(right / 729);
    expect((losses as number[]).length).toBe(500);
    expect(settings).toMatchObject({ optimizer: "sgd", rate: 0.1, init: "uniform", epochs: 500 });
  });

  test("chainrule train: says the same thing twice, and another thing with another seed", async () => {
    const [first, second, other] = [await train(""), await train(""), await train("--seed 2")];
    expect(second).toEqual(first);
    expect(other.out).not.toBe(first.out);
    expect(other.out.replace(/\s+/g, " ")).toContain("seed 2)");
  });
});

describe("where it prints", () => {
  test("chainrule train: not on a terminal there are plain lines and nothing is rewritten", async () => {
    const { out } = await train("");
    expect(out).not.toContain(escapeCode);
    expect(out).not.toContain("\r");
  });

  test("chainrule train: on a terminal it rewrites a line while it runs, and leaves none", async () => {
    const { out } = await train("", { tty: true, columns: 80 });
    expect(out).toMatch(/\repoch +1 of 500 .* loss 1\.\d+/);
    expect(out).toMatch(color);
    expect(out).toContain("\r\u001b[K\n");
    const end = out.slice(out.lastIndexOf("\r\u001b[K") + 4);
    expect(end).not.toContain("epoch 1 of");
  });

  test("chainrule train: NO_COLOR takes the colours, FORCE_COLOR gives them anywhere", async () => {
    const tty = { tty: true, columns: 80 };
    expect((await train("", { ...tty, env: { NO_COLOR: "1" } })).out).not.toMatch(color);
    expect((await train("", { env: { FORCE_COLOR: "1" } })).out).toMatch(color);
    expect((await train("", { ...tty, env: { FORCE_COLOR: "0" } })).out).not.toMatch(color);
    expect((await train("", { env: { FORCE_COLOR: "1" } })).out).not.toContain("\r");
  });

  test("chainrule train: a dumb terminal gets ASCII and no escapes", async () => {
    const { out } = await train("", { tty: true, columns: 80, env: { TERM: "dumb" } });
    expect(out).not.toMatch(/[^\n -~]/);
  });

  test("chainrule train: without a locale of UTF-8 there is only ASCII", async () => {
    const { out } = await train("", { env: { LANG: "C" } });
    expect(out).toContain("0.1 +*");
    expect(out).not.toMatch(/[^\n -~]/);
    expect((await train("", { env: { LANG: "de_DE.utf8" } })).out).toContain("⣀");
  });

  test.each([20, 40, 80, 120, 0])(
    "chainrule train: no line is wider than %i columns",
    async (columns) => {
      for (const options of ["", "--data yin-yang --epochs 3 --held-out 0.2", "--epochs 0"]) {
        const { out } = await train(options, { tty: true, columns, env: { NO_COLOR: "1" } });
        const lines = out.split(/\r|\n/).map((line) => line.replace("\u001b[K", ""));
        expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns || 80);
      }
    },
  );

  test("chainrule train --quiet: prints the line with the losses alone", async () => {
    const { out } = await train("--quiet", { tty: true, columns: 80 });
    expect(out).toMatch(/^Loss 1\.\d+ → 0\.0\d+ in 500 epochs\.\n$/);
  });

  test("chainrule train --json: prints one document and nothing else, the same every time", async () => {
    const line = "--data moons --points 20 --epochs 4 --held-out 0.25 --json";
    const { code, out, err } = await train(line, { tty: true, columns: 80 });
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out.endsWith("}\n")).toBe(true);
    const told = JSON.parse(out);
    expect(told).toMatchObject({
      data: { name: "moons", task: "sign", points: 15, heldOut: 5 },
      net: { inputs: 2, sizes: [16, 16, 1], activation: "relu", output: "linear", parameters: 337 },
      seed: 1337,
      epochs: 4,
      stopped: "epochs",
    });
    expect(told.firstLoss).toBe(told.losses[0]);
    expect(told.losses.length).toBe(4);
    expect(told.heldOutLosses.length).toBe(4);
    expect(told.predictions.length).toBe(15);
    expect(Object.keys(told)).toContain("heldOutAccuracy");
    expect((await train(line)).out).toBe(out);
  });

  test("chainrule: says what there is with no argument and --help, and its version", async () => {
    const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    expect(await run(["--version"])).toEqual({ code: 0, out: `${version}\n`, err: "" });
    const none = await run([]);
    expect(none).toEqual(await run(["--help"]));
    expect(none.code).toBe(0);
    for (const word of ["chainrule train", "chainrule replay"]) expect(none.out).toContain(word);
  });

  test("chainrule train --help: has every option, and its examples are right", async () => {
    const { code, out } = await train("--help");
    expect(code).toBe(0);
    for (const name of Object.keys(optionTexts)) expect(out).toContain(`  --${name}`);
    for (const line of out.split("\n")) expect(line.length).toBeLessThan(80);
    const examples = out.split("\n").filter((line) => line.startsWith("  chainrule train"));
    expect(examples.length).toBeGreaterThan(5);
    for (const example of examples) readOptions(example.trim().split(" ").slice(2));
    expect((await run(["train", "-h"])).out).toBe(out);
  });
});

describe("the data sets", () => {
  test.each(dataNames)(
    "chainrule train --data %s: learns, with what suits the data",
    async (name) => {
      const points = ["even-odd", "cube", "xor"].includes(name) ? "" : "--points 40";
      const { firstLoss, lastLoss } = await trainJSON(`--data ${name} ${points}`);
      expect(lastLoss).toBeLessThan(0.2 * firstLoss);
    },
  );

  test("chainrule train --data moons: takes the points of makeMoons, whatever the seed", async () => {
    const run = (seed: number) => trainJSON(`--data moons --epochs 0 --seed ${seed}`);
    const [first, second] = [await run(1), await run(2)];
    expect(first.targets).toEqual(makeMoons().targets);
    expect(second.targets).toEqual(first.targets);
    expect(second.lastLoss).not.toBe(first.lastLoss);
  });

  test("chainrule train --csv: learns the same from a file as from the data in it", async () => {
    writeFileSync("moons.csv", formatCSV(makeMoons()));
    const settings = "--hidden 4 --activation relu --epochs 3";
    const file = await trainJSON(`--csv moons.csv ${settings}`);
    const data = await trainJSON(`--data moons ${settings}`);
    expect(file.losses).toEqual(data.losses);
    expect(file.data).toMatchObject({ name: "moons.csv", points: 100 });
    const half = await trainJSON(`--csv moons.csv ${settings} --held-out 0.5`);
    expect(half.data).toMatchObject({ points: 50, heldOut: 50 });
  });

  test("chainrule train --csv: the loss says what whole numbers mean", async () => {
    writeFileSync("classes.csv", "0,0\n1,1\n2,0\n3,1\n");
    const with_ = (options: string) => trainJSON(`--csv classes.csv --epochs 1 ${options}`);
    expect(await with_("")).toMatchObject({
      data: { task: "classes" },
      net: { sizes: [16, 16, 2] },
    });
    expect(await with_("--loss huber")).toMatchObject({ data: { task: "regression" } });
    expect(await with_("--loss binaryCrossEntropy")).toMatchObject({
      data: { task: "sign" },
      targets: [[-1], [1], [-1], [1]],
    });
    writeFileSync("two.csv", "a,b,c\n1,2,3\n2,3,5\n");
    expect(await trainJSON("--csv two.csv --targets 2 --epochs 1")).toMatchObject({
      net: { inputs: 1 },
      targets: [
        [2, 3],
        [3, 5],
      ],
    });
  });

  test("chainrule train --csv: a wrong file is refused with line and column", async () => {
    const refusal = async (text: string | Uint8Array) => {
      writeFileSync("wrong.csv", text);
      const { code, out, err } = await train("--csv wrong.csv");
      expect({ code, out }).toEqual({ code: 1, out: "" });
      return err;
    };
    const where = 'chainrule train: --csv: "wrong.csv": ';
    expect(await refusal("a,b\n1,2\n1,x\n")).toBe(
      `${where}line 3, column 2 ("b"): expected a number, got "x"\n`,
    );
    expect(await refusal("")).toBe(`${where}expected lines of numbers, got empty text\n`);
    expect(await refusal(new Uint8Array([0xff, 0xfe, 0x31]))).toBe(
      `${where}expected text in UTF-8, got other bytes\n`,
    );
  });
});

describe("settings", () => {
  test("chainrule train --schedule: goes where it says, in shares of the rate", async () => {
    const lossesOf = async (options: string) =>
      (await trainJSON(`--epochs 4 --rate 0.2 ${options}`)).losses as number[];
    const constant = await lossesOf("");
    expect(await lossesOf("--schedule constant")).toEqual(constant);
    expect(await lossesOf("--schedule linear:1")).toEqual(constant);
    expect(await lossesOf("--schedule step:0.5,100")).toEqual(constant);
    expect(await lossesOf("--schedule exponential:1")).toEqual(constant);
    // A rate of 0 from the second step on: the first is made, and no other.
    const [first, second] = constant;
    expect(await lossesOf("--schedule step:0,1")).toEqual([first, second, second, second]);
    // Halved after each epoch: the same as a rate that is halved by hand.
    expect(await lossesOf("--schedule exponential:0.5")).toEqual(
      await lossesOf("--schedule step:0.5,1"),
    );
    expect(await lossesOf("--schedule linear")).not.toEqual(await lossesOf("--schedule cosine"));
  });

  test("chainrule train --schedule: counts epochs, however many steps they have", async () => {
    const losses = (await trainJSON("--epochs 4 --batch 2 --schedule step:0,2")).losses as number[];
    const constant = (await trainJSON("--epochs 4 --batch 2")).losses as number[];
    expect(losses.slice(0, 2)).toEqual(constant.slice(0, 2));
    expect(losses[3]).toBeCloseTo(losses[2]!, 12); // the same weights, in another order
    expect(Math.abs(losses[2]! - losses[1]!)).toBeGreaterThan(1e-6);
  });

  test.each([
    ["sgd", ""],
    ["momentum", ""],
    ["momentum", "--momentum 0.5"],
    ["nesterov", ""],
    ["adam", "--weight-decay 0.1"],
    ["adamw", ""],
  ])("chainrule train --optimizer %s %s: trains", async (optimizer, more) => {
    const { firstLoss, lastLoss } = await trainJSON(`--epochs 50 --optimizer ${optimizer} ${more}`);
    expect(lastLoss).toBeLessThan(firstLoss);
  });

  test("chainrule train: each setting changes what comes out", async () => {
    const usual = JSON.stringify((await trainJSON("--epochs 5")).losses);
    const settings = [
      "hidden 5",
      "hidden none",
      "activation relu",
      "output linear",
      "init lecture",
    ];
    settings.push("loss huber", "optimizer adam", "rate 0.2", "weight-decay 0.1", "batch 1");
    settings.push("seed 5", "held-out 0.5", "schedule cosine", "optimizer momentum", "data cube");
    for (const setting of settings) {
      const { losses } = await trainJSON(`--epochs 5 --${setting}`);
      expect(JSON.stringify(losses), setting).not.toBe(usual);
    }
  });
});

describe("--engine", () => {
  const line = "--data moons --points 30 --held-out 0.2 --batch 7 --epochs 12 --schedule cosine";

  test("chainrule train --engine: prints and saves the same, whichever it is", async () => {
    const run = async (engine: string) => {
      const { code, out, err } = await train(`${line} --engine ${engine} --save model.json`);
      return { code, out, err, saved: readFileSync("model.json", "utf8") };
    };
    const byEngine = await run("engine");
    expect(byEngine).toMatchObject({ code: 0, err: "" });
    expect(await run("compiled")).toEqual(byEngine);
    expect(await run("auto")).toEqual(byEngine);
  });

  test("chainrule train --json: says which engine it was, and nothing else differs", async () => {
    const documentOf = (engine: string) => trainJSON(`${line} ${engine}`);
    const [engine, compiled, auto, short] = [
      await documentOf("--engine engine"),
      await documentOf("--engine compiled"),
      await documentOf(""),
      await trainJSON("--epochs 0"),
    ];
    expect(engine.engine).toBe("engine");
    expect(compiled).toEqual({ ...engine, engine: "compiled" });
    expect(auto).toEqual(compiled);
    expect(short.engine).toBe("engine");
  });

  test("chainrule train --report: says which engine it was", async () => {
    for (const engine of ["engine", "compiled"]) {
      await train(`--epochs 3 --engine ${engine} --report page.html`);
      const text = readFileSync("page.html", "utf8").replace(/<[^>]*>/g, " ");
      expect(text.replace(/\s+/g, " ")).toContain(` engine ${engine} `);
    }
  });

  test("chainrule train --engine compiled: shows progress, and names what is not finite", async () => {
    const tty = { tty: true, columns: 80 };
    const { out } = await train("--engine compiled --epochs 30000 --batch 2", tty);
    expect(out).toMatch(/\repoch +[1-9]\d* of 30000 .* loss \d\.\d+/);
    expect(out).toMatch(/Loss 1\.\d+ → \d.* in 30000 epochs\./);
    const bad = (engine: string) =>
      train(`--data sine --rate 1e200 --optimizer sgd --output linear --quiet --engine ${engine}`);
    const failed = await bad("compiled");
    expect(failed).toMatchObject({
      code: 1,
      err: expect.stringMatching(/not finite|is -?Infinity/),
    });
    expect(await bad("engine")).toEqual(failed);
  });

  test("chainrule train --engine compiled: where it cannot be had, the reason is the error", async () => {
    vi.stubGlobal("WebAssembly", undefined);
    try {
      const { code, err } = await train("--engine compiled");
      expect({ code, err }).toEqual({
        code: 1,
        err: expect.stringContaining(
          "--engine: expected a training that can be compiled, got one that cannot: " +
            "there is no WebAssembly here",
        ),
      });
      expect(await train("--engine auto")).toMatchObject({ code: 0, err: "" });
    } finally {
      vi.unstubAllGlobals();
    }
  });
});

describe("saving and loading", () => {
  test("chainrule train --save: load and save again give the same bytes", async () => {
    await train("--save a.json");
    await train("--load a.json --epochs 0 --seed 9 --save b.json");
    expect(readFileSync("b.json", "utf8")).toBe(readFileSync("a.json", "utf8"));
    const { training, seed } = parseModel(readFileSync("a.json", "utf8"));
    expect(seed).toBe(1337);
    expect(training).toMatchObject([
      { data: "even-odd", points: 4, loss: "meanSquaredError", optimizer: "sgd", epochs: 500 },
    ]);
  });

  test("chainrule train --load: goes on where the file ends, with its data and settings", async () => {
    const settings = "--data moons --points 30 --hidden 3 --optimizer sgd --rate 0.3";
    await train(`${settings} --epochs 10 --save half.json`);
    const rest = await trainJSON("--load half.json --epochs 7 --save whole.json");
    const whole = await trainJSON(`${settings} --epochs 17`);
    expect(rest.losses).toEqual((whole.losses as number[]).slice(10));
    expect(rest.lastLoss).toBe(whole.lastLoss);
    const { training } = parseModel(readFileSync("whole.json", "utf8"));
    expect(training!.map(({ epochs }) => epochs)).toEqual([10, 7]);
  });

  test("chainrule train --load: refuses a damaged file, and data that it is not for", async () => {
    await train("--epochs 1 --save model.json");
    const text = readFileSync("model.json", "utf8");
    const where = 'chainrule train: --load: "bad.json": ';
    writeFileSync("bad.json", text.replace(/\[\n +\S+,/, "[\nnull,"));
    expect(await train("--load bad.json")).toEqual({
      code: 1,
      out: "",
      err: `${where}weights[0]: expected a finite number, got null\n`,
    });
    writeFileSync("bad.json", text.replace('"sgd"', '"magic"'));
    const { code, err } = await train("--load bad.json");
    expect(code).toBe(1);
    expect(err).toMatch(/^chainrule train: --load: "bad.json": training: --optimizer: .*"magic"/);
    expect(await train("--load model.json --data moons")).toMatchObject({ code: 2, out: "" });
    expect((await train("--load model.json --hidden 3")).code).toBe(2);
    writeFileSync("x.csv", "1,2\n3,4\n");
    await train("--csv x.csv --epochs 1 --save csv.json");
    const other = await train("--load csv.json");
    expect(other.code).toBe(2);
    expect(other.err).toContain('"csv:x.csv"');
    expect((await train("--load csv.json --csv x.csv --epochs 1")).code).toBe(0);
  });

  test("chainrule train --load: a file of 200 MB is refused by its size, unread", async () => {
    writeFileSync("huge.json", "");
    truncateSync("huge.json", 200_000_000); // takes no room on the disk
    expect((await train("--load huge.json")).err).toBe(
      'chainrule train: --load: "huge.json": expected at most 50000000 bytes, got 200000000\n',
    );
    expect((await train("--csv huge.json")).err).toContain("got 200000000\n");
  });

  test("chainrule train: files that cannot be had are named, with the reason", async () => {
    mkdirSync("folder");
    const lines: [line: string, reason: string][] = [
      ["--load no.json", 'load: "no.json": there is no such file or folder'],
      ["--csv no.csv", 'csv: "no.csv": there is no such file or folder'],
      ["--csv folder", 'csv: "folder": expected a file, got a folder'],
      ["--save no/where.json", 'save: "no/where.json": there is no such file or folder'],
      ["--save folder", 'save: "folder": expected the name of a file, got a folder'],
    ];
    if (process.platform !== "win32") {
      lines.push(["--csv /dev/zero", 'csv: "/dev/zero": expected a file, got a device']);
      lines.push([
        "--save /dev/null",
        'save: "/dev/null": expected the name of a file, got a device',
      ]);
    }
    for (const [line, reason] of lines) {
      const err = `chainrule train: --${reason}\n`;
      expect(await train(line)).toEqual({ code: 1, out: "", err });
    }
  });

  test("chainrule train --save: replaces a file whole, keeps its mode, and leaves no other", async () => {
    writeFileSync("model.json", "old");
    chmodSync("model.json", 0o600);
    symlinkSync("model.json", "link.json");
    await train("--epochs 1 --save link.json");
    expect(readdirSync(".").sort()).toEqual(["link.json", "model.json"]);
    parseModel(readFileSync("model.json", "utf8"));
    if (process.platform !== "win32") expect(statSync("model.json").mode & 0o777).toBe(0o600);
  });

  test("chainrule train --save, --report: never write over the file that is read", async () => {
    writeFileSync("points.csv", "1,2\n3,4\n");
    symlinkSync("points.csv", "link.json");
    await train("--epochs 1 --save model.json");
    const model = readFileSync("model.json", "utf8");
    for (const [line, reason] of [
      ["--csv points.csv --save ./points.csv", "save: expected another file than that of --csv"],
      ["--csv points.csv --save link.json", "save: expected another file than that of --csv"],
      ["--csv points.csv --report points.csv", "report: expected another file than that of --csv"],
      [
        "--load model.json --report model.json",
        "report: expected another file than that of --load",
      ],
    ]) {
      const { code, out, err } = await train(line!);
      expect({ code, out }).toEqual({ code: 2, out: "" });
      expect(err).toContain(`chainrule train: --${reason}, got "`);
    }
    expect(readFileSync("points.csv", "utf8")).toBe("1,2\n3,4\n");
    expect(readFileSync("model.json", "utf8")).toBe(model);
    expect((await train("--load model.json --save model.json --epochs 1")).code).toBe(0);
  });

  test("chainrule train --save: if it cannot be written, the old file stays as it was", async () => {
    writeFileSync("model.json", "old");
    mkdirSync(`.chainrule-${process.pid}.tmp`); // in the way of the temporary file
    const { code, out, err } = await train("--epochs 1 --save model.json");
    expect(code).toBe(1);
    expect(out).toContain("Loss ");
    expect(out).not.toContain("Saved");
    expect(err).toMatch(/^chainrule train: --save: "model.json": .*\n$/);
    expect(readFileSync("model.json", "utf8")).toBe("old");
  });
});

describe("numbers that are not finite", () => {
  test("chainrule train: names the first, ends with 1, and saves the last good weights", async () => {
    const { code, out, err } = await train("--output linear --rate 1e300 --save last.json");
    expect(code).toBe(1);
    expect(err).toMatch(
      /^chainrule train: epoch 1: the first value that is not finite is square\(.*\) = Infinity, .*; the weights are the last good ones\n$/,
    );
    expect(out).toContain("Saved to last.json.");
    const { model } = parseModel(readFileSync("last.json", "utf8"));
    await train("--epochs 0 --output linear --save first.json");
    const first = parseModel(readFileSync("first.json", "utf8")).model;
    expect(model.predict([1, 2, 3])).toEqual(first.predict([1, 2, 3]));
  });

  test("chainrule train --json: tells of it in the document, too", async () => {
    const { code, out, err } = await train("--output linear --rate 1e300 --json");
    expect(code).toBe(1);
    expect(err).toContain("not finite");
    expect(JSON.parse(out)).toMatchObject({ stopped: "not finite", epochs: 0 });
  });
});

describe("wrong command lines", () => {
  const wrong: [line: string, message: string][] = [
    ["--rate -1", '--rate: expected a finite number of at least 0, got "-1"'],
    ["--rate=-1", '--rate: expected a finite number of at least 0, got "-1"'],
    ["--rate 0x10", '--rate: expected a finite number of at least 0, got "0x10"'],
    ["--rate NaN", '--rate: expected a finite number of at least 0, got "NaN"'],
    ["--rate 1e999", '--rate: expected a finite number of at least 0, got "1e999"'],
    ["--rate=", '--rate: expected a finite number of at least 0, got ""'],
    ["--rate", "--rate: expected a value (X) after it, got nothing"],
    ["--rate --epochs 5", '--rate: expected a value (X) after it, got the option "--epochs"'],
    ["--rate 1 --rate 1", "--rate: expected once, got it twice"],
    ["--hiden 4", 'expected an option, got "--hiden"; did you mean --hidden?'],
    ["--sched linear", 'expected an option, got "--sched"; did you mean --schedule?'],
    ["-r 1", 'expected an option, got "-r"; see --help'],
    ["moons", 'expected options, which begin with --, got "moons"; see --help'],
    ["--json=yes", '--json: expected no value, got "yes"'],
    ["--hidden 4,,4", '--hidden: expected sizes such as 4,4, or none, got "4,,4"'],
    ["--hidden 0", '--hidden: expected a whole number from 1 to 10000, got "0"'],
    ["--hidden 1000000", '--hidden: expected a whole number from 1 to 10000, got "1000000"'],
    [
      "--hidden 9999,9999",
      "--hidden: expected a network with at most 1000000 parameters, got 100039996",
    ],
    [
      "--data moons --points 1000000",
      "--batch: expected at most 6220 points in a step with this network, got 1000000",
    ],
    ["--data moons --points 1", '--points: expected a whole number from 2 to 1000000, got "1"'],
    ["--points 9", "--points: expected data that is drawn, such as moons, got even-odd"],
    [
      "--data yin-yang --noise 1",
      "--noise: expected data that has some, such as moons, got yin-yang",
    ],
    ["--epochs 1e3", '--epochs: expected a whole number from 0 to 10000000, got "1e3"'],
    ["--epochs 99999999", '--epochs: expected a whole number from 0 to 10000000, got "99999999"'],
    [
      "--epochs 9999999 --batch 2",
      "--epochs: expected at most 10000000 steps in all, got 19999998",
    ],
    ["--batch 0", '--batch: expected a whole number from 1 to 1000000, got "0"'],
    [
      "--seed 9007199254740993",
      '--seed: expected a whole number from 0 to 9007199254740991, got "9007199254740993"',
    ],
    ["--held-out 1", '--held-out: expected a number from 0 to 0.999, got "1"'],
    [
      "--loss hinge --data sine",
      "--loss: expected targets of -1 and 1 for hinge, such as those of moons, got others",
    ],
    [
      "--loss huber --data yin-yang",
      "--loss: expected crossEntropy for data with classes, got huber",
    ],
    [
      "--loss crossEntropy",
      "--loss: expected one for targets that are no classes, such as meanSquaredError, got crossEntropy",
    ],
    [
      "--loss binaryCrossEntropy --output sigmoid",
      "--output: expected linear, as binaryCrossEntropy has its own sigmoid, got sigmoid",
    ],
    ["--momentum 0.5", "--momentum: expected --optimizer momentum or nesterov beside it, got sgd"],
    [
      "--optimizer nesterov --momentum 0",
      "--momentum: expected a number above 0 for nesterov, got 0",
    ],
    ["--schedule step:0.5", '--schedule: expected step:0.5,100, got "step:0.5"'],
    ["--schedule linear:2", '--schedule: expected a number from 0 to 1, got "2"'],
    ["--csv x.csv --data xor", "--csv: expected no --data beside it, got --data xor"],
    ["--targets 2", "--targets: expected --csv FILE beside it, got none"],
    ["--quiet --json", "--quiet: expected no --json beside it, got --json"],
    ["--save=", '--save: expected the name of a file, got ""'],
    ["--save -", '--save: expected the name of a file, got "-"'],
  ];
  test.each(wrong)("chainrule train %s: one line, exit code 2", async (line, message) => {
    expect(await train(line)).toEqual({ code: 2, out: "", err: `chainrule train: ${message}\n` });
  });

  test("chainrule: an unknown command is refused, with the nearest one", async () => {
    expect(await run(["trian"])).toEqual({
      code: 2,
      out: "",
      err: 'chainrule: expected train, replay, graph, explain, got "trian"; did you mean train?\n',
    });
    expect((await run(["constructor"])).code).toBe(2);
    expect((await run([""])).err).toBe(
      'chainrule: expected train, replay, graph, explain, got ""; see chainrule --help\n',
    );
  });

  test("chainrule train: names of options and values are not looked up in what all objects have", async () => {
    for (const name of ["constructor", "__proto__", "toString", "hasOwnProperty"]) {
      for (const line of [
        `--${name} 1`,
        `--loss ${name}`,
        `--data ${name}`,
        `--schedule ${name}`,
      ]) {
        expect((await train(line)).code, line).toBe(2);
      }
    }
  });

  test("chainrule train: of 600 hostile command lines none crashes, hangs or goes unanswered", async () => {
    const random = pythonRandom(2026);
    const pick = <T>(things: readonly T[]): T => things[random.integer(things.length)]!;
    const names = Object.keys(optionTexts).filter((name) => name !== "epochs");
    const values = ["", "0", "1", "-1", "-0", "0.5", "1e999", "-1e-999", "NaN", "Infinity", "0x1F"];
    values.push("1_000", "٣", "2,3", "4,,4", "none", ",", "-", "--", "--rate", "null");
    values.push("true", "[]", "{}", "__proto__", "constructor", "../..", "/", "~", "*", "$(id)");
    values.push(
      "a\nb",
      "\u001b[31m",
      "\u2028",
      "\ud800",
      "\0",
      "x".repeat(10_000),
      "9".repeat(400),
    );
    values.push(
      "moons",
      "xor",
      "tanh",
      "sigmoid",
      "hinge",
      "adam",
      "nesterov",
      "linear:0.1",
      "step:0.5,2",
    );
    values.push("cosine:", "step:,", "1000001", "99999999999", "5", "20", "0.1");
    const right: Record<string, readonly string[]> = {
      data: dataNames,
      points: ["2", "9"],
      noise: ["0", "0.3"],
      "held-out": ["0.1", "0.5"],
      hidden: ["none", "1", "2,3"],
      activation: activations,
      output: activations,
      init: initializations,
      loss: lossNames,
      optimizer: ["sgd", "momentum", "nesterov", "adam", "adamw"],
      rate: ["0", "0.01", "1e300"],
      momentum: ["0", "0.9"],
      schedule: ["linear", "cosine:1", "step:0.5,1"],
      seed: ["0", "7"],
      batch: ["1", "3"],
      save: ["saved.json", "nowhere/saved.json"],
      load: ["saved.json", "moons.json"],
    };
    await train("--data moons --points 9 --epochs 1 --save moons.json");
    const counts = new Map<number, number>();
    for (let n = 0; n < 600; n++) {
      const args = ["train", "--epochs", random.next() < 0.9 ? "1" : pick(["0", "-1", "", "x"])];
      const hostile = n % 2 === 0;
      for (let words = random.integer(4); words >= 0; words--) {
        const name = hostile && random.next() < 0.1 ? pick(values) : pick(names);
        const value = pick(hostile ? values : (right[name] ?? [""]));
        if (value === "" && !hostile) args.push(`--${name}`);
        else if (random.next() < 0.3) args.push(`--${name}=${value}`);
        else args.push(`--${name}`, value);
      }
      const { code, out, err } = await run(args);
      const line = JSON.stringify(args).slice(0, 300);
      counts.set(code!, (counts.get(code!) ?? 0) + 1);
      expect([0, 1, 2], line).toContain(code);
      if (code === 0)
        expect(`${out}${err}`, line).toMatch(/Loss|"lastLoss"|chainrule train \[options\]/);
      else
        expect(err, line).toMatch(
          /^chainrule train: [^\p{Cc}]+: expected .*\n$|^chainrule train: [^\p{Cc}]+\n$/u,
        );
      if (code === 2) expect(out, line).toBe("");
      expect(out + err, line).not.toMatch(/\n +at |node:internal|undefined|\[object/);
    }
    expect(counts.get(0)).toBeGreaterThan(60);
    expect(counts.get(2)).toBeGreaterThan(300);
  });
});

describe("as a program", () => {
  const moons = ["train", "--data", "moons", "--epochs", "1000000"];

  test("chainrule train | head -1: ends quietly, and still saves", async () => {
    for (const save of ["", "--save model.json"]) {
      const line = `set -o pipefail; "$0" "$1" train ${save} | head -1`;
      const { ended } = start("bash", ["-c", line, process.execPath, program]);
      const { code, out, err } = await ended;
      expect({ code, err }).toEqual({ code: 0, err: "" });
      expect(out).toMatch(/^Training a 3-4-4-1 .*\n$/);
    }
    parseModel(readFileSync("model.json", "utf8"));
  });

  test("chainrule train: with nobody to read and nothing to save it stops by itself", async () => {
    const line = `"$0" "$1" ${moons.join(" ")} --hidden 2 | true; echo "\${PIPESTATUS[0]}"`;
    const { ended } = start("bash", ["-c", line, process.execPath, program]);
    expect(await ended).toMatchObject({ out: "0\n", err: "" });
  });

  test.each([
    ["SIGINT", 130, "Ctrl-C", "compiled"],
    ["SIGINT", 130, "Ctrl-C", "engine"],
    ["SIGTERM", 143, "SIGTERM", "compiled"],
  ] as const)(
    "chainrule train: %s ends it with a summary, a saved model and %i; %s, %s",
    async (signal, code, name, engine) => {
      const more = ["--engine", engine, "--save", "model.json"];
      const { child, ended } = start(process.execPath, [program, ...moons, ...more]);
      child.stdout.once("data", () => child.kill(signal));
      const result = await ended;
      expect(result).toMatchObject({ code, err: "" });
      const words = result.out.replace(/\s+/g, " ");
      expect(words).toMatch(/Loss .* in \d+ of 1000000 epochs\./);
      expect(words).toContain(`Stopped by ${name}. Saved to model.json.`);
      const { training } = parseModel(readFileSync("model.json", "utf8"));
      expect(words).toContain(`in ${training![0]!.epochs} of`);
    },
  );

  test("chainrule train --json: a signal leaves a whole document", async () => {
    const { child, ended } = start(process.execPath, [program, ...moons, "--json"]);
    setTimeout(() => child.kill("SIGINT"), 1_500);
    const { code, out } = await ended;
    expect(code).toBe(130);
    expect(JSON.parse(out)).toMatchObject({ stopped: "caller", data: { name: "moons" } });
  });

  test("chainrule: runs through a link, as npm makes one", async () => {
    symlinkSync(program, "chainrule");
    const { ended } = start(process.execPath, ["chainrule", "train", "--quiet"]);
    expect(await ended).toMatchObject({ code: 0, err: "" });
    expect(readFileSync(program, "utf8")).toMatch(/^#!\/usr\/bin\/env node\n/);
  });

  test("chainrule train: gives the bits of the sources", async () => {
    const { ended } = start(process.execPath, [program, "train", "--json"]);
    expect((await ended).out).toBe((await train("--json")).out);
  });

  test("chainrule train --csv -: reads the standard input", async () => {
    const { child, ended } = start(process.execPath, [program, "train", "--csv", "-", "--quiet"]);
    child.stdin.end(formatCSV(evenOdd()));
    expect(await ended).toMatchObject({ code: 0, err: "" });
  });

  test("chainrule train: an output that is full is no crash", async () => {
    if (!existsSync("/dev/full")) return;
    const { ended } = start("sh", ["-c", '"$0" "$1" train > /dev/full', process.execPath, program]);
    const { code, err } = await ended;
    expect(code).toBe(1);
    expect(err).toMatch(/^chainrule train: the output could not be written: ENOSPC.*\n$/);
  });
});

describe("the curve", () => {
  const screen = { columns: 30, live: false, colors: false, unicode: true };

  test("lossChart: a straight line down is one, from corner to corner", () => {
    const lines = lossChart({ ...screen, unicode: false }, [8, 7, 6, 5, 4, 3, 2, 1, 0], []);
    const curve = lines.slice(1, -2).map((line) => line.slice(line.search(/[|+]/) + 1));
    const stars = curve.map((line) => line.split("").flatMap((c, x) => (c === "*" ? [x] : [])));
    expect(stars[0]![0]).toBe(0);
    expect(stars.at(-1)!.at(-1)).toBe(25);
    for (let row = 1; row < stars.length; row++) {
      expect(stars[row]![0]! - stars[row - 1]!.at(-1)!).toBeLessThanOrEqual(1);
      expect(stars[row]![0]!).toBeGreaterThan(stars[row - 1]![0]!);
    }
    expect(lines.at(-1)).toMatch(/^ +0 +4? +8 epochs$/);
  });

  test("lossChart: decades are a logarithmic scale, and a tenth is a row of its own", () => {
    const lines = lossChart(screen, [1, 0.1, 0.01, 0.001, 0.0001], []);
    expect(lines[0]).toBe("loss (logarithmic)");
    const labels = lines.slice(1, -2).map((line) => line.trim().split(" ")[0]);
    expect(labels.filter((label) => /\d/.test(label!))).toEqual([
      "1",
      "0.1",
      "0.01",
      "0.001",
      "1e-4",
    ]);
    expect(lossChart(screen, [1, 0], [])[0]).toBe("loss");
  });

  test("lossChart: one number, or none that is finite, is no curve", () => {
    expect(lossChart(screen, [1], [])).toEqual([]);
    expect(lossChart(screen, [1, Number.NaN, 2], [])).toEqual([]);
  });

  test("lossChart: any losses fit into any screen", () => {
    const random = pythonRandom(4);
    for (let n = 0; n < 300; n++) {
      const losses = Array.from({ length: 2 + random.integer(300) }, () => {
        return random.next() * Number(`1e${random.integer(600) - 300}`);
      });
      const columns = 20 + random.integer(120);
      const heldOut = n % 2 === 0 ? [] : losses.map((x) => x / 2);
      for (const line of lossChart({ ...screen, columns, unicode: n % 3 > 0 }, losses, heldOut)) {
        expect(line.length).toBeLessThanOrEqual(columns);
        expect(line).not.toMatch(/undefined|NaN|Infinity/);
      }
    }
  });
});

test("nearest: the name that a word begins, or has the fewest letters to change", () => {
  expect(nearest("sche", ["seed", "schedule"])).toBe("schedule");
  expect(nearest("moms", ["moons", "momentum"])).toBe("moons");
  expect(nearest("qqqq", ["seed", "rate"])).toBeUndefined();
  expect(nearest("", ["seed"])).toBeUndefined();
});

test("wrap: breaks between words, and a word that is too long stays whole", () => {
  expect(wrap("to be or not", 5)).toEqual(["to be", "or", "not"]);
  expect(wrap("unbreakable it is", 5)).toEqual(["unbreakable", "it is"]);
});

test("oneLine: shows control characters as escapes, and nothing else", () => {
  expect(oneLine("a\nb\u001b[31m\u0085\u2028é✗")).toBe("a\\u000ab\\u001b[31m\\u0085\\u2028é✗");
});

test("lossChart: losses a few bits apart make a chart, not an endless row of ticks", async () => {
  const { lossChart } = await import("../src/cli/chart.ts");
  const screen = { columns: 80, unicode: true, colors: false, live: false };
  expect(lossChart(screen, [1.2000000000000002, 1.2], []).length).toBeLessThan(30);
});
