/** The kernels' functions, as core/kernels/simd/functions.ts types them. Pointers and strides are bytes. */
export { activation, activationGradient } from './activations';
export { batchNorm, batchNormGradient } from './batch-norm';
export { maximumGradient, where } from './choice';
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
export { extremeOfColumns, extremeOfRows } from './extremes';
export { distribution, distributionBytes } from './histogram';
export { gatherRows, gatherElements, putRows, putElements } from './indexing';
export { erf, exp, log, tanh } from './mathematics';
export { matmul, matmulStack, workspaceBytes } from './matmul';
export { normaliseRows, normaliseRowsGradient } from './normalise-rows';
export { multiplyAdds } from './peak';
export { avgPool, avgPoolGradient, maxPool, maxPoolGradient } from './pooling';
export { sumColumns, sumColumnsOfProducts, sumRows, varianceOfColumns, varianceOfRows } from './reductions';
export { logSoftmax, logSoftmaxGradient, softmax, softmaxGradient } from './softmax';
export { moments, saturation } from './statistics';
export { deviations, update } from './update';
export { fold, unfold } from './windows';
