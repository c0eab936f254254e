import type { Arena } from '../../tensor/arena';
import type { Kernels } from '../kernels';
import { lossKernels } from '../reference/losses';
import { referenceKernels } from '../reference/reference';
import { simdBatchNorm } from './batch-norm';
import type { Crew } from './crew';
import { simdElementwise } from './elementwise';
import type { SimdFunctions } from './functions';
import { simdIndexing } from './indexing';
import { simdMatmul } from './matmul';
import { simdNormaliseRows } from './normalise-rows';
import { simdReductions } from './reductions';
import { addressOf, isSingle } from './rows';
import { simdSoftmax } from './softmax';
import { simdWindows } from './windows';
import { Workspace } from './workspace';

export interface SimdParts {
  readonly functions: SimdFunctions;
  /** Where kernels work; of the memory that the functions see. */
  readonly arena: Arena;
  /** The second thread; null to work alone. */
  readonly crew: Crew | null;
}

/**
 * The kernels compiled from `assembly/`, for float32 tensors of the memory they see. What is float64, or strided in a way
 * that no network of ours needs in its inner loops, the reference computes: to the same bits, but for exp, log and tanh,
 * which are made contiguous first.
 */
export function createSimdKernels({ functions, arena, crew }: SimdParts): Kernels {
  const workspace = new Workspace(arena);
  const elementwise = simdElementwise(functions, crew);
  return {
    ...elementwise,
    matmul: simdMatmul({ functions, workspace, crew, binary: elementwise.binary }),
    ...simdWindows(functions),
    ...simdReductions(functions, elementwise.binary),
    ...simdBatchNorm(functions),
    ...simdIndexing(functions),
    ...simdSoftmax(functions),
    ...simdNormaliseRows(functions),
    // Losses are of few numbers, and those of classes are picked here and there.
    ...lossKernels(elementwise.unary),
    classWeights: referenceKernels.classWeights,
    nllLoss: referenceKernels.nllLoss,
    nllLossGradient: referenceKernels.nllLossGradient,
    maskIgnored: referenceKernels.maskIgnored,
    moments(out, x) {
      if (!isSingle(x)) return referenceKernels.moments(out, x);
      const [to, from] = [out, x].map(addressOf);
      const count = x.elements;
      const run = functions.moments;
      return () => run(to, from, count);
    },
    distribution(out, range, density, x) {
      if (!isSingle(x)) return referenceKernels.distribution(out, range, density, x);
      const [to, limits, densities, from] = [out, range, density, x].map(addressOf);
      const count = x.elements;
      const own = workspace.take(0, functions.distributionBytes());
      const run = functions.distribution;
      return () => run(to, limits, densities, from, count, own);
    },
    saturation(map, totals, x, threshold) {
      if (!isSingle(x)) return referenceKernels.saturation(map, totals, x, threshold);
      const [bits, sums, from] = [map, totals, x].map(addressOf);
      const [rows, columns] = x.shape;
      const run = functions.saturation;
      return () => run(bits, sums, from, rows, columns, threshold);
    },
    update(parameter, gradient, learningRate, deviations) {
      if (!isSingle(parameter)) return referenceKernels.update(parameter, gradient, learningRate, deviations);
      const [to, from, out] = [parameter, gradient, deviations].map(addressOf);
      const count = parameter.elements;
      const sums = arena.allocate('float64', sumsOfUpdate).byteOffset;
      const { update, deviations: finish } = functions;
      const factor = arena.allocate('float32', 1);
      const alone = () => update(to, from, count, factor.data[0], sums);
      const job = [to, from, count, factor.byteOffset, sums];
      const work = crew === null ? alone : crew.plan('update', count, job, alone);
      return () => {
        factor.data[0] = -learningRate();
        work();
        finish(out, sums);
      };
    },
  };
}

/** Numbers that `update` sums in, of both parts. */
const sumsOfUpdate = 16;
