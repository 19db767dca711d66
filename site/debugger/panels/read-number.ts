/** A number as people type it. Nothing to read first. */

const decimal = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i;

/**
 * Reads a number with a point or a comma, a fraction, a minus of any kind.
 *
 * @returns undefined if the text is no finite number
 * @example readNumber("−0,5") // -0.5
 * @example readNumber("-1/3") // -0.333…
 */
export function readNumber(text: string): number | undefined {
  const parts = plainNumber(text).split("/");
  if (parts.length > 2 || !parts.every((part) => decimal.test(part))) return undefined;
  const [over, under = 1] = parts.map(Number);
  const number = over / under;
  return Number.isFinite(number) ? number : undefined;
}

/** The same number as programs write it: with a point, a hyphen for the minus, and no spaces. */
export const plainNumber = (text: string): string =>
  text.replace(/\s/gu, "").replace(/[−–‒]/gu, "-").replace(",", ".");
