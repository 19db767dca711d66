/** Text packed for an address: deflated and in base64url. Nothing to read first. */

/** Packs a text. */
export async function pack(text: string): Promise<string> {
  const bytes = await through(new TextEncoder().encode(text), new CompressionStream("deflate-raw"));
  let letters = "";
  for (const byte of bytes) letters += String.fromCharCode(byte);
  return btoa(letters).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/**
 * Unpacks a text.
 *
 * @param most characters that it may have; more is not even unpacked
 * @throws RangeError if it has more; any other error for what {@link pack} has not made
 */
export async function unpack(packed: string, most: number): Promise<string> {
  // Text without any pattern gets longer, by less than a third and a little, for each of its bytes.
  if (packed.length > 4 * most + 64) throw new RangeError("too long");
  const letters = atob(packed.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
  // A character takes at most three bytes for each of its units.
  const unpacked = await through(bytes, new DecompressionStream("deflate-raw"), 3 * most);
  const text = new TextDecoder("utf-8", { fatal: true }).decode(unpacked);
  if (text.length > most) throw new RangeError("too long");
  return text;
}

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
