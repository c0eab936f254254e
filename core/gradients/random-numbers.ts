import { TorchGenerator } from '../tensor/generators/torch-generator';

const drawnBefore = new Map<string, Float64Array>();
/** So many draws are remembered: those of a few networks, which are the same at every check. */
const mostDrawn = 500;

/** Normal numbers, the same for the same seed. Not to be changed: others are given the same ones. */
export function randomNumbers(seed: number, length: number): Float64Array {
  const key = `${seed} ${length}`;
  let numbers = drawnBefore.get(key);
  if (numbers === undefined) {
    const drawn = new Float32Array(length);
    new TorchGenerator(seed).randn(drawn);
    numbers = Float64Array.from(drawn);
    if (drawnBefore.size >= mostDrawn) drawnBefore.clear();
    drawnBefore.set(key, numbers);
  }
  return numbers;
}
