// The page for addresses that are none. A host serves it at any depth, so it has style and script inside:
// nothing relative can be relied on. Read shell/not-found.ts first.

import * as fs from "node:fs";
import * as path from "node:path";
import { root } from "../../scripts/set-up.mjs";
import { securityPolicy } from "../build/policy.mjs";
import { logo } from "./icons.mjs";
import { escapeText, nameOf } from "./layout.mjs";

/**
 * @param {import("./all.mjs").Course} course
 * @param {import("./all.mjs").Built} built
 * @returns {import("./all.mjs").Page}
 */
export function notFoundPage(course, { notFoundScript, shellStyles }) {
  const icon = fs.readFileSync(path.join(root, "site/static/icon.svg"), "utf8");
  const link = (/** @type {string} */ page, /** @type {string} */ text) =>
    `<a data-page="${page}" href="./${page}">${text}</a>`;
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escapeText(securityPolicy(notFoundScript))}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<link rel="icon" href="data:image/svg+xml,${encodeURIComponent(icon)}">
<title>No such page · chainrule</title>
<script>${notFoundScript}</script>
<style>${shellStyles}</style>
</head>
<body>
<header class="site-head"><a class="home" data-page="index.html" href="./">${logo}<span>chainrule</span></a></header>
<div class="frame"><main id="main" class="text">
<h1>There is no page here</h1>
<p>The address may be mistyped, or the page has moved. ${link("index.html", "The front page")} leads everywhere.</p>
<p class="one-up">If that link leads nowhere either, go <a href="../">one folder up</a>, and again until the site appears.</p>
<ol class="steps found-steps">${course.pages
    .map((page) => `<li>${link(page.page, escapeText(nameOf(page)))}</li>`)
    .join("")}</ol>
</main></div>
</body>
</html>
`;
  return { file: "404.html", html };
}
