/**
 * Links that carry the code of a cell: `#cell-3&code=…`, deflated and in base64url. Nothing to read
 * first.
 */

/** Characters of code that a link may carry. */
export const longestCode = 20_000;
/** Characters of a link's code that are worth unpacking: text without any pattern gets longer. */
const longestPacked = 80_000;

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
  return `#cell-${cell}&code=${await packText(code)}`;
}

/** A text for an address: deflated, in base64url. */
export async function packText(text: string): Promise<string> {
  const bytes = await through(new TextEncoder().encode(text), new CompressionStream("deflate-raw"));
  let letters = "";
  for (const byte of bytes) letters += String.fromCharCode(byte);
  return btoa(letters).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/**
 * The text that {@link packText} packed.
 *
 * @param most so many bytes may come out; more are not even unpacked
 * @throws RangeError if there are more, and another error if the text is damaged
 */
export async function unpackText(packed: string, most: number): Promise<string> {
  const letters = atob(packed.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
  const unpacked = await through(bytes, new DecompressionStream("deflate-raw"), most);
  return new TextDecoder("utf-8", { fatal: true }).decode(unpacked);
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
  if (packed.length > longestPacked) return broken(tooLong);
  try {
    // A character takes at most three bytes for each of its units.
    const code = await unpackText(packed, 3 * longestCode);
    if (code.length > longestCode) return broken(tooLong);
    if (code === "") return broken("The link carries no code.");
    return { kind: "code", cell: Number(cell), code: code.replace(/\r\n?/g, "\n") };
  } catch (error) {
    if (error instanceof RangeError) return broken(tooLong);
    return broken("The link is damaged, so its code cannot be shown. Perhaps it was cut off.");
  }
}

const broken = (sentence: string): Fragment => ({ kind: "broken", sentence });

/** @throws RangeError when more than `most` bytes come out, TypeError for what cannot be unpacked */
async function through(
  bytes: Uint8Array<ArrayBuffer>,
  stream: CompressionStream | DecompressionStream,
  most = Number.POSITIVE_INFINITY,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = new Blob([bytes]).stream().pipeThrough(stream).getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    chunks.push(next.value);
    length += next.value.length;
    if (length <= most) continue;
    await reader.cancel();
    throw new RangeError("too long");
  }
  const all = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}
