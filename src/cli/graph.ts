/**
 * `chainrule graph`: a formula as a picture of its graph. Read formula.ts and files.ts first.
 */

import { MOST_NODES, toDot } from "../draw/dot.ts";
import { drawGraph } from "../draw/graph.ts";
import { renderDot } from "../draw/graphviz.ts";
import { shownText } from "../draw/node.ts";
import { toPNG } from "../draw/png.ts";
import { inTheme } from "../draw/theme.ts";
import { quote } from "../errors.ts";
import { graphOf, type Value } from "../value.ts";
import { CommandError, nameFrom, UsageError } from "./arguments.ts";
import { expectWritable, writeWhole } from "./files.ts";
import { readFormula } from "./formula.ts";
import { print } from "./terminal.ts";

const formats = ["svg", "dot", "png"] as const;
type Format = (typeof formats)[number];

const help = `chainrule graph FORMULA [--NAME VALUE ...] [options]

Draws the graph of a formula, with data and gradient in each node. Each name in
the formula is given a value by an option of that name.

  --set NAME=VALUE   the same, for names that an option has (more with commas)
  --out FILE         write to a file, in the format that its name ends with
  --format FORMAT    ${formats.join(", ")} (svg)
  --layout LAYOUT    nested, or graphviz as micrograd draws (nested)
  --no-gradients     leave the gradients out
  --title TEXT       what the picture is called
  --theme THEME      auto, light, dark; auto follows the reader's (PNG: light)
  --help             print this text

Formulas have + - * / ^, parentheses, and every operation by its name: tanh(x),
max(a, b), ... Several, with ; between, may use each other's results.

Examples:
  chainrule graph "(a*b + c) * tanh(f)" --a 2 --b -3 --c 10 --f 0.5 > graph.svg
  chainrule graph "e = a*b; L = e + c" --a 2 --b -3 --c 10 --out L.png
  chainrule graph "x^2 - 4*x" --x 3 --format dot
  chainrule graph "out + 1" --set out=2`;

/** What stands for the value of each option. */
const placeholders = {
  set: "NAME=VALUE",
  out: "FILE",
  format: "FORMAT",
  layout: "LAYOUT",
  "no-gradients": "",
  title: "TEXT",
  theme: "THEME",
  help: "",
};

/** Runs `chainrule graph`. */
export async function graph(args: readonly string[]): Promise<number> {
  if (args.includes("--help") || args.includes("-h")) {
    print(help);
    return 0;
  }
  const { formula, given, evaluate } = readFormula(args, placeholders);
  const file = given.get("out");
  const format = formatFrom(given.get("format"), file);
  const layout = nameFrom(given.get("layout") ?? "nested", "layout", ["nested", "graphviz"]);
  const theme = nameFrom(given.get("theme") ?? "auto", "theme", ["auto", "light", "dark"]);
  if (file !== undefined) expectWritable(file, "out");
  else if (format === "png" && process.stdout.isTTY) {
    throw new UsageError("--format: expected svg or dot for a terminal, got png; give --out FILE");
  }

  const root = evaluate();
  const gradients = !given.has("no-gradients");
  if (gradients) root.backward();
  const options = { gradients, title: shownText(given.get("title") ?? formula, 80) };
  const picture = await draw(root, options, format, layout, theme);
  if (file !== undefined) writeWhole(file, picture, "out");
  else if (typeof picture === "string") print(picture.trimEnd());
  else process.stdout.write(picture);
  return 0;
}

/** The format that was asked for, else the one that the file's name ends with, else SVG. */
function formatFrom(given: string | undefined, file: string | undefined): Format {
  const ending = /\.([^./\\]+)$/.exec(file ?? "")?.[1].toLowerCase();
  const format = formats.find((name) => name === ending);
  if (given !== undefined) {
    const wanted = nameFrom(given, "format", formats);
    if (format === undefined || format === wanted) return wanted;
    throw new UsageError(
      `--format: expected ${format}, as the name in --out ends with it, got ${wanted}; ` +
        "leave out --format or give the file another name",
    );
  }
  if (file === undefined) return "svg";
  if (format !== undefined) return format;
  throw new UsageError(
    `--out: expected a name that ends with .${formats.join(" or .")}, got ${quote(file)}; ` +
      "or say --format",
  );
}

/**
 * The picture in that format.
 *
 * @throws CommandError if the graph is too large for it
 */
async function draw(
  root: Value,
  options: { gradients: boolean; title: string },
  format: Format,
  layout: "nested" | "graphviz",
  theme: "auto" | "light" | "dark",
): Promise<string | Uint8Array> {
  const nodes = graphOf(root).length;
  if (format !== "dot" && layout === "nested") {
    const svg = nested(root, options);
    if (svg !== undefined) return finish(svg, format, theme);
    throw new CommandError(
      `expected a formula that --layout nested can show with at most ${MOST_NODES} boxes, got one ` +
        `of ${nodes} nodes, too many for --layout graphviz too; draw a part of it`,
    );
  }
  if (nodes > MOST_NODES) {
    const choice = format === "dot" ? "--format dot" : "--layout graphviz";
    const remedy =
      nested(root, options) === undefined
        ? "too many for --layout nested too; draw a part of it"
        : `draw a part of it, or all of it with${format === "dot" ? " --format svg" : ""} ` +
          "--layout nested, which folds long rows";
    throw new CommandError(
      `${choice}: expected a formula of at most ${MOST_NODES} nodes, got ${nodes}; ${remedy}`,
    );
  }
  const dot = toDot(root, options);
  return format === "dot" ? dot : finish(await renderDot(dot), format, theme);
}

/** The picture in the nested layout; undefined if it would have too many boxes. */
function nested(root: Value, options: { gradients: boolean; title: string }): string | undefined {
  try {
    return drawGraph(root, options);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** An SVG as what was asked for. */
async function finish(
  svg: string,
  format: Format,
  theme: "auto" | "light" | "dark",
): Promise<string | Uint8Array> {
  if (format === "png") return toPNG(svg, { theme: theme === "dark" ? "dark" : "light" });
  return theme === "auto" ? svg : inTheme(svg, theme);
}
