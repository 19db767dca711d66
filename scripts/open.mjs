// Opens a link in the browser of the person at the terminal. Nothing to read first.

import { spawn } from "node:child_process";

/**
 * The command that opens a link here, or nothing where nobody would see what it opens: in CI, with
 * the output in a file or a pipe, on a machine without a screen, or at the far end of a connection.
 * @param {{ platform: string, env: Record<string, string | undefined>, terminal: boolean }} here
 * @returns {string[] | undefined} the program and its arguments, without the link
 */
export function openCommand({ platform, env, terminal }) {
  if (!terminal || env.CI || env.BROWSER === "none") return undefined;
  const screen = env.DISPLAY || env.WAYLAND_DISPLAY;
  const far = env.SSH_CONNECTION || env.SSH_TTY;
  if (platform === "linux") {
    if (env.BROWSER) return [env.BROWSER]; // also how VS Code opens links of a far machine
    if (env.WSL_DISTRO_NAME) return ["cmd.exe", "/c", "start"];
    return screen ? ["xdg-open"] : undefined;
  }
  if (far && !screen) return undefined;
  if (platform === "darwin") return ["open"];
  return platform === "win32" ? ["cmd", "/c", "start"] : undefined;
}

/**
 * Opens a link, or does nothing: the link is printed anyway.
 * @param {string} url
 */
export function openLink(url) {
  const { platform, env } = process;
  const command = openCommand({ platform, env, terminal: process.stdout.isTTY === true });
  if (command === undefined) return;
  const child = spawn(command[0], [...command.slice(1), url], { stdio: "ignore", detached: true });
  child.on("error", () => {}); // no such program
  child.unref();
}
