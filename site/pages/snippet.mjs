// Text to copy, with the button that copies it (shell/copy.ts). Read layout.mjs first.

import { escapeText } from "./layout.mjs";

/** @param {string} text */
export const snippet = (text) =>
  `<div class="snippet"><pre><code>${escapeText(text)}</code></pre><button type="button" class="needs-scripts">Copy</button></div>`;
