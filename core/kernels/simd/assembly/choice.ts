import { loadFirst, storeFirst, VECTOR } from './vectors';

// `kind`, and whether an operand is one number repeated, are constants wherever these are called, so that each call is one
// loop without a choice in it.
const WHERE: i32 = 0;
const MAXIMUM_GRADIENT: i32 = 1;

// @ts-ignore: decorator
@inline
function choose(kind: i32, first: v128, a: v128, b: v128): v128 {
  if (kind === WHERE) return v128.bitselect(b, a, i32x4.eq(first, i32x4.splat(0)));
  const passed = v128.andnot(first, f32x4.lt(a, b));
  return v128.bitselect(f32x4.mul(first, f32x4.splat(0.5)), passed, f32x4.eq(a, b));
}

// @ts-ignore: decorator
@inline
function chooseAll(
  kind: i32,
  out: usize,
  first: usize,
  a: usize,
  repeatsA: bool,
  b: usize,
  repeatsB: bool,
  count: usize,
): void {
  const rest = count & 3;
  const end = out + ((count * 4) & ~15);
  const repeatedA = v128.load32_splat(a);
  const repeatedB = v128.load32_splat(b);
  for (; out < end; out += VECTOR, first += VECTOR) {
    v128.store(
      out,
      choose(kind, v128.load(first), repeatsA ? repeatedA : v128.load(a), repeatsB ? repeatedB : v128.load(b)),
    );
    if (!repeatsA) a += VECTOR;
    if (!repeatsB) b += VECTOR;
  }
  if (rest === 0) return;
  const lastA = repeatsA ? repeatedA : loadFirst(a, rest);
  const lastB = repeatsB ? repeatedB : loadFirst(b, rest);
  storeFirst(out, choose(kind, loadFirst(first, rest), lastA, lastB), rest);
}

/** out = condition ≠ 0 ? a : b over rows; the condition is int32, a and b may be one number repeated (a step of 0). */
export function where(
  rows: usize,
  count: usize,
  out: usize,
  outRow: usize,
  condition: usize,
  conditionRow: usize,
  a: usize,
  aRow: usize,
  aStep: usize,
  b: usize,
  bRow: usize,
  bStep: usize,
): void {
  for (; rows > 0; rows--, out += outRow, condition += conditionRow, a += aRow, b += bRow) {
    if (aStep !== 0) {
      if (bStep !== 0) chooseAll(WHERE, out, condition, a, false, b, false, count);
      else chooseAll(WHERE, out, condition, a, false, b, true, count);
    } else if (bStep !== 0) chooseAll(WHERE, out, condition, a, true, b, false, count);
    else chooseAll(WHERE, out, condition, a, true, b, true, count);
  }
}

/** out = the gradient where a > b, half of it where they are equal, 0 where a < b; a and b may be one number repeated. */
export function maximumGradient(
  rows: usize,
  count: usize,
  out: usize,
  outRow: usize,
  gradient: usize,
  gradientRow: usize,
  a: usize,
  aRow: usize,
  aStep: usize,
  b: usize,
  bRow: usize,
  bStep: usize,
): void {
  for (; rows > 0; rows--, out += outRow, gradient += gradientRow, a += aRow, b += bRow) {
    if (aStep !== 0) {
      if (bStep !== 0) chooseAll(MAXIMUM_GRADIENT, out, gradient, a, false, b, false, count);
      else chooseAll(MAXIMUM_GRADIENT, out, gradient, a, false, b, true, count);
    } else if (bStep !== 0) chooseAll(MAXIMUM_GRADIENT, out, gradient, a, true, b, false, count);
    else chooseAll(MAXIMUM_GRADIENT, out, gradient, a, true, b, true, count);
  }
}
