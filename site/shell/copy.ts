/** Snippets to copy: the address of this very site is filled in, and a button copies. Read announce.ts first. */

import { announce } from "./announce.ts";

/** What stands in snippets where the address of the site belongs; the build does not know it. */
const anywhere = "https://example.org/chainrule/";

export function startCopying(): void {
  const here = new URL(".", location.href).href;
  for (const code of document.querySelectorAll(".snippet code")) {
    if (code.textContent.includes(anywhere)) {
      code.textContent = code.textContent.replaceAll(anywhere, here);
    }
  }
  for (const button of document.querySelectorAll<HTMLButtonElement>(".snippet [data-copy]")) {
    const code = button.closest(".snippet")?.querySelector("code");
    if (code) button.addEventListener("click", () => copy(code, button));
  }
}

async function copy(code: Element, button: HTMLButtonElement): Promise<void> {
  try {
    await navigator.clipboard.writeText(code.textContent);
    announce("Copied.");
    const label = button.textContent;
    button.textContent = "Copied";
    button.addEventListener("blur", () => (button.textContent = label), { once: true });
  } catch {
    getSelection()?.selectAllChildren(code); // no clipboard here: an address without https, an old browser
    announce("Selected: press Control and C to copy.");
  }
}
