import { describe, expect, it } from 'vitest';
import { standardDeviation } from '../../../../core/kernels/reference/moments';
import { referenceKernels as kernels } from '../../../../core/kernels/reference/reference';
import { arena, numbers, tensor } from '../tensors';

describe('update', () => {
  it('rounds the product before it adds, and reads the learning rate when it runs', () => {
    arena.reset();
    const parameter = tensor('float32', [50], numbers(50, 1));
    const gradient = tensor('float32', [50], numbers(50, 2));
    let learningRate = 0;
    const deviations = tensor('float64', [2]);
    const update = kernels.update(parameter, gradient, () => learningRate, deviations);
    const before = [...parameter.values()];
    learningRate = 0.1;
    update();
    const expected = before.map((value, i) =>
      Math.fround(value + Math.fround(Math.fround(-0.1) * gradient.values()[i]!)),
    );
    expect([...parameter.values()]).toEqual(expected);
    expect([...deviations.values()]).toEqual([standardDeviation(gradient.values()), standardDeviation(expected)]);
  });
});
