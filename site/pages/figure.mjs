// The page with nothing but the figure, to be put into other pages. Read figures/stepper-html.mjs
// first.

import { stepperHTML } from "../figures/stepper-html.mjs";
import { escapeText } from "./layout.mjs";
import { pictureStyle } from "./picture.mjs";

/**
 * @param {import("./all.mjs").Built} built
 * @returns {import("./all.mjs").Page}
 */
export function figurePage({ entries: { shell, figure }, early, policy }) {
  const styles = [...shell.styles, ...figure.styles];
  return {
    file: "figure.html",
    html: `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escapeText(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Backpropagation step by step · chainrule</title>
<script src="./${early}"></script>
<style>${pictureStyle}</style>
${styles.map((file) => `<link rel="stylesheet" href="./${file}">`).join("\n")}
${figure.preloads.map((file) => `<link rel="modulepreload" href="./${file}">`).join("\n")}
<script type="module" src="./${figure.script}"></script>
<link rel="icon" href="./icon.svg" type="image/svg+xml">
</head>
<body class="figure-page">
<main id="main">
<h1 class="visually-hidden">Backpropagation step by step</h1>
<div class="figure-problems" role="alert"></div>
<div id="figure">
${stepperHTML()}
</div>
</main>
</body>
</html>
`,
  };
}
