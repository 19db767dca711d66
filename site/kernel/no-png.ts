/** Stands for the package @resvg/resvg-wasm in the worker: pictures of cells are SVG. */

/** What `toPNG` begins with. */
export async function initWasm(): Promise<never> {
  throw new Error("toPNG: cells on this page draw SVG; paint PNG in Node or Deno");
}
