/** To how many digits two numbers agree, and texts that show it. Nothing needs to be read before. */

/** As many significant digits as a double can tell apart. */
const MOST_DIGITS = 17;

/**
 * To how many leading decimal digits two numbers agree, after rounding both to so many.
 *
 * @returns 0 if they do not even agree in the first digit, at most 17
 * @example agreeingDigits(-0.123456, -0.123489) // 4: both are -0.1235
 * @example agreeingDigits(0.99999, 1.00001) // 4: both are 1.000
 */
export function agreeingDigits(a: number, b: number): number {
  if (a === b || Object.is(a, b)) return MOST_DIGITS;
  if (!Number.isFinite(a) || !Number.isFinite(b)) return 0;
  for (let digits = MOST_DIGITS; digits > 0; digits--) {
    if (a.toPrecision(digits) === b.toPrecision(digits)) return digits;
  }
  return 0;
}

/** A number in two parts: the digits that agree with another one, and those that do not. */
export interface SplitNumber {
  readonly agreeing: string;
  readonly rest: string;
}

/**
 * A number with so many significant digits, divided after the first ones, which agree with another
 * number: they can be underlined, say.
 *
 * @param agreeing see {@link agreeingDigits}
 * @param shown how many significant digits are shown in all
 * @example splitDigits(-0.123456, 4, 6) // { agreeing: "-0.1234", rest: "56" }
 */
export function splitDigits(x: number, agreeing: number, shown = 12): SplitNumber {
  const text = Number.isFinite(x) ? x.toPrecision(shown) : String(x);
  if (agreeing === 0) return { agreeing: "", rest: text };
  if (!Number.isFinite(x) || agreeing >= shown) return { agreeing: text, rest: "" };
  // Zeros before the first other digit do not count, nor does the point.
  const start = x === 0 ? 0 : text.search(/[1-9]/);
  let end = start;
  for (let digits = 0; end < text.length && digits < agreeing; end++) {
    if (/\d/.test(text[end])) digits += 1;
  }
  return { agreeing: text.slice(0, end), rest: text.slice(end) };
}
