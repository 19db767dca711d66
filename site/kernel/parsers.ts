/** What reads the text of cells: Sucrase strips types, acorn parses. Nothing to read first. */

export { parse } from "acorn";
export { transform } from "sucrase";
