/** Links that carry the code of a cell: `#cell-3&code=…`. Read ../shell/packing.ts first. */

import { pack, unpack } from "../shell/packing.ts";

/** Characters of code that a link may carry. */
export const longestCode = 20_000;

/** What the part of an address after # says. */
export type Fragment =
  | { readonly kind: "none" }
  | { readonly kind: "code"; readonly cell: number; readonly code: string }
  | { readonly kind: "broken"; readonly sentence: string };

/**
 * The part of a link after #.
 *
 * @returns undefined if the code is too long
 */
export async function fragmentOf(cell: number, code: string): Promise<string | undefined> {
  if (code.length > longestCode) return undefined;
  return `#cell-${cell}&code=${await pack(code)}`;
}

/** Reads the part of an address after #. The code is text, nothing more; nobody has run it. */
export async function readFragment(fragment: string): Promise<Fragment> {
  const parts = /^#cell-(\d{1,4})&code=([^&]*)/.exec(fragment);
  if (!parts) {
    if (!fragment.includes("&code=")) return { kind: "none" };
    return broken("The link names no cell of this page, so its code cannot be shown.");
  }
  const [, cell = "", packed = ""] = parts;
  const tooLong = "The link's code is too long to be shown: a link may carry 20,000 characters.";
  try {
    const code = await unpack(packed, longestCode);
    if (code === "") return broken("The link carries no code.");
    return { kind: "code", cell: Number(cell), code: code.replace(/\r\n?/g, "\n") };
  } catch (error) {
    if (error instanceof RangeError) return broken(tooLong);
    return broken("The link is damaged, so its code cannot be shown. Perhaps it was cut off.");
  }
}

const broken = (sentence: string): Fragment => ({ kind: "broken", sentence });
