// A static server on localhost for the site. Read set-up.mjs first.

import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as http from "node:http";
import * as path from "node:path";
import { filesBelow } from "./set-up.mjs";

/** @type {Record<string, string>} */
const types = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json",
};

/**
 * @typedef {{ body: Buffer, type: string, tag: string }} File
 * @typedef {object} Server
 * @property {string} url of the front page
 * @property {number} port
 * @property {(folder: string) => void} show serves this folder from now on, as it is now
 * @property {() => Promise<void>} close
 */

/**
 * Serves a folder to this machine alone. All files are read at once: a build that goes on meanwhile
 * changes nothing, and no address leads to a file that is not in the folder.
 * @param {string} folder
 * @param {{ port?: number, under?: string }} options `port`: 0 for any free one; if it is taken, one
 *   of the next. `under`: the path of the front page, "/" or "/some/where/"
 * @returns {Promise<Server>}
 */
export async function serve(folder, { port = 0, under = "/" } = {}) {
  let files = readFiles(folder);
  const answer = (
    /** @type {http.IncomingMessage} */ request,
    /** @type {http.ServerResponse} */ response,
  ) => respond(request, response, files, under);
  const { servers, port: found } = await listen(answer, port);
  return {
    url: `http://localhost:${found}${under}`,
    port: found,
    show: (folder) => {
      files = readFiles(folder);
    },
    close: async () => {
      await Promise.all(
        servers.map((server) => {
          const closed = new Promise((done) => server.close(done));
          server.closeAllConnections();
          return closed;
        }),
      );
    },
  };
}

/**
 * The files of a folder by their path from it, with slashes; no links.
 * @param {string} folder
 * @returns {Map<string, File>}
 */
function readFiles(folder) {
  /** @type {Map<string, File>} */
  const files = new Map();
  for (const name of filesBelow(folder)) {
    const file = path.join(folder, name);
    if (!fs.lstatSync(file).isFile()) continue;
    const body = fs.readFileSync(file);
    const type = types[path.extname(name)] ?? "application/octet-stream";
    const tag = `"${createHash("sha256").update(body).digest("hex").slice(0, 20)}"`;
    files.set(name, { body, type, tag });
  }
  return files;
}

/**
 * @param {http.IncomingMessage} request
 * @param {http.ServerResponse} response
 * @param {Map<string, File>} files
 * @param {string} under
 */
function respond(request, response, files, under) {
  // Ranges are not offered: who asks for one gets the whole, as the standard allows.
  /** @type {Record<string, string>} */
  const headers = { "cache-control": "no-cache", "x-content-type-options": "nosniff" };
  if (request.method !== "GET" && request.method !== "HEAD") {
    response.writeHead(405, { ...headers, allow: "GET, HEAD" }).end();
    return;
  }
  const found = files.get(nameIn(request.url ?? "", under));
  const file = found ?? files.get("404.html");
  const status = found === undefined ? 404 : 200;
  const { body, type } = file ?? {
    body: Buffer.from("There is no such page.\n"),
    type: types[".txt"],
  };
  Object.assign(headers, { "content-type": type, "content-length": String(body.length) });
  if (found !== undefined) {
    headers.etag = found.tag;
    const known = request.headers["if-none-match"] ?? "";
    if (known === "*" || known.includes(found.tag)) {
      delete headers["content-length"];
      response.writeHead(304, headers).end();
      return;
    }
  }
  response.writeHead(status, headers).end(request.method === "HEAD" ? undefined : body);
}

/**
 * The file that an address asks for, or a name that no file has.
 * @param {string} address
 * @param {string} under
 */
function nameIn(address, under) {
  const nowhere = "/";
  const [pathname] = address.split(/[?#]/);
  try {
    const decoded = decodeURIComponent(pathname);
    if (!decoded.startsWith(under)) return nowhere;
    const name = decoded.slice(under.length);
    return name === "" || name.endsWith("/") ? `${name}index.html` : name;
  } catch {
    return nowhere; // a lonely % or broken UTF-8
  }
}

/**
 * Listens at both addresses that `localhost` can mean. If another program has one of them, the
 * browser might show that program's pages: then the next port is tried.
 * @param {http.RequestListener} answer
 * @param {number} wanted
 */
async function listen(answer, wanted) {
  for (let tried = 0; ; tried++) {
    /** @type {http.Server[]} */
    const servers = [];
    // After a few neighbours, whichever port the system has left.
    let port = wanted === 0 || tried > 20 || wanted + tried > 65535 ? 0 : wanted + tried;
    try {
      for (const host of ["127.0.0.1", "::1"]) {
        const server = http.createServer(answer);
        try {
          port = await listenAt(server, host, port);
        } catch (error) {
          const noSuchAddress = /EADDRNOTAVAIL|EAFNOSUPPORT|EINVAL/.test(String(error));
          if (host === "::1" && noSuchAddress) continue; // this machine has no IPv6
          throw error;
        }
        servers.push(server);
      }
      return { servers, port };
    } catch (error) {
      for (const server of servers) server.close();
      if (!/EADDRINUSE|EACCES/.test(String(error)) || tried > 40) throw error;
    }
  }
}

/**
 * @param {http.Server} server
 * @param {string} host
 * @param {number} port
 * @returns {Promise<number>} the port that it has got
 */
function listenAt(server, host, port) {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      const address = /** @type {import("node:net").AddressInfo} */ (server.address());
      resolve(address.port);
    });
  });
}
