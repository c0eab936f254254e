import { erfOf, expOf, logOfOnePlus, sigmoidOf, tanhOf } from './mathematics';
import { loadFirst, storeFirst, VECTOR } from './vectors';

// As core/kernels/reference/activations.ts has them, operation by operation. `kind` is a constant wherever these are called, so
// that each call is one loop without a choice in it.

// Kinds, as core/kernels/simd/elementwise.ts numbers them.
const RELU: i32 = 0;
const LEAKY_RELU: i32 = 1;
const GELU: i32 = 2;
const GELU_TANH: i32 = 3;
const SIGMOID: i32 = 4;
const SILU: i32 = 5;
const SOFTPLUS: i32 = 6;
const ELU: i32 = 7;
const CLAMP: i32 = 8;

// √(2/π), 1 / √(2π), 1 / √2, and the factors of gelu's cube.
const ROOT_OF_TWO_OVER_PI: f32 = 0.7978845608028654;
const NORMAL_DENSITY: f32 = 0.3989422804014327;
const ROOT_OF_HALF: f32 = 0.7071067811865476;
const CUBE_FACTOR: f32 = 0.044715;
const THREE_CUBE_FACTORS: f32 = 0.134145;

// @ts-ignore: decorator
@inline
function single(x: f32): v128 {
  return f32x4.splat(x);
}

/** √(2/π) (x + 0.044715 x³). */
// @ts-ignore: decorator
@inline
function geluInner(x: v128): v128 {
  const cube = f32x4.mul(f32x4.mul(x, x), x);
  return f32x4.mul(single(ROOT_OF_TWO_OVER_PI), f32x4.add(x, f32x4.mul(single(CUBE_FACTOR), cube)));
}

/** 1 + erf(x / √2). */
// @ts-ignore: decorator
@inline
function onePlusErf(x: v128): v128 {
  return f32x4.add(single(1), erfOf(f32x4.mul(x, single(ROOT_OF_HALF))));
}

// @ts-ignore: decorator
@inline
function forward(kind: i32, x: v128, first: v128, second: v128): v128 {
  const zero = single(0);
  const one = single(1);
  if (kind === RELU) return v128.andnot(x, f32x4.lt(x, zero));
  if (kind === LEAKY_RELU) return v128.bitselect(x, f32x4.mul(x, first), f32x4.gt(x, zero));
  if (kind === GELU) return f32x4.mul(f32x4.mul(x, single(0.5)), onePlusErf(x));
  if (kind === GELU_TANH) return f32x4.mul(f32x4.mul(single(0.5), x), f32x4.add(one, tanhOf(geluInner(x))));
  if (kind === SIGMOID) return sigmoidOf(x);
  if (kind === SILU) return f32x4.div(x, f32x4.add(one, expOf(f32x4.neg(x))));
  if (kind === SOFTPLUS) {
    const scaled = f32x4.mul(x, first);
    return v128.bitselect(x, f32x4.div(logOfOnePlus(expOf(scaled)), first), f32x4.gt(scaled, second));
  }
  if (kind === ELU) return v128.bitselect(x, f32x4.mul(f32x4.sub(expOf(x), one), first), f32x4.gt(x, zero));
  return f32x4.min(f32x4.max(x, first), second);
}

// @ts-ignore: decorator
@inline
function backward(kind: i32, gradient: v128, saved: v128, first: v128, second: v128): v128 {
  const zero = single(0);
  const one = single(1);
  const half = single(0.5);
  if (kind === RELU) return v128.andnot(gradient, f32x4.le(saved, zero));
  if (kind === LEAKY_RELU) return v128.bitselect(gradient, f32x4.mul(gradient, first), f32x4.gt(saved, zero));
  if (kind === GELU) {
    const exponential = expOf(f32x4.mul(f32x4.mul(saved, saved), single(-0.5)));
    const density = f32x4.mul(single(NORMAL_DENSITY), exponential);
    return f32x4.mul(gradient, f32x4.add(f32x4.mul(half, onePlusErf(saved)), f32x4.mul(saved, density)));
  }
  if (kind === GELU_TANH) {
    const tanh = tanhOf(geluInner(saved));
    const left = f32x4.mul(half, saved);
    const tanhSlope = f32x4.sub(one, f32x4.mul(tanh, tanh));
    const cubeSlope = f32x4.mul(single(THREE_CUBE_FACTORS), f32x4.mul(saved, saved));
    const innerSlope = f32x4.mul(single(ROOT_OF_TWO_OVER_PI), f32x4.add(one, cubeSlope));
    const rightSlope = f32x4.mul(f32x4.mul(left, tanhSlope), innerSlope);
    return f32x4.mul(gradient, f32x4.add(f32x4.mul(half, f32x4.add(one, tanh)), rightSlope));
  }
  if (kind === SIGMOID) return f32x4.mul(f32x4.mul(gradient, f32x4.sub(one, saved)), saved);
  if (kind === SILU) {
    const sigmoid = sigmoidOf(saved);
    const slope = f32x4.add(one, f32x4.mul(saved, f32x4.sub(one, sigmoid)));
    return f32x4.mul(f32x4.mul(gradient, sigmoid), slope);
  }
  if (kind === SOFTPLUS) {
    const scaled = f32x4.mul(saved, first);
    const z = expOf(scaled);
    const curved = f32x4.div(f32x4.mul(gradient, z), f32x4.add(z, one));
    return v128.bitselect(gradient, curved, f32x4.gt(scaled, second));
  }
  if (kind === ELU) {
    const curved = f32x4.mul(f32x4.mul(gradient, first), expOf(saved));
    return v128.bitselect(gradient, curved, f32x4.gt(saved, zero));
  }
  return v128.and(gradient, v128.and(f32x4.ge(saved, first), f32x4.le(saved, second)));
}

// @ts-ignore: decorator
@inline
function forwardAll(kind: i32, out: usize, x: usize, count: usize, first: v128, second: v128): void {
  const end = out + ((count * 4) & ~15);
  for (; out < end; out += VECTOR, x += VECTOR) v128.store(out, forward(kind, v128.load(x), first, second));
  const rest = count & 3;
  if (rest !== 0) storeFirst(out, forward(kind, loadFirst(x, rest), first, second), rest);
}

// @ts-ignore: decorator
@inline
function backwardAll(
  kind: i32,
  out: usize,
  gradient: usize,
  saved: usize,
  count: usize,
  first: v128,
  second: v128,
): void {
  const end = out + ((count * 4) & ~15);
  for (; out < end; out += VECTOR, gradient += VECTOR, saved += VECTOR) {
    v128.store(out, backward(kind, v128.load(gradient), v128.load(saved), first, second));
  }
  const rest = count & 3;
  if (rest === 0) return;
  storeFirst(out, backward(kind, loadFirst(gradient, rest), loadFirst(saved, rest), first, second), rest);
}

/** out = f(x) of `count` numbers in a run, with the activation's two numbers. `out` may be `x`. */
export function activation(kind: i32, out: usize, x: usize, count: usize, first: f32, second: f32): void {
  const a = single(first);
  const b = single(second);
  if (kind === RELU) forwardAll(RELU, out, x, count, a, b);
  else if (kind === LEAKY_RELU) forwardAll(LEAKY_RELU, out, x, count, a, b);
  else if (kind === GELU) forwardAll(GELU, out, x, count, a, b);
  else if (kind === GELU_TANH) forwardAll(GELU_TANH, out, x, count, a, b);
  else if (kind === SIGMOID) forwardAll(SIGMOID, out, x, count, a, b);
  else if (kind === SILU) forwardAll(SILU, out, x, count, a, b);
  else if (kind === SOFTPLUS) forwardAll(SOFTPLUS, out, x, count, a, b);
  else if (kind === ELU) forwardAll(ELU, out, x, count, a, b);
  else forwardAll(CLAMP, out, x, count, a, b);
}

/** out = gradient · f′, of `count` numbers in a run. */
export function activationGradient(
  kind: i32,
  out: usize,
  gradient: usize,
  saved: usize,
  count: usize,
  first: f32,
  second: f32,
): void {
  const a = single(first);
  const b = single(second);
  if (kind === RELU) backwardAll(RELU, out, gradient, saved, count, a, b);
  else if (kind === LEAKY_RELU) backwardAll(LEAKY_RELU, out, gradient, saved, count, a, b);
  else if (kind === GELU) backwardAll(GELU, out, gradient, saved, count, a, b);
  else if (kind === GELU_TANH) backwardAll(GELU_TANH, out, gradient, saved, count, a, b);
  else if (kind === SIGMOID) backwardAll(SIGMOID, out, gradient, saved, count, a, b);
  else if (kind === SILU) backwardAll(SILU, out, gradient, saved, count, a, b);
  else if (kind === SOFTPLUS) backwardAll(SOFTPLUS, out, gradient, saved, count, a, b);
  else if (kind === ELU) backwardAll(ELU, out, gradient, saved, count, a, b);
  else backwardAll(CLAMP, out, gradient, saved, count, a, b);
}
