import type { Moments } from '../../protocol/answers';

/** Mean, unbiased std (torch.std), least and largest of the numbers; NaN anywhere makes them NaN. */
export function moments(values: ArrayLike<number>): Moments {
  let sum = 0;
  let minimum = Number.POSITIVE_INFINITY;
  let maximum = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    sum += value;
    if (value < minimum || Number.isNaN(value)) minimum = value;
    if (value > maximum || Number.isNaN(value)) maximum = value;
  }
  const mean = sum / values.length;
  return { mean, std: standardDeviation(values, mean), minimum, maximum };
}

/** Unbiased standard deviation (torch.std): divided by the count − 1, so NaN for fewer than two numbers. */
export function standardDeviation(values: ArrayLike<number>, mean = average(values)): number {
  let squares = 0;
  for (let i = 0; i < values.length; i++) {
    const deviation = values[i] - mean;
    squares += deviation * deviation;
  }
  return Math.sqrt(squares / (values.length - 1));
}

function average(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
}
