// The security policy of every page: nothing from elsewhere, no eval. Nothing to read first.

/**
 * The policy, for a `<meta http-equiv="Content-Security-Policy">`. The frame that runs cells inherits it and
 * adds its own.
 * @param {string} frameHash of the frame's script, "sha256-…"
 */
export function securityPolicy(frameHash) {
  return [
    "default-src 'none'",
    `script-src 'self' 'wasm-unsafe-eval' blob: '${frameHash}'`,
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
