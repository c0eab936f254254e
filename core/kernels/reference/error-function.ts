/** From here on the continued fraction takes fewer terms than the series. */
const far = 2.5;

/** erf(x) = 2/√π ∫₀ˣ exp(−t²) dt, to about 1e-15. */
export function errorFunction(x: number): number {
  if (Number.isNaN(x)) return x;
  return Math.abs(x) < far ? series(x) : Math.sign(x) * (1 - fraction(Math.abs(x)));
}

/** erfc(x) = 1 − erf(x), which keeps its digits where erf(x) is all but 1. */
export function complementaryErrorFunction(x: number): number {
  if (Number.isNaN(x)) return x;
  if (x >= far) return fraction(x);
  // Between 0.5 and the far end 1 − series(x) would lose up to four digits.
  return x > 0.5 ? fraction(x) : 1 - errorFunction(x);
}

/** 2/√π exp(−x²) Σ 2ⁿ x²ⁿ⁺¹ / (1 · 3 · … · (2n + 1)), no term of which takes from another (Abramowitz and Stegun, 7.1.6). */
function series(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > Math.abs(sum) * 1e-17; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return ((2 * Math.exp(-x * x)) / Math.sqrt(Math.PI)) * sum;
}

/** erfc(x) for positive x: exp(−x²)/√π · 1/(x + (1/2)/(x + 1/(x + (3/2)/(x + …)))) (Abramowitz and Stegun, 7.1.14). */
function fraction(x: number): number {
  // The nearer to 0, the more terms it takes; from the end, because that end is known.
  const terms = Math.ceil(20 + 400 / (x * x));
  let below = x;
  for (let n = terms; n > 0; n--) below = x + n / 2 / below;
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / below;
}
