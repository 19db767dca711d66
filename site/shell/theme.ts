/** The switch between light, dark and the system's theme. Read store.ts and early.ts first. */

import { announce } from "./announce.ts";
import { store } from "./store.ts";

type Theme = "light" | "dark";

const names = { system: "as the system", light: "light", dark: "dark" };

/** What the reader chose; `undefined`: as the system. */
function chosen(): Theme | undefined {
  const theme = store.setting("theme");
  return theme === "light" || theme === "dark" ? theme : undefined;
}

/** From the system's theme to the other one, to the system's own as a choice, and back: each press but the last shows. */
function next(): Theme | undefined {
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const [other, same]: Theme[] = dark ? ["light", "dark"] : ["dark", "light"];
  const now = chosen();
  if (now === undefined) return other;
  return now === other ? same : undefined;
}

/** Shows the choice on the page and on its switches. */
function show(): void {
  const theme = chosen();
  if (theme === undefined) delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  for (const button of document.querySelectorAll<HTMLElement>("[data-theme-switch]")) {
    const label = `Theme: ${names[theme ?? "system"]}`;
    button.title = label;
    button.setAttribute("aria-label", label);
  }
}

/** Makes the switches of this page work, and follows a choice made in another tab. */
export function startTheme(): void {
  // Embedded, it has no switch, and early.ts has seen to what the page around it wants.
  if (document.documentElement.classList.contains("embedded")) return;
  show();
  for (const button of document.querySelectorAll("[data-theme-switch]")) {
    button.addEventListener("click", () => {
      store.setSetting("theme", next());
      announce(`Theme: ${names[chosen() ?? "system"]}.`);
    });
  }
  store.onChange(show);
}
