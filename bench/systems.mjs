// Who takes part: each system's name, what it is, which works it does and how its process starts.

import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const here = (file) => fileURLToPath(new URL(file, import.meta.url));
const nets = ["moons", "four-points"];
const chains = ["chain-1e4", "chain-1e5", "chain-1e6"];

/** A system that is a module for worker.mjs. */
function javascript(name, works, about) {
  const command = () => [process.execPath, here("worker.mjs"), here(`systems/${name}.mjs`)];
  return { name, works, about, command };
}

/** The C program, compiled for this machine into the scratch folder, once. */
function compileC(scratch) {
  const program = join(scratch, "c-loops");
  if (existsSync(program)) return [program];
  const options = ["-O3", "-march=native", here("systems/c.c"), "-o", program, "-lm"];
  execFileSync("gcc", options, { stdio: ["ignore", "ignore", "pipe"] });
  return [program];
}

export const systems = [
  { name: "c", works: nets, about: "loops over arrays, gcc -O3 -march=native", command: compileC },
  javascript("javascript-loops", nets, "the same loops over Float64Arrays"),
  javascript("engine", [...nets, "tiny", ...chains, "chain-1e7"], "chainrule, as a user writes it"),
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
];
