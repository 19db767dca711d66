// The page of chainrule train --report: one file, complete, true, and safe whatever a CSV is called.

import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { formatCSV } from "../src/csv.ts";
import { evenOdd, makeMoons } from "../src/data.ts";
import { meanSquaredError } from "../src/losses.ts";
import { parseModel } from "../src/model-file.ts";
import { runCommand } from "./command.ts";
import { parse } from "./draw/reading.ts";

const folder = realpathSync(mkdtempSync(join(tmpdir(), "chainrule-report-")));
const before = process.cwd();

beforeAll(() => process.chdir(folder));
beforeEach(() => {
  for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true });
});
afterAll(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true, force: true });
});

const train = (...args: string[]) => runCommand(["train", ...args]);

/** The page of a training. */
async function pageOf(...args: string[]): Promise<string> {
  const { code, err } = await train(...args, "--quiet", "--report", "out.html");
  expect({ code, err }).toEqual({ code: 0, err: "" });
  return readFileSync("out.html", "utf8");
}

/** What can be read on a page. */
const plain = (html: string) =>
  html
    .replace(/<style>[\s\S]*?<\/style>/g, "")
    .replace(/<[^>]*>/g, " ")
    .replace(
      /&(lt|gt|amp|quot|#39);/g,
      (_, name) => ({ lt: "<", gt: ">", amp: "&", quot: '"', "#39": "'" })[name as string]!,
    )
    .replace(/\s+/g, " ");

/** The rows of the table with this caption, as texts. */
function tableOf(html: string, caption: string): string[][] {
  const table = html
    .split("<table>")
    .find((part) => part.includes(`<caption>${caption}</caption>`))!;
  return [...table.matchAll(/<tr>(.*?)<\/tr>/g)].map(([, row]) =>
    [...row!.matchAll(/<t[dh][^>]*>(.*?)<\/t[dh]>/g)].map(([, cell]) => cell!),
  );
}

/** The titles of the pictures, each of which must be well-formed. */
function picturesOf(html: string): string[] {
  return [...html.matchAll(/<svg xmlns[\s\S]*?<\/svg>(?=\n)/g)].map(([svg]) => {
    return parse(svg).getElementsByTagName("title")[0]!.textContent!;
  });
}

describe("chainrule train --report", () => {
  test("chainrule train --report: the page has headings, language, captions and headers in order", async () => {
    const page = await pageOf("--epochs", "20");
    expect(page).toMatch(/^<!doctype html>\n<html lang="en">/);
    expect(page.match(/<h1>/g)).toHaveLength(1);
    const headings = [...page.matchAll(/<h2>(.*?)<\/h2>/g)].map(([, text]) => text);
    expect(headings).toEqual(
      expect.arrayContaining([
        "Loss",
        "What the network says",
        "Points",
        "Parameters",
        "Settings",
        "The same again",
      ]),
    );
    expect(page.match(/<figure>/g)!.length).toBe(page.match(/<figcaption>/g)!.length);
    expect(page.match(/<table>/g)!.length).toBe(page.match(/<caption>/g)!.length);
    expect(page).not.toMatch(/<th(?! scope="col">)[ >]/);
  });

  test("chainrule train --report: the page asks for nothing and runs nothing", async () => {
    const page = await pageOf("--epochs", "20");
    expect(page).not.toMatch(/<script|<img|<iframe|@import|url\(|\son\w+=|\ssrc=/i);
    const hosts = [...page.matchAll(/https?:\/\/[^"<\s]*/g)].map(([url]) => url);
    expect(new Set(hosts)).toEqual(new Set(["http://www.w3.org/2000/svg"]));
    expect(page).toContain(
      `content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"`,
    );
  });

  test("chainrule train --report: equal trainings give equal pages, wherever they are written", async () => {
    const one = await pageOf("--epochs", "20");
    mkdirSync("another-folder");
    await train("--epochs", "20", "--json", "--report", join("another-folder", "page.html"));
    expect(readFileSync(join("another-folder", "page.html"), "utf8")).toBe(one);
    expect(one).not.toContain("another-folder");
  });

  test("chainrule train --report: tells the losses that the command tells", async () => {
    const { out } = await train("--epochs", "50", "--quiet", "--report", "out.html");
    expect(plain(readFileSync("out.html", "utf8"))).toContain(out.trim().replace("->", "→"));
  });

  test("chainrule train --report: every parameter has its number and the gradient of the mean loss", async () => {
    const page = await pageOf("--epochs", "20", "--save", "model.json");
    const { model } = parseModel(readFileSync("model.json", "utf8"));
    const { inputs, targets } = evenOdd();
    // The mean of the losses as one graph; the page adds point by point.
    const losses = inputs.map((x, i) => meanSquaredError(model.forward(x), targets[i]!));
    losses
      .reduce((sum, loss) => sum.add(loss))
      .div(4)
      .backward();
    const [header, ...rows] = tableOf(page, "Every parameter and its gradient");
    expect(header).toEqual(["name", "number", "gradient"]);
    const named = model.namedParameters();
    expect(rows.map(([name]) => name)).toEqual(named.map(([name]) => name));
    for (const [i, [, number, gradient]] of rows.entries()) {
      const { data, grad } = named[i]![1];
      expect(Math.abs(Number(number) - data)).toBeLessThanOrEqual(1e-5 * Math.abs(data));
      expect(Math.abs(Number(gradient) - grad)).toBeLessThanOrEqual(1e-3 * Math.abs(grad) + 1e-15);
    }
  });

  test("chainrule train --report: every point has its inputs, target, output and a verdict", async () => {
    const page = await pageOf("--epochs", "0", "--data", "xor", "--save", "model.json");
    const { model } = parseModel(readFileSync("model.json", "utf8"));
    const [header, ...rows] = tableOf(page, "Targets and outputs");
    expect(header).toEqual(["input 1", "input 2", "target", "output", "right?"]);
    for (const [a, b, target, output, right] of rows) {
      const [found] = model.predict([Number(a), Number(b)]);
      expect(Number(output)).toBeCloseTo(found!, 4);
      expect(right).toBe(found! > 0 === Number(target) > 0 ? "yes" : "no");
    }
    expect(plain(page)).toContain("There was no training, so there is no curve.");
  });

  for (const [data, picture, words] of [
    ["even-odd", "A slice", "Of 3 inputs the first two vary; the third stays at its mean (2.5)."],
    ["moons", "Decision boundary", "Colours say which class"],
    ["yin-yang", "Decision boundary", "Colours say which class"],
    ["sine", "Output", "The first output for each input; the points are the data."],
  ] as const) {
    test(`chainrule train --report: draws the curve, the weights and what suits ${data}`, async () => {
      const page = await pageOf("--data", data, "--epochs", "3");
      expect(picturesOf(page)).toEqual(
        expect.arrayContaining([picture, "The loss of the first point", "Weights and biases"]),
      );
      expect(picturesOf(page)[0]).toMatch(/^Loss \(/);
      expect(plain(page)).toContain(words);
    });
  }

  test("chainrule train --report: draws outputs against targets where several inputs give numbers", async () => {
    writeFileSync("some.csv", "1,2,0.5\n2,3,0.7\n3,1,0.25\n");
    const page = await pageOf("--csv", "some.csv", "--epochs", "3");
    expect(picturesOf(page)).toContain("Output against target");
  });

  for (const name of [
    "<img src=x onerror=alert(1)>&.csv",
    "\"'><b>\u202e.csv",
    "]]><svg onload=x>.csv",
  ]) {
    test(`chainrule train --report: a file called ${JSON.stringify(name)} is text and nothing else`, async () => {
      writeFileSync(name, formatCSV(makeMoons({ points: 10 })));
      const page = await pageOf("--csv", name, "--epochs", "2");
      expect(page).not.toMatch(/<img|<b>|<svg onload|\u202e/);
      expect(plain(page)).toContain(`A network trained on ${name.replace("\u202e", "\ufffd")}`);
      expect(plain(page)).toContain("chainrule train --csv ");
    });
  }

  test("chainrule train --report: the command line can be given to a shell", async () => {
    writeFileSync("it's.csv", formatCSV(makeMoons({ points: 10 })));
    const page = plain(await pageOf("--csv", "it's.csv", "--epochs", "2"));
    expect(page).toContain(`chainrule train --csv 'it'\\''s.csv' --epochs 2 --report report.html`);
  });

  test("chainrule train --report: on paper, where nothing scrolls, the command line has line breaks", async () => {
    const style = /@media print\{.*\}/.exec(await pageOf("--epochs", "1"))?.[0];
    expect(style).toContain(".scroll{max-height:none;overflow:visible");
    expect(style).toContain("pre{white-space:pre-wrap}");
  });

  test("chainrule train --report: large data gives a page that says what it leaves out", async () => {
    const page = await pageOf(
      "--data",
      "moons",
      "--points",
      "5000",
      "--epochs",
      "1",
      "--batch",
      "50",
    );
    expect(page.length).toBeLessThan(400_000);
    const text = plain(page);
    expect(text).toContain("These are the first 200 of 5000 points; --json has them all.");
    expect(text).toContain("Of the points, the first 2000 are drawn.");
    expect(tableOf(page, "Targets and outputs")).toHaveLength(201);
  });

  test("chainrule train --report: is told in the summary and in the JSON", async () => {
    const told = await train("--epochs", "5", "--report", "out.html");
    expect(told.out).toContain("Report in out.html.");
    const { out } = await train("--epochs", "5", "--json", "--report", "out.html");
    expect(JSON.parse(out).report).toBe("out.html");
    expect(JSON.parse((await train("--epochs", "5", "--json")).out).report).toBeUndefined();
  });

  test("chainrule train --report: a training that went wrong has a page that says so", async () => {
    const { code } = await train(
      "--data",
      "sine",
      "--optimizer",
      "sgd",
      "--rate",
      "1e200",
      "--epochs",
      "5",
      "--quiet",
      "--report",
      "out.html",
    );
    expect(code).toBe(1);
    expect(plain(readFileSync("out.html", "utf8"))).toContain(
      "the weights are the last good ones.",
    );
  });

  test("chainrule train --report: a page that cannot be written is found out before the training", async () => {
    mkdirSync("taken");
    for (const [file, message] of [
      ["taken", '--report: "taken": expected the name of a file, got a folder'],
      [join("missing", "out.html"), "there is no such file or folder"],
    ] as const) {
      const { code, out, err } = await train("--report", file, "--save", "model.json");
      expect({ code, out }).toEqual({ code: 1, out: "" });
      expect(err).toContain(message);
      expect(existsSync("model.json")).toBe(false);
    }
  });

  test("chainrule train --report: refuses the file that the model goes to", async () => {
    const { code, err } = await train("--save", "a.json", "--report", "./a.json");
    expect(code).toBe(2);
    expect(err).toBe(
      'chainrule train: --report: expected another file than that of --save, got "./a.json"\n',
    );
  });
});
