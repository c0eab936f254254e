import { describe, expect, it } from 'vitest';
import { type OpName, ops } from '../../../core/ops/table';
import type { Tensor } from '../../../core/tensor/tensor';
import { loadJson } from '../../fixtures/load';
import { newTape, spaces } from '../engine';
import { attention } from './attention';
import { placesOf } from './scenarios';

const families = [
  'arithmetic',
  'functions',
  'activations',
  'comparison',
  'reduce',
  'softmax',
  'normalise',
  'losses',
  'classes',
  'dropout',
  'linear',
  'windows',
  'attention',
  'shape',
  'indexing',
];

interface Described {
  readonly type: 'float32' | 'int64' | 'bool';
  readonly shape: readonly number[];
  /** Row-major; `nan`, `inf` and `-inf` as text. */
  readonly values: readonly (number | string)[];
}

/** One use of an op in PyTorch: see tests/fixtures/ops/generate.py. */
interface Use {
  /** Or what is put together of several ops. */
  readonly op: OpName | 'attention';
  /** Numbers that are not finite as text, as in the values. */
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly inputs: readonly Described[];
  readonly output: Described;
  readonly gradient?: Described;
  /** Null for inputs that have none. */
  readonly gradients?: readonly (Described | null)[];
}

const uses = families.flatMap((family) => loadJson<Use[]>(`ops/${family}.json`));
/** Ops that PyTorch has none of, with why. */
const withoutPyTorch: readonly OpName[] = ['batchNormUnbiasedBackward'];

/** What PyTorch's own results for one formula differ by between its builds, and more than float32 rounds once. */
const tolerance = 2e-6;

const numberOf = (value: number | string) =>
  typeof value === 'number' ? value : Number(value.replace('inf', 'Infinity'));

const attributesOf = ({ attributes }: Use) =>
  Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [
      name,
      /^-?(inf|nan)$/.test(String(value)) ? numberOf(value as string) : value,
    ]),
  ) as never;

/** Element by element within the tolerance, of the element itself or of what is usual in the tensor. */
function expectClose(actual: Tensor, { shape, values }: Described, what: string): void {
  expect(actual.shape, what).toEqual(shape);
  const expected = values.map(numberOf);
  const places = placesOf(actual);
  const finite = expected.filter(Number.isFinite).map(Math.abs);
  const usual = finite.reduce((sum, value) => sum + value, 0) / Math.max(finite.length, 1);
  for (const [i, value] of expected.entries()) {
    const own = actual.storage.data[places[i]!]!;
    if (!Number.isFinite(value)) expect(own, `${what}, element ${i}`).toBe(value);
    else
      expect(Math.abs(own - value), `${what}, element ${i}: ${own}, not ${value}`).toBeLessThanOrEqual(
        tolerance * Math.max(Math.abs(value), Math.min(usual, 1)),
      );
  }
}

it('has PyTorch’s figures for every op of the table', () => {
  const shown = new Set<string>([...uses.map(({ op }) => op), ...withoutPyTorch]);
  expect(Object.keys(ops).filter((op) => !shown.has(op))).toEqual([]);
});

describe.each(spaces)('the $build kernels give what PyTorch gives', ({ space }) => {
  it.each(uses.map((use, index) => [index, use.op, JSON.stringify(use.attributes), use] as const))(
    '%i: %s %s',
    (_, op, __, use) => {
      const tape = newTape('float32', space());
      const inputs = use.inputs.map(({ type, shape, values }) => {
        const x = type === 'float32' ? tape.track(tape.zeros(shape)) : tape.indices(shape);
        x.copyFrom(values.map(numberOf));
        return x;
      });
      const output = op === 'attention' ? attention(tape, inputs) : tape.apply(op, inputs, attributesOf(use));
      tape.forward();
      expectClose(output, use.output, 'output');
      if (use.gradient === undefined || use.gradients === undefined) return;
      const gradient = tape.zeros(use.gradient.shape);
      gradient.copyFrom(use.gradient.values.map(numberOf));
      const walk = tape.planWalk(new Set(inputs), new Map([[output, gradient]]));
      walk.run();
      for (const [index, expected] of use.gradients.entries()) {
        if (expected !== null) expectClose(walk.gradients.get(inputs[index]!)!, expected, `gradient of input ${index}`);
      }
    },
  );
});
