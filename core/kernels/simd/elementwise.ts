import type { Tensor } from '../../tensor/tensor';
import type { Activation, BinaryKind, Kernel, Kernels, ScalarKind, UnaryKind } from '../kernels';
import { referenceKernels } from '../reference/reference';
import type { Crew } from './crew';
import type { SimdFunctions } from './functions';
import { addressOf, isSingle, type Rows, rowsOf } from './rows';

// Numbers of the kinds in `assembly/`. What is not among them is rare: the reference computes it.
const binaryKinds: ReadonlyMap<BinaryKind, number> = new Map([
  ['add', 0],
  ['subtract', 1],
  ['multiply', 2],
  ['divide', 3],
  ['maximum', 5],
  ['minimum', 6],
  ['equal', 7],
  ['notEqual', 8],
  ['less', 9],
  ['lessEqual', 10],
  ['greater', 11],
  ['greaterEqual', 12],
]);
/** From here on the result is a truth value. */
const firstComparison = 7;
const unaryKinds: ReadonlyMap<UnaryKind, number> = new Map([
  ['negate', 1],
  ['sqrt', 2],
  ['abs', 3],
  ['sign', 4],
  ['reciprocal', 5],
  ['floor', 6],
  ['ceil', 7],
  ['trunc', 8],
  ['round', 9],
]);
const scalarKinds: ReadonlyMap<ScalarKind, number> = new Map([
  ['add', 0],
  ['multiply', 2],
  ['divide', 3],
  ['subtractFrom', 4],
]);
/** Exponents that PyTorch computes by rounded products, quotients and roots. */
const roundedPowers: ReadonlyMap<number, number> = new Map([
  [2, 0],
  [3, 1],
  [0.5, 2],
  [-2, 3],
  [-0.5, 4],
]);
/** The largest exponent that is computed by products and a root. */
const largestHalfPower = 8;
const activationKinds: Readonly<Record<Activation['kind'], number>> = {
  relu: 0,
  leakyRelu: 1,
  gelu: 2,
  geluTanh: 3,
  sigmoid: 4,
  silu: 5,
  softplus: 6,
  elu: 7,
  clamp: 8,
};

type Elementwise = Pick<
  Kernels,
  | 'binary'
  | 'unary'
  | 'scalar'
  | 'fill'
  | 'activation'
  | 'activationGradient'
  | 'where'
  | 'maximumGradient'
  | 'tanhGradient'
  | 'divisorGradient'
>;

/** The kernels that go element by element. @param crew The second thread; null to work alone. */
export function simdElementwise(functions: SimdFunctions, crew: Crew | null): Elementwise {
  function binary(kind: BinaryKind, out: Tensor, a: Tensor, b: Tensor): Kernel {
    const number = binaryKinds.get(kind);
    const isCompiled = number !== undefined && out.dtype === (number < firstComparison ? 'float32' : 'int32');
    const plan = isCompiled && isSingle(a) && isSingle(b) ? rowsOf(out.shape, [out, a, b]) : null;
    if (number === undefined || plan === null || (plan.steps[1] === 0 && plan.steps[2] === 0)) {
      return referenceKernels.binary(kind, out, a, b);
    }
    const { rows, count, starts, rowBytes, steps } = plan;
    const [to, from, other] = starts;
    const [toRow, fromRow, otherRow] = rowBytes;
    const [, fromStep, otherStep] = steps;
    const run = functions.binary;
    return () => run(number, rows, count, to, toRow, from, fromRow, fromStep, other, otherRow, otherStep);
  }

  function copy(out: Tensor, x: Tensor): Kernel {
    const plan = isSingle(out) && isSingle(x) ? rowsOf(out.shape, [out, x]) : null;
    if (plan === null) return referenceKernels.unary('copy', out, x);
    const { rows, count, starts, rowBytes, steps } = plan;
    const [to, from] = starts;
    const [toRow, fromRow] = rowBytes;
    const step = steps[1];
    const run = functions.copy;
    return () => run(rows, count, to, toRow, from, fromRow, step);
  }

  /** Plans a loop over one run of numbers; `x` is copied to `out` first where it is none. */
  function overRun(out: Tensor, x: Tensor, plan: (to: number, from: number, count: number) => Kernel): Kernel {
    const to = addressOf(out);
    const count = out.elements;
    if (isRun(out, x)) return plan(to, addressOf(x), count);
    const first = copy(out, x);
    const second = plan(to, to, count);
    return () => {
      first();
      second();
    };
  }

  function unary(kind: UnaryKind, out: Tensor, x: Tensor): Kernel {
    if (!isSingle(out)) return referenceKernels.unary(kind, out, x);
    switch (kind) {
      case 'copy':
        return copy(out, x);
      case 'exp':
      case 'log':
      case 'erf':
      case 'tanh': {
        const run = functions[kind];
        return overRun(out, x, (to, from, count) => {
          if (kind === 'tanh' && crew !== null)
            return crew.plan('tanh', count, [to, from, count], () => run(to, from, count));
          return () => run(to, from, count);
        });
      }
      default: {
        const number = unaryKinds.get(kind);
        if (number === undefined) return referenceKernels.unary(kind, out, x);
        const run = functions.unary;
        return overRun(out, x, (to, from, count) => () => run(number, to, from, count));
      }
    }
  }

  function scalar(kind: ScalarKind, out: Tensor, x: Tensor, value: number): Kernel {
    if (isSingle(out) && kind === 'power') return power(out, x, value);
    const number = scalarKinds.get(kind);
    if (!isSingle(out) || number === undefined) return referenceKernels.scalar(kind, out, x, value);
    const run = functions.scalar;
    return overRun(out, x, (to, from, count) => () => run(number, to, from, count, value));
  }

  function power(out: Tensor, x: Tensor, exponent: number): Kernel {
    if (exponent === 1) return copy(out, x);
    const rounded = roundedPowers.get(exponent);
    if (rounded !== undefined) {
      const run = functions.power;
      return overRun(out, x, (to, from, count) => () => run(rounded, to, from, count));
    }
    const halves = Math.abs(exponent) * 2;
    if (!Number.isInteger(halves) || halves > 2 * largestHalfPower) {
      return referenceKernels.scalar('power', out, x, exponent);
    }
    const isInverse = exponent < 0 ? 1 : 0;
    const run = functions.powerOfHalves;
    return overRun(out, x, (to, from, count) => () => run(to, from, count, halves, isInverse));
  }

  function activation(what: Activation, out: Tensor, x: Tensor): Kernel {
    if (!isSingle(out)) return referenceKernels.activation(what, out, x);
    const number = activationKinds[what.kind];
    const { first = 0, second = 0 } = what;
    const run = functions.activation;
    return overRun(out, x, (to, from, count) => () => run(number, to, from, count, first, second));
  }

  function activationGradient(what: Activation, out: Tensor, gradient: Tensor, saved: Tensor): Kernel {
    if (!isSingle(out) || ![gradient, saved].every((x) => isRun(out, x))) {
      return referenceKernels.activationGradient(what, out, gradient, saved);
    }
    const number = activationKinds[what.kind];
    const { first = 0, second = 0 } = what;
    const [to, from, value] = [out, gradient, saved].map(addressOf);
    const count = out.elements;
    const run = functions.activationGradient;
    return () => run(number, to, from, value, count, first, second);
  }

  /** A choice of which the first operand goes on by one number, the others may be one repeated; null where it is none. */
  function choice(run: SimdFunctions['where'], out: Tensor, first: Tensor, a: Tensor, b: Tensor): Kernel | null {
    const plan = [out, a, b].every(isSingle) ? rowsOf(out.shape, [out, first, a, b]) : null;
    if (plan === null || plan.steps[1] === 0) return null;
    const { rows, count, starts, rowBytes, steps } = plan;
    const [to, by, own, other] = starts;
    const [toRow, byRow, ownRow, otherRow] = rowBytes;
    const [, , ownStep, otherStep] = steps;
    return () => run(rows, count, to, toRow, by, byRow, own, ownRow, ownStep, other, otherRow, otherStep);
  }

  function tanhGradient(out: Tensor, gradient: Tensor, result: Tensor): Kernel {
    if (!isSingle(out) || !gradient.isContiguous || !result.isContiguous) {
      return referenceKernels.tanhGradient(out, gradient, result);
    }
    const [to, from, y] = [out, gradient, result].map(addressOf);
    const count = out.elements;
    const run = functions.tanhGradient;
    const alone = () => run(to, from, y, count);
    return crew === null ? alone : crew.plan('tanhGradient', count, [to, from, count, y], alone);
  }

  function divisorGradient(out: Tensor, gradient: Tensor, a: Tensor, b: Tensor): Kernel {
    const plan = isSingle(out) ? rowsOf(out.shape, [out, gradient, a, b]) : null;
    // But for `b`, a row follows the row before.
    const isOfRows = ({ steps, rowBytes: [own, ...others] }: Rows) =>
      steps.every((step) => step === 1) && others.slice(0, 2).every((bytes) => bytes === own);
    if (plan === null || !isOfRows(plan)) {
      return referenceKernels.divisorGradient(out, gradient, a, b);
    }
    const { rows, count, starts, rowBytes } = plan;
    const [to, from, dividend, divisor] = starts;
    const divisorRow = rowBytes[3];
    const run = functions.divisorGradient;
    return () => run(rows, count, to, from, dividend, divisor, divisorRow);
  }

  return {
    binary,
    unary,
    scalar,
    fill(out, value) {
      if (!isSingle(out)) return referenceKernels.fill(out, value);
      const to = addressOf(out);
      const count = out.elements;
      const run = functions.fill;
      return () => run(to, count, value);
    },
    activation,
    activationGradient,
    where(out, condition, a, b) {
      const planned = condition.dtype === 'int32' ? choice(functions.where, out, condition, a, b) : null;
      return planned ?? referenceKernels.where(out, condition, a, b);
    },
    maximumGradient(out, gradient, a, b) {
      const planned = isSingle(gradient) ? choice(functions.maximumGradient, out, gradient, a, b) : null;
      return planned ?? referenceKernels.maximumGradient(out, gradient, a, b);
    },
    tanhGradient,
    divisorGradient,
  };
}

/** Whether the numbers of `x` lie in a run as those of `out`. */
function isRun(out: Tensor, x: Tensor): boolean {
  return isSingle(x) && x.isContiguous && x.elements === out.elements;
}
