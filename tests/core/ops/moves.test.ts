import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readsOf } from '../../../core/ops/table';
import { unravelIndex } from '../../../core/tensor/shape';
import type { Tensor } from '../../../core/tensor/tensor';
import { newTape } from '../engine';
import { indexingCases } from './cases/indexing';
import { shapeCases, viewCases } from './cases/shape';
import { constantsOf, laidOut, placesOf, spread, twisterOf } from './scenarios';

const valueAt = ({ storage, strides, offset }: Tensor, index: readonly number[]) =>
  storage.data[index.reduce((at, position, dim) => at + position * strides[dim]!, offset)]!;

const { full: _full, ...movingCases } = shapeCases;
const { oneHot: _oneHot, ...pickingCases } = indexingCases;

describe('ops that move numbers tell which ones they read', () => {
  it.each(Object.entries({ ...movingCases, ...viewCases, ...pickingCases }))('%s', (name, scenario) => {
    fc.assert(
      fc.property(scenario, fc.nat(), ({ shapes, layouts, domain, record }, seed) => {
        const tape = newTape('float64');
        const leaves = shapes.map((shape, i) => {
          const leaf = laidOut(tape, shape, layouts[i]!);
          const values = spread(leaf.elements, domain, twisterOf(seed + i));
          for (const [k, at] of placesOf(leaf).entries()) leaf.storage.data[at] = values[k]!;
          return leaf;
        });
        const output = record(tape, leaves, constantsOf(tape));
        tape.forward();
        const use = tape.entries.find((entry) => entry.output === output)!;
        expect(use.op).toBe(name);
        for (let position = 0; position < output.elements; position++) {
          const index = unravelIndex(position, output.shape);
          const numbers = readsOf(use, index).filter(([tensor]) => tensor.dtype !== 'int32');
          // What is moved is the number that is read, or the sum of all; 0 where there is none.
          const sum = numbers.reduce((total, [tensor, at]) => total + valueAt(tensor, at), 0);
          expect(valueAt(output, index), `[${index.join(', ')}]`).toBeCloseTo(sum, 12);
        }
      }),
      { numRuns: 40 },
    );
  });
});
