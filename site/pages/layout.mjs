// What all pages share: head, header, footer. Nothing to read first.

/** Text in HTML. */
export const escapeText = (/** @type {string} */ text) =>
  text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);

/**
 * @param {{ title: string, entry: string, body: string, current?: string }} page
 * @param {import("./all.mjs").Course} course
 * @param {import("./all.mjs").Built} built
 */
export function layout({ title, entry, body, current }, course, { entries, early, policy }) {
  const used = [...new Set([entries.shell, entries[entry]])].filter((entry) => entry !== undefined);
  const styles = [...new Set(used.flatMap((entry) => entry.styles))];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escapeText(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeText(title)}</title>
<script src="./${early}"></script>
${styles.map((file) => `<link rel="stylesheet" href="./${file}">`).join("\n")}
${used.map(({ script }) => `<script type="module" src="./${script}"></script>`).join("\n")}
</head>
<body>
<a class="skip" href="#main">Skip to the text</a>
<header class="site-head"><a href="./index.html">chainrule</a>
<nav aria-label="Course"><ol>${course.pages
    .map(
      ({ lesson, page }) =>
        `<li><a href="./${page}"${page === current ? ' aria-current="page"' : ""}>${escapeText(lesson.title)}</a></li>`,
    )
    .join("")}</ol></nav></header>
<main id="main">
${body}
</main>
</body>
</html>
`;
}
