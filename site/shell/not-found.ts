/**
 * The script of 404.html, which is served at any depth and so cannot know where the site is: it looks
 * for the manifest in this folder and those above, and mends the links. Read early.ts first.
 */

import "./early.ts";

/** The folder of the site: the nearest one at or above the address that holds the manifest. */
async function siteFolder(): Promise<URL | undefined> {
  let folder = new URL(".", location.href);
  for (;;) {
    const file = new URL("manifest.webmanifest", folder);
    const found = await fetch(file).then(
      (answer) => (answer.ok ? answer.text() : ""),
      () => "",
    );
    if (found.includes('"chainrule"')) return folder;
    if (folder.pathname === "/") return undefined;
    folder = new URL("..", folder);
  }
}

addEventListener("DOMContentLoaded", async () => {
  const folder = await siteFolder();
  if (folder === undefined) return;
  for (const link of document.querySelectorAll<HTMLAnchorElement>("a[data-page]")) {
    link.href = new URL(link.dataset.page ?? "", folder).href;
  }
  document.documentElement.classList.add("found");
});
