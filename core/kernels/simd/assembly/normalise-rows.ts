import { loadFirst, storeFirst, VECTOR } from './vectors';

// As core/kernels/reference/normalise-rows.ts has it, bit for bit. Sums go along four rows at a time, since one sum waits for
// its own last addition.

/** x̂ = (x − mean) / √(variance + ε) of each row, and 1 / √(variance + ε); the variance is biased. */
export function normaliseRows(
  normalised: usize,
  inverse: usize,
  x: usize,
  rows: usize,
  columns: usize,
  rowBytes: usize,
  epsilon: f32,
): void {
  const count = <f64>columns;
  const outBytes = columns * 4;
  for (; rows >= 4; rows -= 4, x += 4 * rowBytes, normalised += 4 * outBytes, inverse += VECTOR) {
    let sum0: f64 = 0;
    let sum1: f64 = 0;
    let sum2: f64 = 0;
    let sum3: f64 = 0;
    const end = x + outBytes;
    for (let at = x; at < end; at += 4) {
      sum0 += <f64>load<f32>(at);
      sum1 += <f64>load<f32>(at + rowBytes);
      sum2 += <f64>load<f32>(at + 2 * rowBytes);
      sum3 += <f64>load<f32>(at + 3 * rowBytes);
    }
    const mean0 = sum0 / count;
    const mean1 = sum1 / count;
    const mean2 = sum2 / count;
    const mean3 = sum3 / count;
    let squares0: f64 = 0;
    let squares1: f64 = 0;
    let squares2: f64 = 0;
    let squares3: f64 = 0;
    for (let at = x; at < end; at += 4) {
      const deviation0 = <f64>load<f32>(at) - mean0;
      const deviation1 = <f64>load<f32>(at + rowBytes) - mean1;
      const deviation2 = <f64>load<f32>(at + 2 * rowBytes) - mean2;
      const deviation3 = <f64>load<f32>(at + 3 * rowBytes) - mean3;
      squares0 += deviation0 * deviation0;
      squares1 += deviation1 * deviation1;
      squares2 += deviation2 * deviation2;
      squares3 += deviation3 * deviation3;
    }
    normaliseRow(normalised, inverse, x, columns, sum0, squares0, epsilon);
    normaliseRow(normalised + outBytes, inverse + 4, x + rowBytes, columns, sum1, squares1, epsilon);
    normaliseRow(normalised + 2 * outBytes, inverse + 8, x + 2 * rowBytes, columns, sum2, squares2, epsilon);
    normaliseRow(normalised + 3 * outBytes, inverse + 12, x + 3 * rowBytes, columns, sum3, squares3, epsilon);
  }
  for (; rows > 0; rows--, x += rowBytes, normalised += outBytes, inverse += 4) {
    const end = x + outBytes;
    let sum: f64 = 0;
    for (let at = x; at < end; at += 4) sum += <f64>load<f32>(at);
    const mean = sum / count;
    let squares: f64 = 0;
    for (let at = x; at < end; at += 4) {
      const deviation = <f64>load<f32>(at) - mean;
      squares += deviation * deviation;
    }
    normaliseRow(normalised, inverse, x, columns, sum, squares, epsilon);
  }
}

function normaliseRow(
  normalised: usize,
  inverse: usize,
  x: usize,
  columns: usize,
  sum: f64,
  squares: f64,
  epsilon: f32,
): void {
  const deviation = sqrt<f32>(<f32>(squares / <f64>columns) + epsilon);
  store<f32>(inverse, <f32>1 / deviation);
  const means = f32x4.splat(<f32>sum / <f32>columns);
  const deviations = f32x4.splat(deviation);
  const rest = columns & 3;
  const whole = (columns - rest) * 4;
  for (let at: usize = 0; at < whole; at += VECTOR) {
    v128.store(normalised + at, f32x4.div(f32x4.sub(v128.load(x + at), means), deviations));
  }
  if (rest === 0) return;
  storeFirst(normalised + whole, f32x4.div(f32x4.sub(loadFirst(x + whole, rest), means), deviations), rest);
}

/** inverse / n · (n · gradient − Σ gradient − x̂ · Σ (gradient · x̂)) of each row of n, rounded after each operation. */
export function normaliseRowsGradient(
  out: usize,
  gradient: usize,
  normalised: usize,
  inverse: usize,
  rows: usize,
  columns: usize,
  rowBytes: usize,
): void {
  const outBytes = columns * 4;
  for (; rows >= 4; rows -= 4, gradient += 4 * rowBytes) {
    let sum0: f64 = 0;
    let sum1: f64 = 0;
    let sum2: f64 = 0;
    let sum3: f64 = 0;
    let products0: f64 = 0;
    let products1: f64 = 0;
    let products2: f64 = 0;
    let products3: f64 = 0;
    let value = normalised;
    const end = gradient + outBytes;
    for (let at = gradient; at < end; at += 4, value += 4) {
      const upstream0 = load<f32>(at);
      const upstream1 = load<f32>(at + rowBytes);
      const upstream2 = load<f32>(at + 2 * rowBytes);
      const upstream3 = load<f32>(at + 3 * rowBytes);
      sum0 += <f64>upstream0;
      sum1 += <f64>upstream1;
      sum2 += <f64>upstream2;
      sum3 += <f64>upstream3;
      products0 += <f64>(upstream0 * load<f32>(value));
      products1 += <f64>(upstream1 * load<f32>(value + outBytes));
      products2 += <f64>(upstream2 * load<f32>(value + 2 * outBytes));
      products3 += <f64>(upstream3 * load<f32>(value + 3 * outBytes));
    }
    passBack(out, gradient, normalised, load<f32>(inverse), columns, sum0, products0);
    out += outBytes;
    normalised += outBytes;
    passBack(out, gradient + rowBytes, normalised, load<f32>(inverse, 4), columns, sum1, products1);
    out += outBytes;
    normalised += outBytes;
    passBack(out, gradient + 2 * rowBytes, normalised, load<f32>(inverse, 8), columns, sum2, products2);
    out += outBytes;
    normalised += outBytes;
    passBack(out, gradient + 3 * rowBytes, normalised, load<f32>(inverse, 12), columns, sum3, products3);
    out += outBytes;
    normalised += outBytes;
    inverse += VECTOR;
  }
  for (; rows > 0; rows--, gradient += rowBytes, out += outBytes, normalised += outBytes, inverse += 4) {
    let sum: f64 = 0;
    let products: f64 = 0;
    for (let at: usize = 0; at < outBytes; at += 4) {
      const upstream = load<f32>(gradient + at);
      sum += <f64>upstream;
      products += <f64>(upstream * load<f32>(normalised + at));
    }
    passBack(out, gradient, normalised, load<f32>(inverse), columns, sum, products);
  }
}

function passBack(
  out: usize,
  gradient: usize,
  normalised: usize,
  inverse: f32,
  columns: usize,
  sum: f64,
  products: f64,
): void {
  const counts = f32x4.splat(<f32>columns);
  const totals = f32x4.splat(<f32>sum);
  const slopes = f32x4.splat(<f32>products);
  const factors = f32x4.splat(inverse / <f32>columns);
  const rest = columns & 3;
  const whole = (columns - rest) * 4;
  for (let at: usize = 0; at < whole; at += VECTOR) {
    const centred = f32x4.sub(f32x4.mul(v128.load(gradient + at), counts), totals);
    const throughVariance = f32x4.mul(v128.load(normalised + at), slopes);
    v128.store(out + at, f32x4.mul(factors, f32x4.sub(centred, throughVariance)));
  }
  if (rest === 0) return;
  const centred = f32x4.sub(f32x4.mul(loadFirst(gradient + whole, rest), counts), totals);
  const throughVariance = f32x4.mul(loadFirst(normalised + whole, rest), slopes);
  storeFirst(out + whole, f32x4.mul(factors, f32x4.sub(centred, throughVariance)), rest);
}
