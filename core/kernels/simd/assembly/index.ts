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
export { distribution, distributionBytes } from './histogram';
export { gatherRows, pick, putRows, scatterPick } from './indexing';
export { erf, exp, log, logSoftmax, tanh } from './mathematics';
export { matmul, workspaceBytes } from './matmul';
export { multiplyAdds } from './peak';
export { rowArgmax, sumColumns, sumColumnsOfProducts, sumRows, varianceOfColumns } from './reductions';
export { moments, saturation } from './statistics';
export { deviations, update } from './update';
