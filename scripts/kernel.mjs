// npm run kernel: makes Jupyter and VS Code able to open the notebooks. Read set-up.mjs first.

import { installKernel, kernelPlace, removeKernel } from "./kernel/spec.mjs";
import { findDeno } from "./lessons/deno.mjs";
import { setUpKernel } from "./lessons/run.mjs";
import { main, SetUpError } from "./set-up.mjs";

const usage = `npm run kernel                     tell Jupyter about the Deno that comes with this repository
npm run kernel -- --name mine      … as a kernel of that name (notebooks ask for "deno")
npm run kernel -- --force          … even if that replaces a kernel that somebody else installed
npm run kernel -- --remove         take it away again

It writes one file, kernel.json, into Jupyter's folder for your own data.`;

const args = process.argv.slice(2);
const named = args.indexOf("--name");
const name = named < 0 ? "deno" : args[named + 1];

if (args.includes("--help") || args.includes("-h")) console.log(usage);
else
  await main(async () => {
    // No dot first: --name .. --remove would take away all of Jupyter's data.
    if (!/^\w[\w.-]*$/.test(name ?? "")) {
      throw new SetUpError(`--name: expected letters, digits, ".", "_" or "-", got ${name}`);
    }
    const known = ["--name", "--force", "--remove"];
    const wrong = args.find((arg, i) => !known.includes(arg) && (named < 0 || i !== named + 1));
    if (wrong !== undefined) throw new SetUpError(`expected what --help says, got ${wrong}`);
    const folder = kernelPlace(name);
    const force = args.includes("--force");
    if (args.includes("--remove")) {
      const removed = removeKernel(folder, force);
      console.log(removed ? `removed ${folder}` : `there is no ${folder}`);
      return;
    }
    await setUpKernel("npm run kernel");
    installKernel(folder, findDeno() ?? "", force); // setUpKernel has made sure that there is one
    console.log(`The kernel "Deno" is in ${folder}.

Next, in this folder:
  jupyter notebook notebooks     (without Jupyter: pip install notebook)
or open notebooks/ in VS Code with its Jupyter extension, and choose the kernel "Deno".`);
  });
