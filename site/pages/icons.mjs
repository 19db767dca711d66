// The few drawings of the shell, as SVG that takes its colours from the text. Nothing to read first.

const icon = (/** @type {string} */ name, /** @type {string} */ body) =>
  `<svg class="icon icon-${name}" viewBox="0 0 24 24" width="20" height="20" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${body}</svg>`;

export const searchIcon = icon(
  "search",
  '<circle cx="10.5" cy="10.5" r="6.5"/><path d="m20.5 20.5-5-5"/>',
);

/** The three states of the theme switch; shell.css shows one of them. */
export const themeIcons = [
  icon(
    "system",
    '<circle cx="12" cy="12" r="8.5"/><path d="M12 3.5a8.5 8.5 0 0 1 0 17z" fill="currentColor"/>',
  ),
  icon(
    "light",
    '<circle cx="12" cy="12" r="4"/><path d="M12 2.5v2m0 15v2M2.5 12h2m15 0h2M5.3 5.3l1.4 1.4m10.6 10.6 1.4 1.4m0-13.4-1.4 1.4M6.7 17.3l-1.4 1.4"/>',
  ),
  icon("dark", '<path d="M20.5 14.5A8.5 8.5 0 0 1 9.5 3.5a8.5 8.5 0 1 0 11 11z"/>'),
].join("");

/**
 * The sign of the project: two links of a chain, and the product where they meet, as the chain rule
 * multiplies along a path. The first link passes over the second above and under it below.
 * static/icon.svg is the same drawing on a ground of its own.
 */
export const logo = `<svg class="logo" viewBox="0 0 58 40" width="38" height="26" fill="none" stroke-width="5" aria-hidden="true">
<circle class="link-1" cx="20" cy="20" r="16"/>
<circle class="gap" cx="38" cy="20" r="16" stroke-width="8.2"/><circle class="link-2" cx="38" cy="20" r="16"/>
<path class="gap" d="M22.78 4.24A16 16 0 0 1 32.94 10.6" stroke-width="8.2"/><path class="link-1" d="M21.12 4.04A16 16 0 0 1 33.86 12"/>
<circle class="product" cx="29" cy="20" r="2.7"/></svg>`;
