/** What is loaded when the reader selects something or opens the table: nothing but re-exports. */

export { ParameterTable } from "./parameters.ts";
export { selectedWords } from "./selected.ts";
