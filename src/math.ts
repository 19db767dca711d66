// The transcendental functions, made of + - * / and bit moves so that every machine gives the same
// bits; read nothing before it.
//
// Why not Math.exp? JavaScript leaves its last digits to the engine: Node and Chromium disagree on
// one exp in ten. But + - * / and sqrt are fixed to the last bit by IEEE 754, in JavaScript as in
// WebAssembly. What is made of them alone, in a fixed order, is the same number everywhere.
//
// Every function works in the same three steps:
//   1. reduce:    an identity brings x into a short interval around 0; for exp it is
//                 e^x = 2^k * e^r with r = x - k*log(2), so that |r| <= log(2)/2;
//   2. evaluate:  there a polynomial comes closer to the function than a double can tell;
//   3. rebuild:   undo the reduction: multiply by 2^k, add k*log(2), change a sign.
//
// A double has 53 bits. One ulp (unit in the last place) is the distance between the doubles
// around a result. Rounding the true value costs up to half an ulp and nobody can do better; the
// functions here stay within one ("measured" is the largest error met on millions of points). To
// get there they keep what rounding drops: where it matters, a number is carried as the unevaluated
// sum high + low of two doubles, about 106 bits.
//
// The polynomials were computed for this file with Sollya (`fpminimax`: of all polynomials with
// double coefficients nearly the one whose largest error on the interval is smallest). Each says
// what it stands for, on which interval, and which relative error it causes in the result: 2^-60
// is invisible beside the 2^-53 of rounding. They are summed highest power first (Horner), the
// even and the odd powers apart: two short chains of operations run faster than one long chain.

// ---- The bits of a double --------------------------------------------------------------------

// The same eight bytes seen as one double and as two 32-bit integers:
//
//   sign (1 bit) | exponent + 1023 (11 bits) | fraction (52 bits)   value = 1.fraction * 2^exponent
//   |------------- words[HIGH], 32 bits -------------|-- 32 bits --|
const double = new Float64Array(1);
const words = new Int32Array(double.buffer);
double[0] = 1;
const HIGH = words[0] === 0 ? 1 : 0; // which word comes first depends on the processor

// All powers of two that are doubles, 2^-1074 to 2^1023. Doubling finds them exactly; looking one
// up is faster than putting its bits together.
const POWERS = new Float64Array(2098);
for (let i = 0, power = 5e-324; i < POWERS.length; i++, power *= 2) POWERS[i] = power;

// The next three functions are the only ones that look at bits; compile/ has its own for the
// machine it compiles for, and takes all others from this file.

/** 2^k for an integer k from -1022 to 1023. */
function powerOfTwo(k: number): number {
  return POWERS[(k + 1074) | 0];
}

/** x * 2^k, where neither x nor the result is subnormal. */
function timesPowerOfTwo(x: number, k: number): number {
  return x * POWERS[(k + 1074) | 0];
}

/**
 * How often the bits of x > 0, not subnormal, have stepped past a word: the integer k for which the
 * first word of x * 2^-k is at least `word` and less than `word` + 2^20.
 */
function exponentFrom(x: number, word: number): number {
  double[0] = x;
  return (words[HIGH] - word) >> 20;
}

/** The integer next to x, for |x| < 2^51: from 2^52 on a double has no room for a fraction. */
function nearestInteger(x: number): number {
  return x + 6755399441055744 - 6755399441055744; // 1.5 * 2^52
}

// Where mantissa() leaves the exponent.
const exponent = new Float64Array(1);

/** m in [sqrt(1/2), sqrt(2)) with x = m * 2^k, for 0 < x < Infinity; k is left in `exponent`. */
function mantissa(x: number): number {
  const tiny = x < 2.2250738585072014e-308; // subnormal: without the leading 1, so scale it first
  const y = tiny ? x * 18014398509481984 : x; // 2^54
  // 0x3fe6a09e begins sqrt(1/2). Counting from there, the exponent steps at sqrt(1/2) * 2^k.
  const k = exponentFrom(y, 0x3fe6a09e);
  exponent[0] = tiny ? k - 54 : k;
  return timesPowerOfTwo(y, -k);
}

// ---- Sums of two doubles ---------------------------------------------------------------------

// A function that computes a sum high + low returns high and leaves low here.
const rest = new Float64Array(1);

/** a + b: the rounded sum, and in `rest` exactly what rounding dropped (Knuth, TAOCP 2, 4.2.2). */
function exactSum(a: number, b: number): number {
  const sum = a + b;
  const second = sum - a;
  rest[0] = a - (sum - second) + (b - second);
  return sum;
}

/** a rounded to 26 bits, so that products of two such numbers are exact (Veltkamp); |a| < 2^996. */
function upperHalf(a: number): number {
  const c = 134217729 * a; // 2^27 + 1
  return c - (c - a);
}

/** a * b: the rounded product, and in `rest` exactly what rounding dropped (Dekker 1971). */
function exactProduct(a: number, b: number): number {
  const product = a * b;
  const aHigh = upperHalf(a);
  const aLow = a - aHigh;
  const bHigh = upperHalf(b);
  const bLow = b - bHigh;
  rest[0] = aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow);
  return product;
}

/**
 * (a + aLow) / (b + bLow), low part in `rest`. It is long division: a first quotient q of 26 bits,
 * then the remainder a - q*b, nothing of which is rounded away because q is short, divided too.
 */
function quotient(a: number, aLow: number, b: number, bLow: number): number {
  const inverse = 1 / b;
  const q = upperHalf(a * inverse);
  const bHigh = upperHalf(b);
  const more = (a - q * bHigh - q * (b - bHigh + bLow) + aLow) * inverse;
  const result = q + more;
  rest[0] = more - (result - q);
  return result;
}

// ---- exp, expm1 ------------------------------------------------------------------------------

const LOG2_E = 1.4426950408889634; // 1 / log(2)
// log(2) = LN2_HIGH + LN2_LOW. LN2_HIGH has 40 bits, so k * LN2_HIGH is exact for |k| < 2^13.
const LN2_HIGH = 0.6931471805592082;
const LN2_LOW = 7.371002565167799e-13;

/**
 * e^(high + low) - 1 - high, for |high + low| <= 0.3467 and a much smaller low. With r for the sum
 *   e^r - 1 - r = r^2/2 + r^2 * (r * (1/6 + r^2/120 + ...) + r^2 * (1/24 + r^2/720 + ...)).
 * rLow is what rounding drops from high + low; only r^2/2 is large enough to feel it.
 *
 * (e^r - 1 - r) / r^2 on [-0.3467, 0.3467]: degree 10, first coefficient 1/2, error 2^-61.9.
 */
function expTail(high: number, low: number): number {
  const r = high + low;
  const rLow = low - (r - high);
  const z = r * r;
  let odd = 2.5105439672977192e-8;
  odd = odd * z + 2.7557254761123693e-6;
  odd = odd * z + 0.00019841269875453375;
  odd = odd * z + 0.008333333333325888;
  odd = odd * z + 0.1666666666666667;
  let even = 2.0920363443396856e-9;
  even = even * z + 2.755725697210716e-7;
  even = even * z + 2.480158734244868e-5;
  even = even * z + 0.0013888888888876978;
  even = even * z + 0.04166666666666668;
  return 0.5 * z + (z * (r * odd + z * even) + (low + r * rLow));
}

/** 1 + high + tail, rounded once: what 1 + high drops is added to the tail. */
function onePlus(high: number, tail: number): number {
  const sum = 1 + high;
  return sum + (tail + (high - (sum - 1)));
}

/** e^x * 2^shift, for shift 0 or -1: sinh and cosh need e^x / 2 also where e^x is too large. */
function scaledExp(x: number, shift: number): number {
  if (Math.abs(x) > 746) return x > 0 ? Infinity : 0; // 2^k could need more than two factors
  const k = nearestInteger(x * LOG2_E);
  const high = x - k * LN2_HIGH; // exact
  const y = onePlus(high, expTail(high, -k * LN2_LOW));
  // 2^k comes in two factors: 2^1024 is not a double, though results just below it are; and a
  // result below 2^-1022, which has fewer bits, is rounded only by the last multiplication.
  const half = nearestInteger((k + shift) * 0.5);
  return y * powerOfTwo(half) * powerOfTwo(k + shift - half);
}

/**
 * e^x. Within 1 ulp of the true value (measured: 0.75).
 *
 * x = k*log(2) + r with an integer k, so e^x = 2^k * e^r.
 */
export function exp(x: number): number {
  return scaledExp(x, 0);
}

/**
 * e^x - 1 for |x| <= 60, low part in `rest`: with x = k*log(2) + r and r = high + a little,
 * e^x - 1 = (2^k - 1) + 2^k * high + 2^k * tail, where the first two terms are exact.
 */
function expm1Parts(x: number): number {
  const k = nearestInteger(x * LOG2_E);
  const high = x - k * LN2_HIGH;
  const scale = powerOfTwo(k);
  const a = exactSum(scale, -1);
  const aLow = rest[0];
  const b = scale * high;
  const sum = a + b; // |a| > |b| or a = 0; so b - (sum - a) is exactly what this drops
  const low = b - (sum - a) + (scale * expTail(high, -k * LN2_LOW) + aLow);
  const result = sum + low;
  rest[0] = low - (result - sum);
  return result;
}

/** e^x - 1, accurate also near 0, where e^x is nearly 1. Within 1 ulp (measured: 0.83). */
export function expm1(x: number): number {
  if (x > 60) return exp(x); // the 1 is far below an ulp
  if (x === 0) return x; // keeps -0
  return x < -60 ? -1 : expm1Parts(x);
}

// ---- log, log1p ------------------------------------------------------------------------------

/**
 * log(x) + correction, for 0 < x < Infinity and a correction of a few ulps.
 *
 * x = m * 2^k gives log(x) = k*log(2) + log(m). With m = 1 + f and s = f / (2 + f) we have
 * m = (1 + s) / (1 - s), and so
 *   log(m) = 2*atanh(s) = 2s + s*R,   R = 2/3 s^2 + 2/5 s^4 + 2/7 s^6 + ...,   |s| < 0.172.
 * f is exact, but s is rounded. Since 2s = f - s*f and f - s*f = f - f^2/2 + s * f^2/2,
 *   log(m) = f - (f^2/2 - s * (f^2/2 + R)):
 * the large term is exact, and s, the rounded one, occurs in small terms only.
 *
 * R / s^2 on s^2 in [0, 0.02945]: degree 7 in s^2, error 2^-65.6.
 */
function logPlus(x: number, correction: number): number {
  const f = mantissa(x) - 1;
  const k = exponent[0];
  const s = f / (2 + f);
  const z = s * s;
  const w = z * z;
  let even = 0.13246652407198609;
  even = even * w + 0.1818177369468834;
  even = even * w + 0.2857142856917198;
  even = even * w + 0.6666666666666666;
  let odd = 0.13287079508516494;
  odd = odd * w + 0.15387216083922067;
  odd = odd * w + 0.22222222655841817;
  odd = odd * w + 0.4000000000000532;
  const R = z * (even + z * odd);
  const halfSquare = 0.5 * f * f;
  const sum = k * LN2_HIGH + f;
  const sumLow = f - (sum - k * LN2_HIGH);
  const low = s * (halfSquare + R) + (k * LN2_LOW + correction);
  return sum + (sumLow - (halfSquare - low));
}

/** The logarithm, to any base, of what is not a positive finite number. */
function logOutside(x: number): number {
  return x === 0 ? -Infinity : x > 0 ? x : NaN;
}

/** The natural logarithm. Within 1 ulp (measured: 0.87). log(0) = -Infinity, log(-1) = NaN. */
export function log(x: number): number {
  return x > 0 && x < Infinity ? logPlus(x, 0) : logOutside(x);
}

/**
 * log(1 + x), accurate also near 0, where 1 + x is nearly 1. Within 1 ulp (measured: 0.89).
 *
 * 1 + x = u + c exactly, with u rounded, and log(u + c) = log(u) + c/u up to (c/u)^2.
 */
export function log1p(x: number): number {
  if (!(x > -1 && x < Infinity)) return logOutside(1 + x);
  if (x === 0) return x; // keeps -0
  const u = exactSum(1, x);
  return logPlus(u, rest[0] / u);
}

// ---- log2, log10, pow ------------------------------------------------------------------------

const THIRD = 0.3333333333333333; // 1/3 = THIRD + THIRD_LOW
const THIRD_LOW = 1.850371707708594e-17;

/**
 * log(m) for m in [sqrt(1/2), sqrt(2)), low part in `rest`, with about 65 correct bits.
 *
 * With s as in logPlus and z = s^2, log(m) = 2s * (1 + z * (1/3 + z * (1/5 + z*Q))). All but the
 * innermost bracket, which is small, are sums of two doubles.
 *
 * Q = 1/7 + z/9 + ... on z in [0, 0.02945]: degree 6, error 2^-68.1.
 */
function logParts(m: number): number {
  const f = m - 1;
  const d = 2 + f;
  const s = quotient(f, 0, d, f - (d - 2));
  const sLow = rest[0];
  const z = exactProduct(s, s);
  const zLow = rest[0] + 2 * s * sLow;
  const w = z * z;
  let even = 0.0578418755921377;
  even = even * w + 0.06667104061230249;
  even = even * w + 0.09090909113400178;
  even = even * w + 0.142857142857143;
  let odd = 0.05860816161709737;
  odd = odd * w + 0.07692303146306124;
  odd = odd * w + 0.11111111111069247;
  const more = z * (0.2 + z * (even + z * odd));
  const third = THIRD + more;
  const thirdLow = more - (third - THIRD) + THIRD_LOW;
  const zThird = exactProduct(z, third);
  const zThirdLow = rest[0] + (z * thirdLow + zLow * third);
  const last = exactProduct(2 * s, zThird);
  const lastLow = rest[0] + 2 * (s * zThirdLow + sLow * zThird);
  const high = 2 * s + last;
  rest[0] = last - (high - 2 * s) + (lastLow + 2 * sLow);
  return high;
}

const LOG2_E_LOW = 2.0355273740931033e-17; // 1 / log(2) = LOG2_E + LOG2_E_LOW

/** The logarithm to base 2. Within 1 ulp (measured: 0.51); log2(2^n) is n. */
export function log2(x: number): number {
  if (!(x > 0 && x < Infinity)) return logOutside(x);
  const l = logParts(mantissa(x));
  const lLow = rest[0];
  const k = exponent[0];
  const product = exactProduct(l, LOG2_E);
  const productLow = rest[0] + (l * LOG2_E_LOW + lLow * LOG2_E);
  const sum = k + product;
  return sum + (product - (sum - k) + productLow);
}

const LOG10_E = 0.4342944819032518; // 1 / log(10) = LOG10_E + LOG10_E_LOW
const LOG10_E_LOW = 1.098319650216765e-17;
const LOG10_2_HIGH = 0.30102999566361177; // 40 bits of log10(2)
const LOG10_2_LOW = 3.694239077158931e-13;

/** The logarithm to base 10. Within 1 ulp (measured: 0.51); log10(10^n) is n. */
export function log10(x: number): number {
  if (!(x > 0 && x < Infinity)) return logOutside(x);
  const l = logParts(mantissa(x));
  const lLow = rest[0];
  const k = exponent[0];
  const product = exactProduct(l, LOG10_E);
  const productLow = rest[0] + (l * LOG10_E_LOW + lLow * LOG10_E);
  const start = k * LOG10_2_HIGH; // exact
  const sum = start + product;
  return sum + (product - (sum - start) + (k * LOG10_2_LOW + productLow));
}

/**
 * x^y. Within 1 ulp (measured: 0.75), and exact where the result is a double: pow(2, n), pow(3, 4),
 * pow(9, 0.5). pow(x, 1) is x, pow(x, 2) is x * x, pow(x, -1) is 1 / x.
 *
 * x^y = e^(y * log(x)). Near 2^1024 the exponent y * log(x) is near 710, and e^ turns its absolute
 * error into a relative one: 2^-53 of 710 would cost 710 ulps. Hence 65 bits for log(x).
 *
 * The special cases are those of C99 and PyTorch. JavaScript's own power differs in three: there
 * 1^NaN, 1^Infinity and (-1)^Infinity are NaN, here 1. Everywhere x^0 is 1, even for NaN.
 */
export function pow(x: number, y: number): number {
  if (y === 0 || x === 1) return 1;
  if (y === 1) return x;
  if (y === 2) return x * x;
  if (y === -1) return 1 / x;
  if (Number.isNaN(x) || Number.isNaN(y)) return NaN;

  const size = Math.abs(x);
  if (Math.abs(y) === Infinity) {
    if (size === 1) return 1;
    return size > 1 === y > 0 ? Infinity : 0;
  }
  const integer = Math.floor(y) === y;
  const odd = integer && Math.floor(y / 2) !== y / 2;
  const sign = odd && (x < 0 || 1 / x < 0) ? -1 : 1; // 1 / x tells -0 from 0
  if (size === 0 || size === Infinity) return (size === 0) === y > 0 ? sign * 0 : sign * Infinity;
  if (x < 0 && !integer) return NaN;
  if (size === 1) return sign;

  // log |x| = high + low
  const l = logParts(mantissa(size));
  const lLow = rest[0];
  const start = exponent[0] * LN2_HIGH;
  const sum = start + l;
  const sumLow = l - (sum - start) + (exponent[0] * LN2_LOW + lLow);
  const high = sum + sumLow;
  const low = sumLow - (high - sum);

  if (y * high > 711) return sign * Infinity;
  if (y * high < -746) return sign * 0;
  const product = exactProduct(y, high);
  const productLow = rest[0] + y * low;

  // e^(product + productLow), as in scaledExp
  const k = nearestInteger(product * LOG2_E);
  const r = product - k * LN2_HIGH;
  const power = onePlus(r, expTail(r, productLow - k * LN2_LOW));
  const half = nearestInteger(k * 0.5);
  return sign * power * powerOfTwo(half) * powerOfTwo(k - half);
}

// ---- tanh, sinh, cosh, asinh -----------------------------------------------------------------

/**
 * The hyperbolic tangent. Within 1 ulp (measured: 0.71).
 *
 * With E = e^(-2|x|) - 1, between -1 and 0: tanh |x| = -E / (2 + E). One formula for all x, which
 * neither overflows nor cancels. E, 2 + E and the quotient are sums of two doubles.
 */
export function tanh(x: number): number {
  const size = Math.abs(x);
  let t = 1; // from 22 on, tanh rounds to 1
  if (!(size > 22)) {
    const E = expm1Parts(-2 * size);
    const ELow = rest[0];
    const d = 2 + E;
    t = quotient(-E, -ELow, d, E - (d - 2) + ELow);
  }
  return x === 0 ? x : x < 0 ? -t : t; // x itself: 0 or -0
}

/**
 * The hyperbolic sine, (e^x - e^-x) / 2. Within 1 ulp (measured: 0.73).
 *
 * With E = e^|x| - 1: sinh |x| = (E + E / (1 + E)) / 2, which does not cancel near 0.
 */
export function sinh(x: number): number {
  const size = Math.abs(x);
  if (size > 40) {
    const half = scaledExp(size, -1); // e^-x is invisible
    return x > 0 ? half : -half;
  }
  const E = expm1Parts(size);
  const ELow = rest[0];
  const d = exactSum(E, 1);
  const q = quotient(E, ELow, d, rest[0] + ELow);
  const qLow = rest[0];
  const sum = E + q;
  const y = 0.5 * (sum + (q - (sum - E) + (ELow + qLow)));
  return x === 0 ? x : x < 0 ? -y : y;
}

/** The hyperbolic cosine, (e^x + e^-x) / 2. Within 1 ulp (measured: 0.64). */
export function cosh(x: number): number {
  const size = Math.abs(x);
  if (size > 40) return scaledExp(size, -1);
  const E = expm1Parts(size);
  const ELow = rest[0];
  const e = exactSum(E, 1);
  const eLow = rest[0] + ELow;
  const inverse = 1 / e;
  const sum = e + inverse;
  return 0.5 * (sum + (inverse - (sum - e) + (eLow - eLow * inverse * inverse)));
}

/**
 * The inverse of sinh, log(x + sqrt(1 + x^2)). Within 1 ulp (measured: 0.86).
 *
 * As in log1p, the argument of the logarithm is u + c, with u rounded and c what rounding dropped.
 */
export function asinh(x: number): number {
  const size = Math.abs(x);
  if (!(size > 1e-9 && size < Infinity)) return x; // x - x^3/6 rounds to x
  if (size > 1e9) {
    const y = logPlus(size, 0.6931471805599453); // sqrt(1 + x^2) rounds to |x|: log(2|x|)
    return x > 0 ? y : -y;
  }
  const square = exactProduct(size, size);
  const squareLow = rest[0];
  const a = exactSum(1, square);
  const aLow = squareLow + rest[0];
  // A step of Newton's method: sqrt(a + aLow) = root + (a + aLow - root^2) / (2 root).
  const root = Math.sqrt(a);
  const back = exactProduct(root, root);
  const rootLow = (a - back - rest[0] + aLow) / (2 * root);
  const u = exactSum(root, size);
  const y = logPlus(u, (rest[0] + rootLow) / u);
  return x > 0 ? y : -y;
}

// ---- sin, cos, tan ---------------------------------------------------------------------------

const TWO_OVER_PI = 0.6366197723675814;
const HALF_PI = 1.5707963267948966; // pi/2 = HALF_PI + HALF_PI_LOW
const HALF_PI_LOW = 6.123233995736766e-17;

// pi/2 once more, in four parts. The first three have 33 bits: times n < 2^20 they are exact.
const HALF_PI_1 = 1.5707963267341256;
const HALF_PI_2 = 6.077100506303966e-11;
const HALF_PI_3 = 2.0222662487111665e-21;
const HALF_PI_4 = 8.4784276603689e-32;

// The digits of 2/pi to base 2^24: 2/pi = DIGITS[0] / 2^24 + DIGITS[1] / 2^48 + ...
const DIGITS = [
  0xa2f983, 0x6e4e44, 0x1529fc, 0x2757d1, 0xf534dd, 0xc0db62, 0x95993c, 0x439041, 0xfe5163,
  0xabdebb, 0xc561b7, 0x246e3a, 0x424dd2, 0xe00649, 0x2eea09, 0xd1921c, 0xfe1deb, 0x1cb129,
  0xa73ee8, 0x8235f5, 0x2ebb44, 0x84e99c, 0x7026b4, 0x5f7e41, 0x3991d6, 0x398353, 0x39f49c,
  0x845f8b, 0xbdf928, 0x3b1ff8, 0x97ffde, 0x05980f, 0xef2f11, 0x8b5a0a, 0x6d1f6d, 0x367ecf,
  0x27cb09, 0xb74f46, 0x3f669e, 0x5fea2d, 0x7527ba, 0xc7ebe5, 0xf17b3d, 0x0739f7, 0x8a5292,
  0xea6bfb, 0x5fb11f, 0x8d5d08, 0x560330, 0x46fc7b, 0x6babf0, 0xcfbc20,
];

// Where the reductions leave n mod 4.
const quadrant = new Int32Array(1);

/**
 * r = x - n * pi/2 with |r| <= pi/4, for |x| < 1e6; low part in `rest`, n mod 4 in `quadrant`.
 *
 * x can be so close to n * pi/2 that 60 leading bits cancel, and what is left must still have more
 * than 53 right ones. Hence four parts of pi/2, 152 bits in all, taken away by exact sums.
 */
function reduceSmall(x: number): number {
  const n = nearestInteger(x * TWO_OVER_PI);
  quadrant[0] = n & 3;
  const a = exactSum(x - n * HALF_PI_1, -n * HALF_PI_2);
  const aLow = rest[0];
  const b = exactSum(a, -n * HALF_PI_3);
  const bLow = aLow + rest[0] - n * HALF_PI_4;
  const high = b + bLow;
  rest[0] = bLow - (high - b);
  return high;
}

// The columns of the multiplication in reduceLarge.
const columns = new Float64Array(10);

/**
 * The same for 1e6 <= x < Infinity (Payne and Hanek 1983). x * 2/pi is wanted modulo 4 only; so the
 * leading digits of 2/pi, whose products with x are multiples of 4, are left out, and ten
 * digits of the 52 are enough even for x = 1e300.
 *
 * 1. Write x = M * 2^e with an integer M, and M with three digits to base 2^24: m2, m1, m0.
 * 2. Multiply M by the ten digits as at school, column by column. No column exceeds 2^50.
 * 3. Carry, from right to left, so that each column but the first is again one digit.
 * 4. Give every column its value, modulo 4. Their sum, roughly, gives n, the nearest integer.
 * 5. Take n away and add up the columns as high + low, large ones first: so they cancel exactly.
 * 6. r = (high + low) * pi/2.
 */
function reduceLarge(x: number): number {
  const base = 16777216; // 2^24
  const e = exponentFrom(x, 0) - 1075;
  const M = x * powerOfTwo(-e);
  const m2 = Math.floor(M / (base * base));
  const m1 = Math.floor(M / base) - m2 * base;
  const m0 = M - (m2 * base + m1) * base;

  const first = Math.max(0, Math.floor((e - 2) / 24)); // the first digit of 2/pi that matters
  for (let c = 0; c < 10; c++) {
    const i = first + c;
    columns[c] =
      m2 * DIGITS[i] + (c > 0 ? m1 * DIGITS[i - 1] : 0) + (c > 1 ? m0 * DIGITS[i - 2] : 0);
  }
  for (let c = 9; c > 0; c--) {
    const carry = Math.floor(columns[c] / base);
    columns[c] -= carry * base;
    columns[c - 1] += carry;
  }
  let estimate = 0;
  for (let c = 0; c < 10; c++) {
    const value = columns[c] * powerOfTwo(e - 24 * (first + c - 1));
    columns[c] = value - 4 * Math.floor(value / 4);
    estimate += columns[c];
  }
  const n = nearestInteger(estimate);
  quadrant[0] = n & 3;
  let high = -n;
  let low = 0;
  for (let c = 0; c < 10; c++) {
    high = exactSum(high, columns[c]);
    low += rest[0];
  }
  const fraction = high + low;
  const fractionLow = low - (fraction - high);
  const product = exactProduct(fraction, HALF_PI);
  const productLow = rest[0] + (fraction * HALF_PI_LOW + fractionLow * HALF_PI);
  const r = product + productLow;
  rest[0] = productLow - (r - product);
  return r;
}

/** One of the two reductions, for every finite x. That of -x is exactly opposite to that of x. */
function reduce(x: number): number {
  const size = Math.abs(x);
  if (size < 1e6) return reduceSmall(x);
  const r = reduceLarge(size);
  if (x > 0) return r;
  quadrant[0] = -quadrant[0] & 3;
  rest[0] = -rest[0];
  return -r;
}

/**
 * sin(r + low) - r for |r| <= pi/4: r^3 * (-1/6 + r^2/120 - ...) + low * cos(r).
 *
 * (sin(r)/r - 1) / r^2 on r^2 in [0, 0.617]: degree 6 in r^2, error 2^-60.9.
 */
function sinTail(r: number, low: number): number {
  const z = r * r;
  const w = z * z;
  let even = -7.057766342967735e-13;
  even = even * w - 2.5052024448810263e-8;
  even = even * w - 0.00019841269840720468;
  even = even * w - 0.16666666666666666;
  let odd = 1.6047926237420955e-10;
  odd = odd * w + 2.7557318916630704e-6;
  odd = odd * w + 0.008333333333332912;
  return r * z * (even + z * odd) + low * (1 - 0.5 * z);
}

/**
 * cos(r + low) - start for |r| <= pi/4, where start is 1 - r^2/2 rounded. What that rounding
 * dropped is part of it, beside r^4 * (1/24 - r^2/720 + ...) - low * sin(r).
 *
 * (cos(r) - 1 + r^2/2) / r^4 on r^2 in [0, 0.617]: degree 5 in r^2, error 2^-60.5.
 */
function cosTail(r: number, low: number, start: number): number {
  const z = r * r;
  const w = z * z;
  let even = 2.087612784297271e-9;
  even = even * w + 2.4801587298460354e-5;
  even = even * w + 0.041666666666666664;
  let odd = -1.1381543392970092e-11;
  odd = odd * w - 2.7557317158347916e-7;
  odd = odd * w - 0.0013888888888887061;
  return 1 - start - 0.5 * z + (w * (even + z * odd) - low * r);
}

function sinOf(r: number, low: number): number {
  return r + sinTail(r, low);
}

function cosOf(r: number, low: number): number {
  const start = 1 - 0.5 * (r * r);
  return start + cosTail(r, low, start);
}

/** The sine of an angle in radians, large or small. Within 1 ulp (measured: 0.81). */
export function sin(x: number): number {
  if (!(Math.abs(x) < Infinity)) return NaN;
  if (x === 0) return x; // keeps -0
  const r = reduce(x);
  const y = (quadrant[0] & 1) === 0 ? sinOf(r, rest[0]) : cosOf(r, rest[0]);
  return quadrant[0] < 2 ? y : -y;
}

/** The cosine of an angle in radians. Within 1 ulp (measured: 0.83). */
export function cos(x: number): number {
  if (!(Math.abs(x) < Infinity)) return NaN;
  const r = reduce(x);
  const y = (quadrant[0] & 1) === 0 ? cosOf(r, rest[0]) : sinOf(r, rest[0]);
  return quadrant[0] === 0 || quadrant[0] === 3 ? y : -y;
}

/**
 * The tangent of an angle in radians: sin / cos, or, an odd number of right angles on, -cos / sin.
 * Within 1 ulp (measured: 0.94), since all three are carried as sums of two doubles.
 */
export function tan(x: number): number {
  if (!(Math.abs(x) < Infinity)) return NaN;
  if (x === 0) return x; // keeps -0
  const r = reduce(x);
  const low = rest[0];
  const tail = sinTail(r, low);
  const s = r + tail;
  const sLow = tail - (s - r);

  const start = 1 - 0.5 * exactProduct(r, r);
  const startTail = cosTail(r, low, start) - 0.5 * rest[0];
  const c = start + startTail;
  const cLow = startTail - (c - start);
  return (quadrant[0] & 1) === 0 ? quotient(s, sLow, c, cLow) : quotient(-c, -cLow, s, sLow);
}

// ---- atan ------------------------------------------------------------------------------------

/**
 * The angle between -pi/2 and pi/2 whose tangent is x. Within 1 ulp (measured: 0.57).
 *
 * atan(a) = atan(c) + atan(t) with t = (a - c) / (1 + c*a). Taking for c the nearest of 0, 1/2, 1
 * leaves |t| <= 1/4. Beyond 1, atan(a) = pi/2 - atan(1/a), and the same step for 1/a, with
 * the signs turned, gives atan(a) = (pi/2 - atan(c)) + atan(t) with t = (c*a - 1) / (a + c).
 * The numerators are exact; the denominator and t are sums of two doubles.
 *
 * (atan(t)/t - 1) / t^2 on t^2 in [0, 0.0626]: degree 8 in t^2, error 2^-62.
 */
export function atan(x: number): number {
  const a = Math.min(Math.abs(x), 1e300); // from 1e17 on the result is pi/2, rounded
  const far = a > 1;
  const near = far ? 1 / a : a;
  const c = near < 0.25 ? 0 : near < 0.75 ? 0.5 : 1;
  let base = 0.7853981633974483; // pi/4, for c = 1
  let baseLow = 3.061616997868383e-17;
  if (c === 0) {
    base = far ? HALF_PI : 0;
    baseLow = far ? HALF_PI_LOW : 0;
  } else if (c === 0.5) {
    base = far ? 1.1071487177940904 : 0.4636476090008061; // atan(2), atan(1/2)
    baseLow = far ? 9.40447137356638e-17 : 2.2698777452961687e-17;
  }
  const numerator = far ? c * a - 1 : a - c;
  const large = far ? a : 1;
  const small = far ? c : c * a;
  const d = large + small;
  const t = quotient(numerator, 0, d, small - (d - large));
  const tLow = rest[0];

  const z = t * t;
  const w = z * z;
  let even = -0.040797740541876716;
  even = even * w - 0.0665800338293027;
  even = even * w - 0.09090901565227488;
  even = even * w - 0.1428571428501367;
  even = even * w - 0.3333333333333333;
  let odd = 0.05746727734142206;
  odd = odd * w + 0.07691978232295302;
  odd = odd * w + 0.1111111101141398;
  odd = odd * w + 0.19999999999997836;
  const sum = base + t;
  const sumLow = t - (sum - base) + (tLow + baseLow);
  const y = sum + (sumLow + t * z * (even + z * odd));
  return x === 0 ? x : x < 0 ? -y : y;
}

// ---- erf, erfc -------------------------------------------------------------------------------

/**
 * erf(x) - x for |x| <= 0.5625.
 *
 * erf(x)/x - 1 on x^2 in [0, 0.3167]: degree 9 in x^2, error 2^-61.8. The first
 * coefficient is a sum of two doubles.
 */
function erfTail(x: number): number {
  const z = x * x;
  const w = z * z;
  let even = 1.63196866369801e-6;
  even = even * w + 0.00012055216305201698;
  even = even * w + 0.005223977611842138;
  even = even * w + 0.11283791670953511;
  even = even * w + 0.1283791670955126;
  let odd = -1.419215537433593e-7;
  odd = odd * w - 1.4920418871455741e-5;
  odd = odd * w - 0.0008548325409569972;
  odd = odd * w - 0.026866170644473136;
  odd = odd * w - 0.37612638903183737;
  return x * (even + (z * odd - 1.2656943983393154e-17));
}

/**
 * erfc(a) / 2^k for 0.5625 <= a <= 27.3; low part in `rest`, k in `exponent`.
 *
 * erfc(a) = e^(-a^2) * p / (1 + 2a), where p is nearly constant (between 1.1 and 1.3) and is a
 * polynomial in t = (a - 4) / (a + 4), which runs only from -0.76 to 0.75. As in pow, an error in
 * the exponent would cost a^2 times as much in the result, so a^2 is a sum of two doubles.
 *
 * p on a in [0.49, 27.4]: found with 60 digits as the polynomial through the Chebyshev points,
 * degree 22, error 2^-57.2. The first coefficient is a sum of two doubles.
 */
function erfcParts(a: number): number {
  const minus = exactSum(a, -4);
  const minusLow = rest[0];
  const plus = exactSum(a, 4);
  const t = quotient(minus, minusLow, plus, rest[0]); // (a - 4) / (a + 4), rounded once
  const w = t * t;
  let odd = -9.701394692898886e-9;
  odd = odd * w + 1.0339265018734616e-7;
  odd = odd * w - 8.196689518881137e-7;
  odd = odd * w + 5.706600162352997e-6;
  odd = odd * w - 2.4398099590616315e-5;
  odd = odd * w - 0.00019925695491153028;
  odd = odd * w + 0.00503197001690056;
  odd = odd * w + 0.03716751553395003;
  odd = odd * w + 0.09373283499852644;
  odd = odd * w + 0.06809705425468864;
  let even = 1.821792980461478e-9;
  even = even * w - 1.7953998555188995e-8;
  even = even * w + 7.481488451145935e-8;
  even = even * w + 2.9356588401039256e-7;
  even = even * w - 1.1221867120085069e-5;
  even = even * w + 0.0001506216139751786;
  even = even * w - 0.0007577732744128936;
  even = even * w - 0.01619773405978204;
  even = even * w - 0.06633036581205495;
  even = even * w - 0.10103906603631127;
  const slope = -0.1396211168405625 + t * (0.01537965210261986 + t * (odd + t * even));
  const pTail = t * slope - 4.5854594998137987e-17;
  const p = 1.2329951186255526 + pTail;
  const pLow = pTail - (p - 1.2329951186255526);

  // e^(-a^2) = 2^k * (e + eLow)
  const square = exactProduct(a, a);
  const squareLow = rest[0];
  const k = nearestInteger(-square * LOG2_E);
  const high = -square - k * LN2_HIGH;
  const tail = expTail(high, -k * LN2_LOW - squareLow);
  const start = 1 + high;
  const e = start + tail;
  const eLow = tail - (e - start) + (high - (start - 1));

  const product = exactProduct(e, p);
  const productLow = rest[0] + (e * pLow + eLow * p);
  const d = 2 * a + 1;
  exponent[0] = k;
  return quotient(product, productLow, d, 1 - (d - 2 * a));
}

/**
 * The error function, 2/sqrt(pi) times the integral of e^(-t^2) from 0 to x. Within 1 ulp
 * (measured: 0.85).
 */
export function erf(x: number): number {
  const a = Math.abs(x);
  if (!(a >= 0.5625)) return x === 0 ? x : x + erfTail(x);
  const high = erfcParts(a > 6.5 ? 6.5 : a); // from 6 on, erf rounds to 1
  const low = rest[0];
  const scale = powerOfTwo(exponent[0]);
  const sum = 1 - scale * high;
  const y = sum + (1 - sum - scale * high - scale * low);
  return x > 0 ? y : -y;
}

/** 1 - erf(x), accurate also where erf(x) is nearly 1. Within 1 ulp (measured: 0.87). */
export function erfc(x: number): number {
  const a = Math.abs(x);
  if (!(a >= 0.5625)) {
    const sum = 1 - x;
    return sum + (1 - sum - x - erfTail(x));
  }
  const high = erfcParts(a > 27.3 ? 27.3 : a); // from 27.3 on, erfc rounds to 0
  const low = rest[0];
  const k = exponent[0];
  const half = nearestInteger(k * 0.5); // 2^k in two factors, as in scaledExp
  if (x > 0) return (high + low) * powerOfTwo(half) * powerOfTwo(k - half);
  const scale = powerOfTwo(half) * powerOfTwo(k - half);
  const sum = 2 - scale * high; // erfc(-a) = 2 - erfc(a)
  return sum + (2 - sum - scale * high - scale * low);
}
