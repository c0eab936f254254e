/**
 * What the compiled kernels export; `assembly/` says what each does. Pointers and strides are bytes in the memory they were
 * instantiated with, counts are elements.
 */
export interface SimdFunctions {
  binary(
    kind: number,
    rows: number,
    count: number,
    out: number,
    outRow: number,
    a: number,
    aRow: number,
    aStep: number,
    b: number,
    bRow: number,
    bStep: number,
  ): void;
  copy(rows: number, count: number, out: number, outRow: number, x: number, xRow: number, xStep: number): void;
  fill(out: number, count: number, value: number): void;
  unary(kind: number, out: number, x: number, count: number): void;
  scalar(kind: number, out: number, x: number, count: number, value: number): void;
  power(kind: number, out: number, x: number, count: number): void;
  powerOfHalves(out: number, x: number, count: number, halves: number, isInverse: number): void;
  activation(kind: number, out: number, x: number, count: number, first: number, second: number): void;
  activationGradient(
    kind: number,
    out: number,
    gradient: number,
    saved: number,
    count: number,
    first: number,
    second: number,
  ): void;
  where(
    rows: number,
    count: number,
    out: number,
    outRow: number,
    condition: number,
    conditionRow: number,
    a: number,
    aRow: number,
    aStep: number,
    b: number,
    bRow: number,
    bStep: number,
  ): void;
  maximumGradient(
    rows: number,
    count: number,
    out: number,
    outRow: number,
    gradient: number,
    gradientRow: number,
    a: number,
    aRow: number,
    aStep: number,
    b: number,
    bRow: number,
    bStep: number,
  ): void;
  tanhGradient(out: number, gradient: number, result: number, count: number): void;
  divisorGradient(rows: number, count: number, out: number, gradient: number, a: number, b: number, bRow: number): void;
  update(parameter: number, gradient: number, count: number, factor: number, sums: number): void;
  deviations(out: number, sums: number): void;
  exp(out: number, x: number, count: number): void;
  log(out: number, x: number, count: number): void;
  erf(out: number, x: number, count: number): void;
  tanh(out: number, x: number, count: number): void;
  softmax(out: number, x: number, rows: number, columns: number, rowBytes: number): void;
  logSoftmax(out: number, x: number, rows: number, columns: number, rowBytes: number): void;
  softmaxGradient(
    out: number,
    gradient: number,
    result: number,
    rows: number,
    columns: number,
    gradientRow: number,
    resultRow: number,
  ): void;
  logSoftmaxGradient(
    out: number,
    gradient: number,
    result: number,
    rows: number,
    columns: number,
    gradientRow: number,
    resultRow: number,
  ): void;
  normaliseRows(
    normalised: number,
    inverse: number,
    x: number,
    rows: number,
    columns: number,
    rowBytes: number,
    epsilon: number,
  ): void;
  normaliseRowsGradient(
    out: number,
    gradient: number,
    normalised: number,
    inverse: number,
    rows: number,
    columns: number,
    rowBytes: number,
  ): void;
  sumColumns(out: number, x: number, rows: number, columns: number, rowBytes: number): void;
  sumColumnsOfProducts(out: number, a: number, b: number, rows: number, columns: number): void;
  sumRows(
    out: number,
    x: number,
    rows: number,
    columns: number,
    rowBytes: number,
    parts: number,
    partBytes: number,
  ): void;
  varianceOfColumns(out: number, x: number, rows: number, columns: number, rowBytes: number, divisor: number): void;
  varianceOfRows(
    out: number,
    x: number,
    rows: number,
    columns: number,
    rowBytes: number,
    parts: number,
    partBytes: number,
    divisor: number,
  ): void;
  batchNorm(
    out: number,
    normalised: number,
    inverse: number,
    x: number,
    rows: number,
    columns: number,
    mean: number,
    variance: number,
    epsilon: number,
    gamma: number,
    beta: number,
  ): void;
  batchNormGradient(
    out: number,
    gradient: number,
    normalised: number,
    inverse: number,
    rows: number,
    columns: number,
    gamma: number,
  ): void;
  extremeOfRows(
    isMin: number,
    values: number,
    positions: number,
    x: number,
    rows: number,
    columns: number,
    rowBytes: number,
  ): void;
  extremeOfColumns(
    isMin: number,
    values: number,
    positions: number,
    x: number,
    rows: number,
    columns: number,
    rowBytes: number,
  ): void;
  gatherRows(
    out: number,
    table: number,
    indices: number,
    count: number,
    rows: number,
    width: number,
    tableRow: number,
    wrap: number,
  ): number;
  putRows(
    out: number,
    x: number,
    indices: number,
    count: number,
    rows: number,
    width: number,
    xRow: number,
    outRow: number,
    accumulate: number,
    wrap: number,
  ): number;
  gatherElements(
    out: number,
    x: number,
    indices: number,
    rows: number,
    columns: number,
    xRow: number,
    wrap: number,
  ): number;
  putElements(
    out: number,
    x: number,
    indices: number,
    rows: number,
    columns: number,
    xStep: number,
    outRow: number,
    accumulate: number,
    wrap: number,
  ): number;
  matmul(
    out: number,
    rows: number,
    columns: number,
    inner: number,
    a: number,
    aRow: number,
    aStep: number,
    b: number,
    bRow: number,
    bColumn: number,
    bias: number,
    workspace: number,
    part: number,
    parts: number,
  ): void;
  matmulStack(
    out: number,
    rows: number,
    columns: number,
    inner: number,
    a: number,
    aRow: number,
    aStep: number,
    b: number,
    bRow: number,
    bColumn: number,
    bias: number,
    workspace: number,
    groups: number,
    aGroup: number,
    bGroup: number,
    matrices: number,
    aMatrix: number,
    bMatrix: number,
    part: number,
    parts: number,
  ): void;
  unfold(
    out: number,
    x: number,
    planes: number,
    height: number,
    width: number,
    outHeight: number,
    outWidth: number,
    kernelHeight: number,
    kernelWidth: number,
    strideY: number,
    strideX: number,
    paddingY: number,
    paddingX: number,
    dilationY: number,
    dilationX: number,
  ): void;
  fold(
    out: number,
    x: number,
    planes: number,
    height: number,
    width: number,
    outHeight: number,
    outWidth: number,
    kernelHeight: number,
    kernelWidth: number,
    strideY: number,
    strideX: number,
    paddingY: number,
    paddingX: number,
    dilationY: number,
    dilationX: number,
  ): void;
  maxPool(
    out: number,
    indices: number,
    x: number,
    planes: number,
    height: number,
    width: number,
    outHeight: number,
    outWidth: number,
    kernelHeight: number,
    kernelWidth: number,
    strideY: number,
    strideX: number,
    paddingY: number,
    paddingX: number,
    dilationY: number,
    dilationX: number,
  ): void;
  maxPoolGradient(out: number, gradient: number, indices: number, planes: number, pixels: number, places: number): void;
  avgPool(
    out: number,
    x: number,
    planes: number,
    height: number,
    width: number,
    outHeight: number,
    outWidth: number,
    kernelHeight: number,
    kernelWidth: number,
    strideY: number,
    strideX: number,
    paddingY: number,
    paddingX: number,
    countsPadding: number,
  ): void;
  avgPoolGradient(
    out: number,
    gradient: number,
    planes: number,
    height: number,
    width: number,
    outHeight: number,
    outWidth: number,
    kernelHeight: number,
    kernelWidth: number,
    strideY: number,
    strideX: number,
    paddingY: number,
    paddingX: number,
    countsPadding: number,
  ): void;
  /** `rounds` times twelve vector multiply-adds, to measure the machine by. */
  multiplyAdds(rounds: number): number;
  /** Runs a job of the crew. */
  share(control: number, record: number): void;
  workspaceBytes(rows: number, inner: number): number;
  moments(out: number, x: number, count: number): void;
  distribution(to: number, range: number, density: number, x: number, count: number, workspace: number): void;
  distributionBytes(): number;
  saturation(map: number, totals: number, x: number, rows: number, columns: number, threshold: number): void;
}
