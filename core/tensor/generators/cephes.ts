/**
 * Natural logarithm, sine and cosine in float32, operation by operation as PyTorch's AVX2 `randn` evaluates them.
 *
 * The polynomials and the argument reduction are those of Cephes' logf.c and sinf.c (Stephen L. Moshier), in the order
 * of the "avx_mathfun" vector code that PyTorch compiles with FMA: the compiler contracts every product that only feeds
 * a sum into one fused multiply-add. Exact results matter here, better ones would be other numbers than PyTorch's.
 */
const { fround } = Math;

const squareRootOfHalf = fround(Math.SQRT1_2);
/** Highest power first. */
const logarithmCoefficients = [
  7.0376836292e-2, -1.151461031e-1, 1.167699874e-1, -1.2420140846e-1, 1.4249322787e-1, -1.6668057665e-1,
  2.0000714765e-1, -2.4999993993e-1, 3.3333331174e-1,
].map(fround);
/** ln 2 in two parts, so that exponent × the large part is exact. */
const lnTwoSmall = fround(-2.1219444e-4);
const lnTwoLarge = fround(0.693359375);

const fourOverPi = fround(1.27323954473516);
/** π/4 in three parts, so that the first two products of the reduction are exact. */
const quarterPiParts = [0.78515625, 2.4187564849853516e-4, 3.774894977445941e-8].map(fround);
const sineCoefficients = [-1.9515295891e-4, 8.3321608736e-3, -1.6666654611e-1].map(fround);
const cosineCoefficients = [2.443315711809948e-5, -1.388731625493765e-3, 4.166664568298827e-2].map(fround);

/**
 * a · b + c of float32 numbers with a single rounding to float32.
 *
 * The product is exact in float64 (24 + 24 bits), the sum is rounded to 53 bits. Rounding that again to 24 bits is right
 * unless it stands exactly half way between two float32 numbers; then the sum's own rounding error (Knuth's two-sum)
 * says on which side the true value lies.
 */
export function fusedMultiplyAdd(a: number, b: number, c: number): number {
  const product = a * b;
  const sum = product + c;
  const rounded = fround(sum);
  const distance = sum - rounded;
  const other = rounded + 2 * distance;
  if (distance === 0 || fround(other) !== other) return rounded;
  const addend = sum - product;
  const error = product - (sum - addend) + (c - addend);
  return error * distance > 0 ? other : rounded;
}

/** The polynomial's value at x by Horner's rule, a fused multiply-add a coefficient. */
function polynomial(coefficients: readonly number[], x: number): number {
  return coefficients.reduce((value, coefficient) => fusedMultiplyAdd(value, x, coefficient), 0);
}

/** ln x for a normal float32 x > 0. */
export function logarithm(x: number): number {
  // x = mantissa · 2^exponent with the mantissa in [√½, √2).
  let exponent = Math.floor(Math.log2(x)) + 1;
  let mantissa = x / 2 ** exponent;
  if (mantissa < squareRootOfHalf) {
    mantissa *= 2;
    exponent -= 1;
  }
  const m = fround(mantissa - 1);
  const square = fround(m * m);
  const high = fround(polynomial(logarithmCoefficients, m) * m);
  const correction = fusedMultiplyAdd(high, square, fround(exponent * lnTwoSmall));
  const sum = fround(m + fround(correction - square / 2));
  return fusedMultiplyAdd(exponent, lnTwoLarge, sum);
}

/** Sine and cosine of a float32 x in [0, 8192). */
export function sineAndCosine(x: number): { sine: number; cosine: number } {
  // The even number of eighths of a turn nearest to x, and what is left: within ±π/4.
  const octant = (Math.trunc(fround(x * fourOverPi)) + 1) & ~1;
  const rest = quarterPiParts.reduce((left, part) => fusedMultiplyAdd(octant, -part, left), x);
  const square = fround(rest * rest);

  const cosineTail = fround(polynomial(cosineCoefficients, square) * square);
  const cosineOfRest = fround(fusedMultiplyAdd(cosineTail, square, -square / 2) + 1);
  const sineTail = fround(polynomial(sineCoefficients, square) * square);
  const sineOfRest = fusedMultiplyAdd(sineTail, rest, rest);

  switch (octant & 6) {
    case 0:
      return { sine: sineOfRest, cosine: cosineOfRest };
    case 2:
      return { sine: cosineOfRest, cosine: -sineOfRest };
    case 4:
      return { sine: -sineOfRest, cosine: -cosineOfRest };
    default:
      return { sine: -cosineOfRest, cosine: sineOfRest };
  }
}
