// npm start: says what there is, then trains the toy network. The site will open the course.

import { main, runCommand } from "./set-up.mjs";

console.log(`chainrule: a scalar autograd engine to read in an evening.
It remembers how every number was made, and from that it knows every slope.

  npm run train              train the toy network on four points (now, below)
  npm run train -- --help    other data, networks, losses and optimizers
  lessons/                   the course: eight steps from a slope to a trained network
  npm run lessons -- 1       run step 1 in the terminal
  npm run kernel             make Jupyter and VS Code able to run notebooks/
  npm run graph -- --help    draw the graph of a formula
  npm run replay moons       Karpathy's published training run, number by number
  npm test                   everything that is checked
  npm run bench              how fast it is, beside others
  src/value.ts               where to start reading
`);

await main(() => runCommand(["train", ...process.argv.slice(2)], "train"));
