import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Moments } from '../../../core/protocol/answers';
import {
  type Frame,
  histogramBins,
  isSaturated,
  type LayerFrame,
  mapWords,
  type ParameterFrame,
  packFrame,
  unpackFrame,
} from '../../../core/protocol/frame';

const float = fc.float();
const density = fc.float32Array({ minLength: histogramBins, maxLength: histogramBins });
const moments: fc.Arbitrary<Moments> = fc.record({ mean: float, std: float, minimum: float, maximum: float });
const layer: fc.Arbitrary<LayerFrame> = fc
  .tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 20 }))
  .chain(([rows, columns]) => {
    const words = mapWords(rows, columns);
    return fc.record({
      output: moments,
      gradient: moments,
      saturated: float,
      dead: fc.nat(20),
      rows: fc.constant(rows),
      columns: fc.constant(columns),
      outputDensity: density,
      gradientDensity: density,
      // Any bits at all, also those that read as a signalling NaN.
      saturationMap: fc.uint32Array({ minLength: words, maxLength: words }),
    });
  });
const parameter: fc.Arbitrary<ParameterFrame> = fc.record({
  dataStd: float,
  gradient: moments,
  gradToData: float,
  updateToData: float,
  elements: fc.nat(1_000_000),
  gradientDensity: density,
});
const frame: fc.Arbitrary<Frame> = fc.record({
  step: fc.nat(2 ** 24),
  loss: float,
  learningRate: float,
  stepsPerSecond: float,
  running: fc.boolean(),
  layers: fc.array(layer, { maxLength: 4 }),
  parameters: fc.array(parameter, { maxLength: 4 }),
});

describe('a packed frame', () => {
  it('unpacks to what was packed', () => {
    fc.assert(
      fc.property(frame, (original) => {
        expect(unpackFrame(packFrame(original))).toEqual(original);
      }),
      { numRuns: 50 },
    );
  });

  it('is one array of exactly its size, and unpacks from the middle of a larger one', () => {
    fc.assert(
      fc.property(frame, fc.nat(5), (original, before) => {
        const packed = packFrame(original);
        expect(packed.buffer.byteLength).toBe(packed.byteLength);
        const larger = new Uint32Array(packed.length + before + 3);
        larger.set(new Uint32Array(packed.buffer), before);
        expect(unpackFrame(new Float32Array(larger.buffer, 4 * before, packed.length))).toEqual(original);
      }),
      { numRuns: 20 },
    );
  });

  it('says which cell is saturated, by example and unit', () => {
    const saturationMap = new Uint32Array(mapWords(5, 9));
    for (const [row, column] of [
      [0, 0],
      [3, 4],
      [3, 5],
      [4, 8],
    ] as const) {
      const cell = row * 9 + column;
      saturationMap[cell >> 5]! |= 1 << (cell & 31);
    }
    const some = { saturationMap, rows: 5, columns: 9 } as LayerFrame;
    const cells = Array.from({ length: 45 }, (_, cell) => [Math.floor(cell / 9), cell % 9] as const);
    expect(cells.filter(([row, column]) => isSaturated(some, row, column))).toEqual([
      [0, 0],
      [3, 4],
      [3, 5],
      [4, 8],
    ]);
  });
});

describe('unpackFrame', () => {
  const packed = packFrame({
    step: 1,
    loss: 2,
    learningRate: 0.1,
    stepsPerSecond: 0,
    running: false,
    layers: [],
    parameters: [],
  });
  const changed = (index: number, value: number) => packed.with(index, value);
  const foreign: readonly (readonly [string, Float32Array])[] = [
    ['nothing', new Float32Array(0)],
    ['noise', Float32Array.from({ length: 40 }, (_, i) => Math.sin(i))],
    ['another version', changed(0, 99)],
    ['another number of bins', changed(8, 64)],
    ['a frame cut short', packed.slice(0, -1)],
    ['a frame with more after it', Float32Array.of(...packed, 0)],
    ['layers that are not there', changed(6, 3)],
    ['parameters that are not there', changed(7, 1)],
    ['a count that is no number', changed(6, Number.NaN)],
    ['half a layer', changed(6, 0.5)],
  ];
  it.each(foreign)('refuses %s', (_, array) => {
    expect(() => unpackFrame(array)).toThrow(RangeError);
    expect(() => unpackFrame(array)).toThrow(/^Not a frame of version/);
  });
});
