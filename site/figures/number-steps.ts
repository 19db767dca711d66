/** A number in code, made larger or smaller by sensible steps. Nothing to read first. */

/** Where a number that can be changed stands in a text. */
export interface NumberPlace {
  readonly from: number;
  readonly to: number;
}

const plain = /^(\d+)(?:\.(\d*))?(e[+-]?\d+)?$/i;

/**
 * The length of a step: a unit of the last digit that is written, or a tenth of it if there is but one
 * digit behind the point that counts (0.01: 0.001). Whole numbers step by 1 up to 100, then by tens,
 * hundreds and so on (500: 10). Exponents are left alone, so 1e-6 goes to 1.1e-6.
 *
 * @returns undefined if the text is no number that can be changed: 0x1f, 5n, 1_000
 */
export function stepOf(literal: string): number | undefined {
  const found = plain.exec(literal);
  if (found === null) return undefined;
  const [, whole = "", decimals = "", exponent] = found;
  const size = Number(`${whole}.${decimals}`);
  if (exponent !== undefined) return 10 ** -Math.max(1, decimals.length);
  if (decimals === "") return size < 100 ? 1 : 10 ** (Math.floor(Math.log10(size)) - 1);
  const unit = 10 ** -decimals.length;
  return size === 0 || Math.round(size / unit) >= 10 ? unit : unit / 10;
}

/**
 * The number some steps on, as code. It keeps its exponent, and has as many digits behind the point as
 * number and step need.
 *
 * @param literal "0.01", or with its sign "-0.01"
 */
export function stepped(literal: string, step: number, steps: number): string {
  const [mantissa = "", exponent = ""] = literal.split(/(?=e)/i);
  const digits = Math.max(decimalsOf(mantissa), decimalsOf(String(Number(step.toPrecision(6)))));
  const text = (Number(mantissa) + steps * step).toFixed(digits);
  return (Number(text) === 0 ? text.replace("-", "") : text) + exponent;
}

function decimalsOf(text: string): number {
  const [mantissa = "", exponent = "0"] = text.split("e");
  return Math.max(0, (mantissa.split(".")[1] ?? "").length - Number(exponent));
}

/**
 * A place with the minus before it, if that is a sign: in `3 * -2`, not in `3 - 2`.
 */
export function withSign(text: string, { from, to }: NumberPlace): NumberPlace {
  const before = text.slice(0, from);
  const isSign = /(?:^|[-+*/%=<>([{,:;?&|!]|\breturn|=>)\s*-$/.test(before);
  return { from: isSign && !before.endsWith("--") ? from - 1 : from, to };
}

/** The text with another number at a place; a minus right after a minus gets parentheses. */
export function replaced(text: string, { from, to }: NumberPlace, number: string): string {
  const before = text.slice(0, from);
  const safe = number.startsWith("-") && before.endsWith("-") ? `(${number})` : number;
  return before + safe + text.slice(to);
}
