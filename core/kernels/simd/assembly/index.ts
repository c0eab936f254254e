/** The kernels' functions, as core/kernels/simd/functions.ts types them. Pointers and strides are bytes. */
export { batchNorm, batchNormGradient } from './batch-norm';
export { help, share } from './crew';
export {
  binary,
  copy,
  divisorGradient,
  fill,
  power,
  powerOfHalves,
  scalar,
  tanhGradient,
  unary,
} from './elementwise';
export { distribution, distributionBytes } from './histogram';
export { gatherRows, pick, putRows, scatterPick } from './indexing';
export { exp, log, tanh } from './mathematics';
export { matmul, workspaceBytes } from './matmul';
export { normaliseRows, normaliseRowsGradient } from './normalise-rows';
export { multiplyAdds } from './peak';
export { rowArgmax, sumColumns, sumColumnsOfProducts, sumRows, varianceOfColumns } from './reductions';
export { logSoftmax, logSoftmaxGradient, softmax, softmaxGradient } from './softmax';
export { moments, saturation } from './statistics';
export { deviations, update } from './update';
