import { describe, expect, it } from 'vitest';
import { referenceKernels as kernels } from '../../../../core/kernels/reference/reference';
import { arena, numbers, tensor } from '../tensors';

describe('sgd', () => {
  it('rounds the product before it adds, and reads the learning rate when it runs', () => {
    arena.reset();
    const parameter = tensor('float32', [50], numbers(50, 1));
    const gradient = tensor('float32', [50], numbers(50, 2));
    let learningRate = 0;
    const update = kernels.sgd(parameter, gradient, () => learningRate);
    const before = [...parameter.values()];
    learningRate = 0.1;
    update();
    const expected = before.map((value, i) =>
      Math.fround(value + Math.fround(Math.fround(-0.1) * gradient.values()[i]!)),
    );
    expect([...parameter.values()]).toEqual(expected);
  });
});
