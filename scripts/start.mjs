// npm start: builds the course as a site, serves it and opens it in a browser. Read set-up.mjs first,
// then serve.mjs.

import * as fs from "node:fs";
import * as path from "node:path";
import { openLink } from "./open.mjs";
import { serve } from "./serve.mjs";
import { ensureSite, main, readArguments, root, run, SetUpError, say } from "./set-up.mjs";

const usage = `npm start                      the course, in a browser
npm start -- --port 5000       … at this port, or at one of the next if it is taken
npm start -- --no-open         … without opening the browser`;

const usualPort = 4321;

const overview = `
Ctrl+C ends it. When a lesson is saved, reload the page.

  npm run train              train the toy network on four points
  npm run train -- --help    other data, networks, losses and optimizers
  lessons/                   the course as Markdown
  npm run lessons -- 1       run step 1 in the terminal
  npm run kernel             make Jupyter and VS Code able to run notebooks/
  npm run graph -- --help    draw the graph of a formula
  npm run explain -- --help  its forward and backward pass, step by step
  npm run replay moons       Karpathy's published training run, number by number
  npm run site:build         the site as a folder, for any host
  npm test                   everything that is checked
  npm run bench              how fast it is, beside others
  src/value.ts               where to start reading`;

/** @param {string} text */
function readPort(text) {
  const port = Number(text);
  if (/^\d+$/.test(text) && port >= 1 && port <= 65535) return port;
  throw new SetUpError(`--port: expected a number from 1 to 65535, got "${text}"`);
}

/**
 * Builds the site again whenever a source of it is saved.
 * @param {import("./serve.mjs").Server} server
 */
function buildOnChange(server) {
  const site = fs.readdirSync(path.join(root, "site"), { withFileTypes: true });
  const parts = site.filter(
    (entry) => entry.isDirectory() && !/^(node_modules|dist)/.test(entry.name),
  );
  const folders = [
    "lessons",
    "notebooks",
    "src",
    ...parts.map(({ name }) => path.join("site", name)),
  ];
  let [changed, building] = [false, false];
  const build = async () => {
    if (building) return;
    building = true;
    while (changed) {
      changed = false;
      await new Promise((resolve) => setTimeout(resolve, 100)); // editors save in several steps
      // In a process of its own, since this one keeps the build's modules as they were.
      const command = [path.join(root, "scripts", "site.mjs")];
      const { code, output } = await run(process.execPath, command, { cwd: root });
      if (code === 0) server.show(path.join(root, "site", "dist"));
      say(code === 0 ? "built again: reload the page" : `${output.trim()}\nnot built again`);
    }
    building = false;
  };
  for (const folder of folders) {
    const lost = () =>
      say(`${folder}/ cannot be watched: after a change there, end this and start it again`);
    try {
      const watcher = fs.watch(path.join(root, folder), { recursive: true }, () => {
        changed = true;
        build();
      });
      watcher.on("error", lost);
    } catch {
      lost();
    }
  }
}

await main(async () => {
  const { values } = readArguments(
    {
      options: {
        port: { type: "string", default: String(usualPort) },
        "no-open": { type: "boolean", default: false },
        help: { type: "boolean", short: "h" },
      },
    },
    usage,
  );
  if (values.help) return console.log(usage);
  const port = readPort(values.port);
  const server = await serve(await ensureSite("npm start"), { port });
  if (server.port !== port) {
    say(`Port ${port} is taken, so it is ${server.port} this time. What you write in the course is kept
by the browser for each port: to find it again, end the other program first.`);
  }
  console.log(`The course is at ${server.url}`);
  console.log(overview);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, () => process.exit(0));
  buildOnChange(server);
  if (!values["no-open"]) openLink(server.url);
});
