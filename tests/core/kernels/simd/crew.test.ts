import { afterAll, describe, expect, it } from 'vitest';
import type { Kernel, Kernels } from '../../../../core/kernels/kernels';
import type { Arena } from '../../../../core/tensor/arena';
import type { Shape } from '../../../../core/tensor/shape';
import { Tensor } from '../../../../core/tensor/tensor';
import { Engine } from '../../../../electron/engine/engine';
import { bitsOf } from '../../sessions';
import { numbers } from '../tensors';

const engine = new Engine({ threads: 2 });
afterAll(() => engine.close());

type Plan = (kernels: Kernels, operand: (shape: Shape) => Tensor, arena: Arena) => Kernel;

/** Large enough to be shared, with rows that do not divide evenly. */
const jobs: Record<string, Plan> = {
  matmul: (kernels, operand) => kernels.matmul(operand([67, 91]), operand([67, 83]), operand([83, 91]), operand([91])),
  'matmul of a transposed factor': (kernels, operand) =>
    kernels.matmul(operand([130, 90]), operand([90, 130]).transpose(), operand([90, 90]).transpose()),
  'matmul that is packed': (kernels, operand) =>
    kernels.matmul(operand([170, 170]), operand([170, 170]).transpose(), operand([170, 170])),
  'matmul of a stack': (kernels, operand) =>
    kernels.matmul(operand([2, 3, 40, 48]), operand([2, 1, 40, 33]), operand([3, 33, 48]), operand([48])),
  'matmul of a stack of stacks': (kernels, operand) =>
    kernels.matmul(operand([2, 2, 2, 3, 40, 48]), operand([2, 1, 2, 1, 40, 48]), operand([1, 2, 1, 3, 48, 48])),
  tanh: (kernels, operand) => kernels.unary('tanh', operand([7001]), operand([7001])),
  tanhGradient: (kernels, operand) => kernels.tanhGradient(operand([7001]), operand([7001]), operand([7001])),
  update: (kernels, operand, arena) =>
    kernels.update(operand([9001]), operand([9001]), () => 0.1, Tensor.zeros(arena, 'float64', [2])),
};

/** All that a job leaves in its operands, after a few runs. */
function bitsAfter(plan: Plan, isShared: boolean, arithmetic: 'reproducible' | 'fast'): number[][] {
  const { kernels, newArena, crew } = engine.begin(arithmetic);
  crew!.isOn = isShared;
  const arena = newArena();
  const operands: Tensor[] = [];
  const operand = (shape: Shape) => {
    const tensor = Tensor.zeros(arena, 'float32', shape);
    tensor.copyFrom(numbers(tensor.elements, operands.length));
    operands.push(tensor);
    return tensor;
  };
  const kernel = plan(kernels, operand, arena);
  for (let run = 0; run < 50; run++) kernel();
  return operands.map((tensor) => bitsOf(tensor.values()));
}

describe.each(['reproducible', 'fast'] as const)('two threads, %s', (arithmetic) => {
  it.each(Object.entries(jobs))('%s: the same bits as one', (_, plan) => {
    expect(bitsAfter(plan, true, arithmetic)).toEqual(bitsAfter(plan, false, arithmetic));
  });
});

it('goes on alone where the second thread is gone', async () => {
  const other = new Engine({ threads: 2 });
  const { kernels, newArena } = other.begin('reproducible');
  await other.close();
  const arena = newArena();
  const [out, x] = [Tensor.zeros(arena, 'float32', [8000]), Tensor.zeros(arena, 'float32', [8000])];
  x.copyFrom(numbers(8000));
  kernels.unary('tanh', out, x)();
  expect(out.values()[7999]).toBeCloseTo(Math.tanh(x.values()[7999]!), 6);
});
