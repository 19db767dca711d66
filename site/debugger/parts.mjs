// What may be left out of the debugger's page, by `hide=` with commas: the page reads it, and the page
// for teachers lists it. Nothing to read first.

export const parts = /** @type {const} */ ([
  "choice",
  "source",
  "controls",
  "words",
  "panels",
  "card",
  "receipt",
  "proofs",
  "curve",
  "quiz",
  "link",
  "help",
]);
