// Text to copy, with the button that copies it (shell/copy.ts). Read layout.mjs first.

import { escapeText } from "./layout.mjs";

/** @param {string} text @param {string} [more] what stands beside the button, as HTML */
export const snippet = (text, more = "") =>
  `<div class="snippet"><pre><code>${escapeText(text)}</code></pre><button type="button" class="needs-scripts" data-copy>Copy</button>${more}</div>`;
