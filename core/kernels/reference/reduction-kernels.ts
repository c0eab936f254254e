import type { Tensor } from '../../tensor/tensor';
import { type Kernel, sequence } from '../kernels';
import type { ReductionKernels } from '../reductions';
import { binary } from './elementwise';
import { extreme, putAlong, shareAmongTies } from './extremes';
import { argsort, searchSorted } from './order';
import { cumulative, cumulativeProductGradient, productGradient } from './products';
import { reduce, sum, variance } from './reductions';
import { divideOrZero, infiniteToZero, isClose } from './special-values';

function sumOfProducts(out: Tensor, a: Tensor, b: Tensor, temporary: Tensor): Kernel {
  return sequence(binary('multiply', temporary, a, b), sum(out, temporary));
}

/** The plain implementation of what makes few numbers of many, or puts them in order. */
export const referenceReductions: ReductionKernels = {
  sum,
  sumOfProducts,
  variance,
  reduce,
  extreme,
  shareAmongTies,
  productGradient,
  putAlong,
  cumulative,
  cumulativeProductGradient,
  argsort,
  searchSorted,
  isClose,
  divideOrZero,
  infiniteToZero,
};
