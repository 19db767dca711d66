/** Which of the two themes the page has now. Read shell/early.ts first. */

const dark = matchMedia("(prefers-color-scheme: dark)");
const root = document.documentElement;

/** The reader's choice, else the system's. */
export function theme(): "light" | "dark" {
  const chosen = root.dataset.theme;
  if (chosen === "light" || chosen === "dark") return chosen;
  return dark.matches ? "dark" : "light";
}

const listeners = new Set<() => void>();
let last = theme();

function tell(): void {
  if (theme() === last) return;
  last = theme();
  for (const listener of listeners) listener();
}

export function onThemeChange(listener: () => void): void {
  listeners.add(listener);
}

dark.addEventListener("change", tell);
new MutationObserver(tell).observe(root, { attributeFilter: ["data-theme"] });
