// The security policy of every page, and the stricter one of the frame that runs cells: nothing from
// elsewhere, no eval. Nothing to read first.

import { createHash } from "node:crypto";

/** How a policy names a script that may stand in the page. */
const nameOf = (/** @type {string} */ script) =>
  `'sha256-${createHash("sha256").update(script).digest("base64")}'`;

/**
 * The policy, for a `<meta http-equiv="Content-Security-Policy">`. The frame that runs cells inherits it and
 * adds its own.
 * @param {string} frameScript
 */
export function securityPolicy(frameScript) {
  return [
    "default-src 'none'",
    `script-src 'self' 'wasm-unsafe-eval' blob: ${nameOf(frameScript)}`,
    "worker-src 'self' blob:",
    "style-src 'self' 'unsafe-inline'", // CodeMirror's styles, and those within pictures
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "frame-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

/**
 * The document of the frame that runs cells. What it may do, its worker may do too: run code that it has,
 * and nothing else. WebAssembly is for `chainrule/compile` and Graphviz.
 * @param {string} frameScript
 */
export function frameDocument(frameScript) {
  if (/<[!/]/.test(frameScript)) throw new Error("frame.ts: expected a script without markup");
  const policy = [
    "default-src 'none'",
    `script-src ${nameOf(frameScript)} 'wasm-unsafe-eval' blob:`,
    "worker-src blob:",
    "connect-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return `<!doctype html><meta http-equiv="Content-Security-Policy" content="${policy}"><script>${frameScript}</script>`;
}
