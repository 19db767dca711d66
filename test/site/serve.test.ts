// What npm start and npm run site:build do, without a browser.

import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { openCommand } from "../../scripts/open.mjs";
import { serve } from "../../scripts/serve.mjs";
import { ensureSite, root, run } from "../../scripts/set-up.mjs";

const folder = mkdtempSync(join(tmpdir(), "chainrule-serve-"));
const site = join(folder, "site");
mkdirSync(join(site, "assets"), { recursive: true });
for (const [name, content] of Object.entries({
  "secret.txt": "secret",
  "site-secret/index.html": "secret",
  "site/index.html": "front",
  "site/404.html": "nothing here",
  "site/assets/a.js": "let a;",
  "site/assets/b.wasm": "",
})) {
  mkdirSync(join(folder, name, ".."), { recursive: true });
  writeFileSync(join(folder, name), content);
}
symlinkSync(join(folder, "secret.txt"), join(site, "link.txt"));
symlinkSync(folder, join(site, "out"));
const server = await serve(site);
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Sends bytes as they are, since fetch would put the address in order first. */
function send(text: string, host = "127.0.0.1"): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(server.port, host, () => socket.end(text));
    let answer = "";
    socket.on("data", (data) => (answer += data));
    socket.on("close", () => resolve(answer));
    socket.on("error", reject);
  });
}
const request = (target: string, more = "", method = "GET") =>
  send(`${method} ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n${more}\r\n`);

test.each([
  ["/", "front", "text/html; charset=utf-8"],
  ["/?projector", "front", "text/html; charset=utf-8"],
  ["/index.html#x", "front", "text/html; charset=utf-8"],
  ["/assets/%61.js", "let a;", "text/javascript; charset=utf-8"],
  ["/assets/b.wasm", "", "application/wasm"],
])(
  "serve: answers %s with its content and type, to be asked for again each time",
  async (target, content, type) => {
    const answer = await request(target);
    expect(answer).toMatch(/^HTTP\/1.1 200 /);
    expect(answer).toContain(`content-type: ${type}\r\n`);
    expect(answer).toContain("cache-control: no-cache\r\n");
    expect(answer.split("\r\n\r\n")[1]).toBe(content);
  },
);

test.each([
  "/../secret.txt",
  "/..%2fsecret.txt",
  "/%2e%2e/secret.txt",
  "/..\\secret.txt",
  "/..%5csecret.txt",
  "/assets/../../secret.txt",
  "/../site-secret/index.html",
  "/..%2fsite-secret/",
  "//etc/passwd",
  "/%2fetc/passwd",
  "/file:///etc/passwd",
  "/link.txt",
  "/out/secret.txt",
  "/index.html%00.js",
  "/%00",
  "/%",
  "/%ff%fe",
  "/assets",
  "/assets/",
  "/INDEX.html",
  "/__proto__",
  "//",
  "///",
  "*",
  "http://localhost/secret.txt",
])("serve: answers %s with 404 and nothing from outside", async (target) => {
  const answer = await request(target);
  expect(answer).toMatch(/^HTTP\/1.1 404 /);
  expect(answer).not.toMatch(/secret\n?$|root:/);
});

test("serve: shows 404.html for an unknown page at any depth", async () => {
  for (const target of ["/unknown.html", "/deep/unknown.html"]) {
    const answer = await request(target);
    expect(answer).toMatch(/^HTTP\/1.1 404 /);
    expect(answer).toContain("nothing here");
  }
});

test("serve: allows GET and HEAD, and HEAD has no content", async () => {
  const head = await request("/", "", "HEAD");
  expect(head).toMatch(/^HTTP\/1.1 200 /);
  expect(head).toContain("content-length: 5\r\n");
  expect(head.split("\r\n\r\n")[1]).toBe("");
  for (const method of ["POST", "PUT", "DELETE", "OPTIONS", "TRACE"]) {
    const answer = await request("/", "", method);
    expect(answer).toMatch(/^HTTP\/1.1 405 /);
    expect(answer).toContain("allow: GET, HEAD\r\n");
  }
});

test("serve: sends nothing again that the browser has, and the whole where a range is asked for", async () => {
  const tag = /etag: (.*)\r\n/.exec(await request("/"))![1];
  const again = await request("/", `If-None-Match: ${tag}\r\n`);
  expect(again).toMatch(/^HTTP\/1.1 304 /);
  expect(again.split("\r\n\r\n")[1]).toBe("");
  expect(await request("/", 'If-None-Match: "other"\r\n')).toMatch(/^HTTP\/1.1 200 /);
  const range = await request("/", "Range: bytes=1-2\r\n");
  expect(range).toMatch(/^HTTP\/1.1 200 [\s\S]*front$/);
});

test("serve: survives what is no request at all", async () => {
  await request("/", `X: ${"x".repeat(100_000)}\r\n`).catch(() => "");
  await send("\x16\x03\x01 hello\r\n\r\n").catch(() => "");
  await send("GET").catch(() => "");
  const socket = connect(server.port, "127.0.0.1", () => {
    socket.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    socket.destroy();
  });
  await new Promise((resolve) => socket.on("close", resolve));
  expect(await request("/")).toContain("front");
});

test("serve: is there for this machine alone", async () => {
  const { networkInterfaces } = await import("node:os");
  const others = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal, family }) => !internal && family === "IPv4");
  for (const { address } of others) await expect(send("", address)).rejects.toThrow("ECONNREFUSED");
  expect(await request("/")).toContain("front");
});

test("serve: takes another port if anybody has the wanted one, at either address of localhost", async () => {
  for (const host of ["127.0.0.1", "::1"]) {
    const other = createServer();
    const listening = await new Promise<boolean>((resolve) => {
      other.once("error", () => resolve(false)); // a machine without IPv6
      other.listen(0, host, () => resolve(true));
    });
    if (!listening) continue;
    const { port } = other.address() as { port: number }; // it listens at a port
    const second = await serve(site, { port });
    expect(second.port).not.toBe(port);
    expect(await (await fetch(second.url)).text()).toBe("front");
    await second.close();
    await new Promise((resolve) => other.close(resolve));
  }
});

test("serve: goes on with the files it has until it is shown a new build, under any path", async () => {
  const moving = join(folder, "moving");
  mkdirSync(moving);
  writeFileSync(join(moving, "index.html"), "one");
  const second = await serve(moving, { under: "/some/where/else/" });
  const text = async () => (await fetch(second.url)).text();
  writeFileSync(join(moving, "index.html"), "two");
  expect(await text()).toBe("one");
  second.show(moving);
  expect(await text()).toBe("two");
  expect((await fetch(new URL("/index.html", second.url))).status).toBe(404);
  await second.close();
});

test("openCommand: opens a browser only where a person sees it", () => {
  const command = (platform: string, env: Record<string, string>, terminal = true) =>
    openCommand({ platform, env, terminal })?.join(" ");
  expect(command("linux", { DISPLAY: ":0" })).toBe("xdg-open");
  expect(command("linux", { WAYLAND_DISPLAY: "wayland-0" })).toBe("xdg-open");
  expect(command("linux", { DISPLAY: ":0", BROWSER: "firefox" })).toBe("firefox");
  expect(command("linux", { WSL_DISTRO_NAME: "Debian" })).toBe("cmd.exe /c start");
  expect(command("darwin", {})).toBe("open");
  expect(command("win32", {})).toBe("cmd /c start");
  expect(command("linux", {})).toBe(undefined);
  expect(command("linux", { SSH_CONNECTION: "x" })).toBe(undefined);
  expect(command("darwin", { SSH_CONNECTION: "x" })).toBe(undefined);
  expect(command("darwin", { BROWSER: "none" })).toBe(undefined);
  expect(command("linux", { DISPLAY: ":0", CI: "true" })).toBe(undefined);
  expect(command("linux", { DISPLAY: ":0" }, false)).toBe(undefined);
  expect(command("aix", {})).toBe(undefined);
});

// --- npm run site:build -------------------------------------------------------------------------

const siteBuild = (...args: string[]) =>
  run(process.execPath, [join(root, "scripts", "site.mjs"), ...args], { cwd: folder });

test("npm run site:build: no file names a folder of this machine", async () => {
  const built = await ensureSite("the tests");
  const files = readdirSync(built, { recursive: true, withFileTypes: true });
  const names = files
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  expect(names.filter((name) => readFileSync(name, "utf8").includes(root))).toEqual([]);
});

test("npm run site:build: fills a new folder, renews it, and keeps what somebody else put there", async () => {
  const out = join(folder, "new", "site");
  const first = await siteBuild(out);
  expect(first.code, first.output).toBe(0);
  expect(first.output).toMatch(/^index\.html +[\d.]+ KB +[\d.]+ KB gzip$/m);
  expect(first.output).toContain("together");
  const names = readdirSync(out, { recursive: true }).sort();
  expect(names).toEqual(readdirSync(await ensureSite("the tests"), { recursive: true }).sort());

  writeFileSync(join(out, "CNAME"), "example.org");
  const list = JSON.parse(readFileSync(join(out, "files.json"), "utf8"));
  const lies = { "../../secret.txt": "", "assets/../../../secret.txt": "", "assets/old.js": "" };
  writeFileSync(join(out, "files.json"), JSON.stringify({ ...list, ...lies }));
  writeFileSync(join(out, "assets", "old.js"), "");
  expect((await siteBuild(out)).code).toBe(0);
  expect(readdirSync(out, { recursive: true }).sort()).toEqual([...names, "CNAME"].sort());
  expect(readFileSync(join(folder, "secret.txt"), "utf8")).toBe("secret");
});

test("npm run site:build: leaves a folder alone that is not its own", async () => {
  const mine = join(folder, "mine");
  mkdirSync(mine);
  writeFileSync(join(mine, "index.html"), "mine");
  const { code, output } = await siteBuild(mine);
  expect(code).toBe(1);
  expect(output).toContain("is not empty, and no site is in it: nothing was written");
  expect(output).not.toMatch(/\n +at /);
  expect(readdirSync(mine)).toEqual(["index.html"]);
  expect((await siteBuild(join(mine, "index.html"))).output).toContain("is no folder");
  const inside = join(await ensureSite("the tests"), "mine");
  expect((await siteBuild(inside)).output).toContain("which each build empties");

  const older = join(folder, "older");
  mkdirSync(older);
  for (const name of [".git", "index.html", "robots.txt"]) writeFileSync(join(older, name), "mine");
  writeFileSync(join(older, "files.json"), '{ "index.html": "" }');
  writeFileSync(join(older, "sw.js"), "");
  expect((await siteBuild(older)).output).toContain("robots.txt, which no build has put there");
  expect(readFileSync(join(older, "index.html"), "utf8")).toBe("mine");
});

test("npm run site:build: a wrong option is answered with the right ones", async () => {
  const { code, output } = await siteBuild("--fast");
  expect(code).toBe(1);
  expect(output).toContain("npm run site:build -- FOLDER");
  expect(output).not.toMatch(/\n +at /);
  expect((await siteBuild("--help")).output).toContain("any static host");
});
