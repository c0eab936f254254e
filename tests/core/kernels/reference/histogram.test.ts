import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { histogram, histogramEdges } from '../../../../core/kernels/reference/histogram';
import { histogramBins, histogramRange } from '../../../../core/protocol/frame';
import { loadJson } from '../../../fixtures/load';

/** float32 numbers as their bits. */
interface Case {
  readonly name: string;
  readonly values: readonly number[];
  readonly density: readonly number[];
  readonly edges: readonly number[];
}

const { cases } = loadJson<{ cases: Case[] }>('histograms.json');
const floats = (bits: readonly number[]) => new Float32Array(Uint32Array.from(bits).buffer);
const bitsOf = (values: Float32Array) => [...new Uint32Array(values.slice().buffer)];

describe.each(cases)('torch.histogram of numbers that are $name', ({ values, density, edges }) => {
  const actual = histogram(floats(values));

  it('has the same density in every bin, bit for bit', () => {
    expect(bitsOf(actual.density)).toEqual(density);
  });

  it('has the same edges, bit for bit', () => {
    expect(bitsOf(histogramEdges(actual.minimum, actual.maximum))).toEqual(edges);
  });
});

/** Spread widely enough that the width of a bin and its inverse are float32 numbers. */
const number = fc.integer({ min: -1_000_000, max: 1_000_000 }).map((sixtyFourths) => sixtyFourths / 64);

describe('histogram', () => {
  it('counts every number once: density times width is one', () => {
    fc.assert(
      fc.property(fc.array(number, { minLength: 1, maxLength: 60 }), (values) => {
        const { minimum, maximum, density } = histogram(Float32Array.from(values));
        const edges = histogramEdges(minimum, maximum);
        const mass = density.reduce(
          (sum, height, bin) => sum + (height > 0 ? height * (edges[bin + 1]! - edges[bin]!) : 0),
          0,
        );
        expect(mass).toBeCloseTo(1, 3);
      }),
    );
  });

  it('has the greatest number in the last bin', () => {
    const { density } = histogram([0, 100, 100, 100]);
    expect(density[0]).toBe(0.25);
    expect(density[99]).toBe(0.75);
  });

  it('leaves out what is not finite', () => {
    const finite = histogram([1, 2, 4]);
    expect(histogram([1, Number.NaN, 2, Infinity, 4, -Infinity])).toEqual(finite);
  });

  it.each([[[]], [[Number.NaN, Infinity]]])('of %j has no range and no mass', (values) => {
    const { minimum, maximum, density } = histogram(values);
    expect([minimum, maximum]).toEqual([Number.NaN, Number.NaN]);
    expect(density).toEqual(new Float32Array(histogramBins));
  });
});

describe('histogramRange', () => {
  it('spans one unit around numbers that are all equal', () => {
    expect(histogramRange(3, 3)).toEqual({ start: 2.5, end: 3.5 });
    expect(histogramRange(-1, 2)).toEqual({ start: -1, end: 2 });
    const { minimum, maximum } = histogram([3, 3]);
    expect([minimum, maximum]).toEqual([2.5, 3.5]);
  });
});
