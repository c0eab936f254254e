import { describe, expect, it } from 'vitest';
import type { Tape } from '../../../core/graph/tape';
import type { OpAttributes, OpName } from '../../../core/ops/table';
import { ShapeError } from '../../../core/tensor/shape';
import type { Tensor } from '../../../core/tensor/tensor';
import { newTape, spaces } from '../engine';
import { numbers } from '../kernels/tensors';

/** A backward of an activation as somebody writes it, in PyTorch's order. */
type ByHand = (t: Tape, gradient: Tensor, x: Tensor) => Tensor;
interface WithHand<Name extends OpName = OpName> {
  readonly op: Name;
  readonly attributes: OpAttributes[Name];
  readonly byHand: ByHand;
}
const withHand = <Name extends OpName>(op: Name, attributes: OpAttributes[Name], byHand: ByHand): WithHand => ({
  op,
  attributes: attributes as never,
  byHand,
});

const apply = (t: Tape, name: OpName, inputs: readonly Tensor[], attributes = {}) =>
  t.apply(name, inputs, attributes as never);
const oneMinus = (t: Tape, x: Tensor) => apply(t, 'subtractFromScalar', [x], { scalar: 1 });
const zeroWhere = (t: Tape, condition: Tensor, x: Tensor) => apply(t, 'maskedFill', [x, condition], { value: 0 });
const isPositive = (t: Tape, x: Tensor) => apply(t, 'greater', [x, t.zeros([])]);

const byHand: readonly WithHand[] = [
  withHand('relu', {}, (t, gradient, x) => zeroWhere(t, apply(t, 'lessEqual', [x, t.zeros([])]), gradient)),
  withHand('leakyRelu', { negativeSlope: 0.01 }, (t, gradient, x) =>
    apply(t, 'where', [isPositive(t, x), gradient, t.multiply(gradient, 0.01)]),
  ),
  withHand('sigmoid', {}, (t, gradient, x) => {
    const s = apply(t, 'sigmoid', [x]);
    return t.multiply(t.multiply(gradient, oneMinus(t, s)), s);
  }),
  withHand('silu', {}, (t, gradient, x) => {
    const s = apply(t, 'sigmoid', [x]);
    return t.multiply(t.multiply(gradient, s), t.add(t.multiply(x, oneMinus(t, s)), 1));
  }),
  withHand('gelu', { approximate: 'none' }, (t, gradient, x) => {
    const erf = apply(t, 'erf', [t.multiply(x, Math.SQRT1_2)]);
    const distribution = t.multiply(t.add(erf, 1), 0.5);
    const density = t.multiply(t.exp(t.multiply(t.multiply(x, x), -0.5)), 1 / Math.sqrt(2 * Math.PI));
    return t.multiply(gradient, t.add(distribution, t.multiply(x, density)));
  }),
  withHand('gelu', { approximate: 'tanh' }, (t, gradient, x) => {
    const factor = Math.sqrt(2 / Math.PI);
    const square = t.multiply(x, x);
    const inner = t.multiply(t.add(x, t.multiply(t.multiply(square, x), 0.044715)), factor);
    const tanh = t.tanh(inner);
    const innerSlope = t.multiply(t.add(t.multiply(square, 3 * 0.044715), 1), factor);
    const tanhSlope = oneMinus(t, t.multiply(tanh, tanh));
    const right = t.multiply(t.multiply(t.multiply(x, 0.5), tanhSlope), innerSlope);
    return t.multiply(gradient, t.add(t.multiply(t.add(tanh, 1), 0.5), right));
  }),
  withHand('softplus', { beta: 1.5, threshold: 3 }, (t, gradient, x) => {
    const scaled = t.multiply(x, 1.5);
    const z = t.exp(scaled);
    const curved = t.divide(t.multiply(gradient, z), t.add(z, 1));
    return apply(t, 'where', [apply(t, 'greater', [scaled, t.full([], 3)]), gradient, curved]);
  }),
  withHand('elu', { alpha: 0.7 }, (t, gradient, x) =>
    apply(t, 'where', [isPositive(t, x), gradient, t.multiply(t.multiply(gradient, 0.7), t.exp(x))]),
  ),
  withHand('clamp', { min: -1, max: 0.5 }, (t, gradient, x) => {
    const isOutside = apply(t, 'logicalOr', [
      apply(t, 'less', [x, t.full([], -1)]),
      apply(t, 'greater', [x, t.full([], 0.5)]),
    ]);
    return zeroWhere(t, isOutside, gradient);
  }),
];

describe.each(spaces)('with the $build kernels', ({ space }) => {
  it.each(byHand)('$op with $attributes passes back what its formula in single ops gives, to the bit', (use) => {
    const tape = newTape('float32', space());
    const x = tape.track(tape.zeros([3, 41]));
    x.copyFrom(numbers(x.elements, 3));
    const output = tape.apply(use.op, [x], use.attributes);
    const gradient = tape.zeros(x.shape);
    gradient.copyFrom(numbers(x.elements, 4));
    const walk = tape.planWalk(new Set([x]), new Map([[output, gradient]]));
    const formula = use.byHand(tape, gradient, x);
    tape.forward();
    walk.run();
    expect([...walk.gradients.get(x)!.values()]).toEqual([...formula.values()]);
  });

  it('gives truth values as whole numbers, through which no gradient passes', () => {
    const tape = newTape('float32', space());
    const x = tape.track(tape.zeros([5]));
    x.copyFrom([1, -2, 0, Number.NaN, 3]);
    const found = apply(tape, 'less', [x, tape.zeros([1])]);
    const chosen = apply(tape, 'where', [found, tape.full([], 7), x]);
    const loss = tape.sum(chosen);
    tape.planBackward(loss);
    tape.forward();
    tape.backward();
    expect(found.dtype).toBe('int32');
    expect([...found.values()]).toEqual([0, 1, 0, 0, 0]);
    expect([...tape.gradientOf(x).values()]).toEqual([1, 0, 1, 1, 1]);
  });

  it('chooses by a mask that stands in floats', () => {
    const tape = newTape('float32', space());
    const [mask, x] = [tape.zeros([6]), tape.zeros([2, 6])];
    mask.copyFrom([1, 0, 0, 1, 0, 2]);
    x.copyFrom(numbers(12));
    const filled = apply(tape, 'maskedFill', [x, mask], { value: Number.NEGATIVE_INFINITY });
    tape.forward();
    const isMasked = (index: number) => [0, 3, 5].includes(index % 6);
    expect([...filled.values()]).toEqual(
      [...x.values()].map((value, index) => (isMasked(index) ? Number.NEGATIVE_INFINITY : value)),
    );
  });
});

it.each<readonly [OpName, readonly (readonly number[])[], object, RegExp]>([
  ['maximum', [[2, 3], [4]], {}, /^maximum: shapes \(2, 3\) and \(4,\)/],
  ['less', [[2], [3]], {}, /^less: shapes \(2,\) and \(3,\)/],
  ['where', [[2], [3], [3]], {}, /^where: shapes \(2,\) and \(3,\)/],
  ['maskedFill', [[2, 3], [2]], { value: 0 }, /^maskedFill: shapes \(2, 3\) and \(2,\)/],
  ['powerTensor', [[2], [3]], {}, /^powerTensor: shapes \(2,\) and \(3,\)/],
  ['clamp', [[2]], { min: null, max: null }, /^clamp: give min, max or both/],
])('%s refuses %j, naming what does not fit', (op, shapes, attributes, message) => {
  const tape = newTape();
  const inputs = shapes.map((shape) => tape.zeros(shape));
  const call = () => tape.apply(op, inputs, attributes as never);
  expect(call).toThrow(ShapeError);
  expect(call).toThrow(message);
});
