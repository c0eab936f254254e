/** The kernels' functions, as core/kernels/simd/functions.ts types them. Pointers and strides are bytes. */
export { help, share } from './crew';
export { binary, copy, fill, power, powerOfHalves, scalar, sgd, unary } from './elementwise';
export { histogram, histogramBytes } from './histogram';
export { gatherRows, pick, putRows, scatterPick } from './indexing';
export { exp, log, logSoftmax, tanh } from './mathematics';
export { matmul, workspaceBytes } from './matmul';
export { rowArgmax, sumColumns, sumRows, varianceOfColumns } from './reductions';
export { moments, saturation, standardDeviation } from './statistics';
