// A static server on localhost for the site. Nothing to read first.

import * as fs from "node:fs";
import * as http from "node:http";
import * as path from "node:path";

const types = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json",
};

/**
 * Serves a folder on localhost.
 * @param {string} folder
 * @param {number} port 0 for any free one
 * @returns {Promise<{ url: string, port: number, close: () => Promise<void> }>}
 */
export function serve(folder, port = 0) {
  const server = http.createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    let file;
    try {
      file = path.join(folder, decodeURIComponent(pathname));
    } catch {
      file = folder + path.sep;
    }
    if (file.endsWith(path.sep)) file += "index.html";
    if (
      !file.startsWith(folder + path.sep) ||
      !fs.statSync(file, { throwIfNoEntry: false })?.isFile()
    ) {
      response.writeHead(404, { "content-type": "text/plain" }).end("not found");
      return;
    }
    const type = /** @type {Record<string, string>} */ (types)[path.extname(file)];
    response.writeHead(200, {
      "content-type": type ?? "application/octet-stream",
      "cache-control": "no-cache",
    });
    fs.createReadStream(file).pipe(response);
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      const address = /** @type {import("node:net").AddressInfo} */ (server.address());
      resolve({
        url: `http://localhost:${address.port}/`,
        port: address.port,
        close: () =>
          new Promise((done) => {
            server.close(() => done(undefined));
            server.closeAllConnections();
          }),
      });
    });
  });
}
