import type { TensorData } from '../../tensor/arena';
import type { Tensor } from '../../tensor/tensor';
import { type Kernel, type Kernels, sequence } from '../kernels';
import { RowCursor } from '../loops';
import type { LossKind, SmoothL1Parameters } from '../losses';
import { roundingOf } from './rounding';

type Round = (value: number) => number;
type Unary = Kernels['unary'];

/** What PyTorch keeps a logarithm of binary cross entropy above. */
const leastLogarithm = -100;
/** What it keeps the divisor of its gradient above. */
const leastDivisor = 1e-12;

/** The loss of one element. `exponential` is e^−|input| where the kind has it computed. */
type LossOfElement = (input: number, target: number, round: Round, beta: number, exponential: number) => number;

const losses: Readonly<Record<LossKind, LossOfElement>> = {
  l1: (input, target) => Math.abs(input - target),
  smoothL1(input, target, round, beta) {
    const distance = round(Math.abs(input - target));
    if (distance < beta) return round(round(distance * 0.5) * distance) / beta;
    return distance - round(beta * 0.5);
  },
  binaryCrossEntropy(input, target, round) {
    if (!(input >= 0 && input <= 1)) {
      throw new RangeError(`binaryCrossEntropy: an input is ${input}; inputs must be probabilities, from 0 to 1.`);
    }
    const logarithm = Math.max(round(Math.log(input)), leastLogarithm);
    const complement = Math.max(round(Math.log1p(-input)), leastLogarithm);
    return round(round(target - 1) * complement) - round(target * logarithm);
  },
  binaryCrossEntropyWithLogits(input, target, round, _, exponential) {
    const logSigmoid = round(Math.min(input, 0) - round(Math.log1p(exponential)));
    return round(round(1 - target) * input) - logSigmoid;
  },
};

type GradientOfElement = (
  gradient: number,
  input: number,
  target: number,
  round: Round,
  parameters: SmoothL1Parameters,
) => number;

const gradients: Readonly<Record<LossKind, GradientOfElement>> = {
  l1(gradient, input, target) {
    const difference = input - target;
    return gradient * (Number(difference > 0) - Number(difference < 0));
  },
  smoothL1(gradient, input, target, round, { beta, norm }) {
    const difference = round(input - target);
    if (difference <= -beta) return -norm * gradient;
    if (difference >= beta) return norm * gradient;
    return round(round(norm * difference) * gradient) / beta;
  },
  binaryCrossEntropy(gradient, input, target, round) {
    const divisor = Math.max(round(round(1 - input) * input), leastDivisor);
    return round(gradient * round(input - target)) / divisor;
  },
  binaryCrossEntropyWithLogits(gradient, input, target, round) {
    const sigmoid = round(1 / (1 + Math.exp(-input)));
    return round(sigmoid - target) * gradient;
  },
};

/** A loop over elements of `out` and the operands that broadcast to it. */
function overElements(
  out: Tensor,
  operands: readonly Tensor[],
  row: (length: number, out: TensorData, offsets: Int32Array, steps: readonly number[]) => void,
): Kernel {
  const cursor = new RowCursor(out.shape, [out, ...operands]);
  const { length, offsets, steps } = cursor;
  return () => {
    cursor.reset();
    do row(length, out.storage.data, offsets, steps);
    while (cursor.next());
  };
}

/** @param unary computes e^−|x|, so that its bits are those of the op. */
export function lossKernels(unary: Unary): Pick<Kernels, 'loss' | 'lossGradient'> {
  function loss(kind: LossKind, out: Tensor, input: Tensor, target: Tensor, beta: number): Kernel {
    const round = roundingOf(out);
    const element = losses[kind];
    const width = round(beta);
    const rest = overElements(out, [input, target], (length, outData, offsets, steps) => {
      const inputData = input.storage.data;
      const targetData = target.storage.data;
      for (let i = 0; i < length; i++) {
        const at = offsets[0] + i * steps[0];
        const value = inputData[offsets[1] + i * steps[1]];
        outData[at] = element(value, targetData[offsets[2] + i * steps[2]], round, width, outData[at]);
      }
    });
    if (kind !== 'binaryCrossEntropyWithLogits') return rest;
    const magnitude = overElements(out, [input], (length, outData, offsets, steps) => {
      const inputData = input.storage.data;
      for (let i = 0; i < length; i++) {
        outData[offsets[0] + i * steps[0]] = -Math.abs(inputData[offsets[1] + i * steps[1]]);
      }
    });
    return sequence(magnitude, unary('exp', out, out), rest);
  }

  function lossGradient(
    kind: LossKind,
    out: Tensor,
    gradient: Tensor,
    input: Tensor,
    target: Tensor,
    { beta, norm }: SmoothL1Parameters,
  ): Kernel {
    const round = roundingOf(out);
    const element = gradients[kind];
    const parameters = { beta: round(beta), norm: round(norm) };
    return overElements(out, [gradient, input, target], (length, outData, offsets, steps) => {
      const upstream = gradient.storage.data;
      const inputData = input.storage.data;
      const targetData = target.storage.data;
      for (let i = 0; i < length; i++) {
        outData[offsets[0] + i * steps[0]] = element(
          upstream[offsets[1] + i * steps[1]],
          inputData[offsets[2] + i * steps[2]],
          targetData[offsets[3] + i * steps[3]],
          round,
          parameters,
        );
      }
    });
  }

  return { loss, lossGradient };
}
