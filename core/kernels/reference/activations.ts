import type { Tensor } from '../../tensor/tensor';
import type { Activation, Kernel } from '../kernels';
import { RowCursor } from '../loops';
import { ternary } from './choice';
import { errorFunction } from './error-function';

type Round = (value: number) => number;
const same: Round = (value) => value;

/** f(x), with the activation's two numbers; `round` follows every elementary operation but the last. */
type Forward = (x: number, first: number, second: number, round: Round) => number;
/** gradient · f′(saved). */
type Backward = (gradient: number, saved: number, first: number, second: number, round: Round) => number;

/** Rounded once, as exp and tanh are. */
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

/** √(2/π) = M_SQRT2 · M_2_SQRTPI / 2, and 1 / √(2π), as ATen computes them. */
const rootOfTwoOverPi = (Math.SQRT2 * (2 / Math.sqrt(Math.PI))) / 2;
const normalDensity = (2 / Math.sqrt(Math.PI)) * Math.SQRT1_2 * 0.5;
const cubeFactor = 0.044715;

/** √(2/π) (x + 0.044715 x³). */
function geluInner(x: number, round: Round): number {
  const cube = round(round(x * x) * x);
  return round(round(rootOfTwoOverPi) * round(x + round(round(cubeFactor) * cube)));
}

/** ½ (1 + erf(x / √2)). */
function normalDistribution(x: number, round: Round): number {
  return round(0.5 * round(1 + round(errorFunction(round(x * round(Math.SQRT1_2))))));
}

/** As aten/native/cpu/Activation.cpp has them. */
const forwards: Readonly<Record<Activation['kind'], Forward>> = {
  relu: (x) => (x < 0 ? 0 : x),
  leakyRelu: (x, slope) => (x > 0 ? x : x * slope),
  gelu: (x, _, __, round) => round(x * 0.5) * round(1 + round(errorFunction(round(x * round(Math.SQRT1_2))))),
  geluTanh: (x, _, __, round) => round(0.5 * x) * round(1 + round(Math.tanh(geluInner(x, round)))),
  sigmoid,
  silu: (x, _, __, round) => x / round(1 + round(Math.exp(-x))),
  softplus(x, beta, threshold, round) {
    const scaled = round(x * beta);
    return scaled > threshold ? x : round(Math.log1p(round(Math.exp(scaled)))) / beta;
  },
  elu: (x, alpha, _, round) => (x > 0 ? x : round(round(Math.exp(x)) - 1) * alpha),
  clamp: (x, least, largest) => Math.min(Math.max(x, least), largest),
};

const backwards: Readonly<Record<Activation['kind'], Backward>> = {
  relu: (gradient, result) => (result <= 0 ? 0 : gradient),
  leakyRelu: (gradient, x, slope) => (x > 0 ? gradient : gradient * slope),
  gelu(gradient, x, _, __, round) {
    const density = round(round(normalDensity) * round(Math.exp(round(round(x * x) * -0.5))));
    return gradient * round(normalDistribution(x, round) + round(x * density));
  },
  geluTanh(gradient, x, _, __, round) {
    const tanh = round(Math.tanh(geluInner(x, round)));
    const left = round(0.5 * x);
    const right = round(1 + tanh);
    const tanhSlope = round(1 - round(tanh * tanh));
    const threeFactors = round(3 * cubeFactor);
    const innerSlope = round(round(rootOfTwoOverPi) * round(1 + round(threeFactors * round(x * x))));
    return gradient * round(round(0.5 * right) + round(round(left * tanhSlope) * innerSlope));
  },
  sigmoid: (gradient, result, _, __, round) => round(gradient * round(1 - result)) * result,
  silu(gradient, x, _, __, round) {
    const s = round(sigmoid(x));
    return round(gradient * s) * round(1 + round(x * round(1 - s)));
  },
  softplus(gradient, x, beta, threshold, round) {
    const scaled = round(x * beta);
    const z = round(Math.exp(scaled));
    return scaled > threshold ? gradient : round(gradient * z) / round(z + 1);
  },
  elu: (gradient, x, alpha, _, round) => (x > 0 ? gradient : round(gradient * alpha) * round(Math.exp(x))),
  clamp: (gradient, x, least, largest) => (x >= least && x <= largest ? gradient : 0),
};

const roundingOf = ({ dtype }: Tensor): Round => (dtype === 'float32' ? Math.fround : same);

export function activation({ kind, first = 0, second = 0 }: Activation, out: Tensor, x: Tensor): Kernel {
  const cursor = new RowCursor(out.shape, [out, x]);
  const f = forwards[kind];
  const round = roundingOf(out);
  const [a, b] = [round(first), round(second)];
  const { length, offsets } = cursor;
  const [outStep, xStep] = cursor.steps;
  return () => {
    const to = out.storage.data;
    const from = x.storage.data;
    cursor.reset();
    do {
      const outAt = offsets[0];
      const xAt = offsets[1];
      for (let i = 0; i < length; i++) to[outAt + i * outStep] = f(from[xAt + i * xStep], a, b, round);
    } while (cursor.next());
  };
}

export function activationGradient(
  { kind, first = 0, second = 0 }: Activation,
  out: Tensor,
  gradient: Tensor,
  saved: Tensor,
): Kernel {
  const f = backwards[kind];
  const round = roundingOf(out);
  const [a, b] = [round(first), round(second)];
  return ternary(out, gradient, saved, saved, (upstream, value) => f(upstream, value, a, b, round));
}
