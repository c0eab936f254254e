/** |t| beyond which a tanh output counts as saturated, as the notebook has it: the gradient is then under 6 %. */
export const saturationThreshold = 0.97;

/**
 * log10 of how much an update moves a parameter: std(lr · grad) / std(data), the notebook's `ud`. About −3 is healthy.
 * −Infinity for an update of zero, NaN for a parameter of one element.
 */
export function updateToData(learningRate: number, gradientStd: number, dataStd: number): number {
  return Math.log10((learningRate * gradientStd) / dataStd);
}
