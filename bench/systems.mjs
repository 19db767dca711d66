// Who takes part: each system's name, what it is, which works it does and how its process starts.

import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { groups } from "./works.mjs";

const here = (file) => fileURLToPath(new URL(file, import.meta.url));
const nets = ["moons", "four-points"];
const sized = ["forward-moons", ...groups.widths, ...groups.batches];
const chains = ["chain-1e4", "chain-1e5", "chain-1e6"];

/** A system that is a module for worker.mjs, run by the Node that runs the benchmark. */
function javascript(name, works, about, options = {}) {
  const { node = () => process.execPath, ...rest } = options;
  const command = () => [node(), here("worker.mjs"), here(`systems/${name}.mjs`)];
  return { name, works, about, command, ...rest };
}

/** Where Node 24 is: this one, if it is as new, or else the npm package of that name. */
let node24Path = Number(process.versions.node.split(".")[0]) >= 24 ? process.execPath : undefined;
function node24() {
  const options = ["--yes", "--package=node@24", "-c", "node -p process.execPath"];
  node24Path ??= execFileSync("npx", options, { stdio: ["ignore", "pipe", "pipe"] })
    .toString()
    .trim();
  return node24Path;
}

/** A C program, compiled for this machine into the scratch folder, once. */
function c(name, options, about) {
  const command = (scratch) => {
    const program = join(scratch, name);
    if (!existsSync(program)) {
      const all = ["-O3", ...options, here(`systems/${name}.c`), "-o", program, "-lm"];
      execFileSync("gcc", all, { stdio: ["ignore", "ignore", "pipe"] });
    }
    return [program];
  };
  return { name, works: [...nets, ...sized], about, command, knowsClock: true };
}

// Encoded as AVX with its 16 registers, never wider than 128 bits, nothing fused.
const only128 = ["-mavx", "-mtune=native", "-mprefer-vector-width=128", "-ffp-contract=off"];

/** The compiler in each of its modes, once it is there. */
function compilers() {
  if (!existsSync(here("../dist/compile/index.js"))) return [];
  const works = [...nets, ...sized, "start"];
  const compiled = (name, about, only = works) =>
    javascript(name, only, about, { makesModule: true });
  return [
    compiled("compiled", "chainrule's compiler, exact: the same bits as the engine"),
    compiled("compiled-fast", "the same, fast: vectors of two doubles, sums in another order"),
    compiled("compiled-fused", "the same with fused multiply-add"),
    compiled("compiled-two-workers", "compiled-fast with two workers", groups.workers),
  ];
}

// 32-bit floats have 7 digits. So have the constants and the tanh in the 64-bit code of jax-js.
const single = { tolerance: 1e-4 };
const constants = { tolerance: 1e-6 };

export const systems = [
  c("c", ["-march=native"], "loops over arrays, gcc -O3 -march=native"),
  c("c-tiled", only128, "tiled by hand for vectors of two doubles, no fused multiply-add"),
  javascript("javascript-loops", [...nets, ...sized], "the same loops over Float64Arrays"),
  ...compilers(),
  javascript(
    "engine",
    [...nets, "forward-moons", "start", "tiny", ...chains, "chain-1e7"],
    "chainrule, as a user writes it",
  ),
  javascript("bare-node", chains, "a class of five fields and nothing else, for the chains"),
  javascript("lecture-form", [...nets, "tiny"], "closures, a Set and recursion, in JavaScript"),
  {
    name: "python-lecture-form",
    works: [...nets, "tiny"],
    about: "the same in Python, run by the python3 of this machine",
    command: () => ["python3", here("systems/python-lecture-form.py")],
  },
  javascript("adnn", [...nets, "tiny", ...chains], "npm adnn, its scalar functions"),
  javascript("ad-js", [...nets, "tiny"], "npm ad.js, reverse mode, first derivatives only"),
  javascript("simplegrad", nets, "npm simplegrad: not eager, compiles the graph once"),
  javascript("tensorflow-wasm", nets, "npm TensorFlow.js, its WebAssembly backend, 32-bit floats", {
    ...single,
    note: "32-bit floats",
  }),
  javascript("jax-js-f32", nets, "npm jax-js, jit of a whole step for WebAssembly, 32-bit floats", {
    ...single,
    node: node24,
    note: "32-bit floats; run by Node 24, whose Float16Array it needs",
  }),
  javascript("jax-js-f64", nets, "the same with 64-bit floats", {
    ...constants,
    node: node24,
    note: "constants and tanh of 7 digits; run by Node 24",
  }),
];
