import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TorchGenerator } from '../../../../core/tensor/generators/torch-generator';
import { type FixtureTensor, loadTensors } from '../../../fixtures/load';

/** 32-bit seeds, as the settings accept. */
const seeds = fc.integer({ min: 0, max: 2 ** 32 - 1 });

const randn = (generator: TorchGenerator, count: number) => {
  const target = new Float32Array(count);
  generator.randn(target);
  return target;
};

describe('the streams PyTorch drew', () => {
  const tensors = loadTensors('rng.safetensors');

  /** Draws what the name "SEED.KIND.ORDER.DETAIL" says. */
  function draw(generator: TorchGenerator, seed: number, name: string, { data }: FixtureTensor): ArrayLike<number> {
    const [, kind, , detail] = name.split('.');
    const floats = new Float32Array(data.length);
    const integers = new Int32Array(data.length);
    switch (kind) {
      case 'randn':
        generator.randn(floats);
        return floats;
      case 'rand':
        generator.rand(floats);
        return floats;
      case 'randint':
        generator.randint(integers, 0, Number(detail));
        return integers;
      case 'randperm':
        return generator.randperm(data.length);
      case 'multinomial': {
        const rows = tensors.get(`${seed}.multinomial.12.p`)!.data as Float32Array;
        if (detail === 'p') {
          // The probabilities are a softmax of this draw; they are taken from the file, the draw must still happen.
          generator.randn(floats);
          return rows;
        }
        return integers.map((_, i) => generator.multinomial(rows.subarray((i % 4) * 27, ((i % 4) + 1) * 27)));
      }
      default:
        throw new Error(`Unknown stream ${name}`);
    }
  }

  test.each([42, 2147483647, 2147483657])('seed %i: every draw equals, bit for bit', (seed) => {
    const generator = new TorchGenerator(seed);
    const streams = [...tensors].filter(([name]) => name.startsWith(`${seed}.`));
    expect(streams).toHaveLength(15);
    for (const [name, tensor] of streams) {
      expect(Array.from(draw(generator, seed, name, tensor)), name).toEqual(Array.from(tensor.data));
    }
  });

  test("are the notebook's parameters: C, W1, b1, W2, b2 and the first minibatch of its seed", () => {
    const fixture = loadTensors('decomposed-seed-h200-b2-s0.safetensors');
    const generator = new TorchGenerator(2147483647);
    const scales = { C: 1, W1: 5 / 3 / 30 ** 0.5, b1: 0.01, W2: 0.01, b2: 0.01 };
    for (const [name, scale] of Object.entries(scales)) {
      const expected = fixture.get(name)!.data;
      // A float32 tensor times a Python number is multiplied by that number as a float32.
      const drawn = randn(generator, expected.length).map((value) => value * Math.fround(scale));
      expect(Array.from(drawn), name).toEqual(Array.from(expected));
    }
    const ix = new Int32Array(2);
    generator.randint(ix, 0, 182_625);
    expect(Array.from(ix)).toEqual(Array.from(fixture.get('ix')!.data));
  });
});

describe('TorchGenerator', () => {
  test('goes on from a saved state, also in the middle of a Box–Muller pair', () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 0, max: 40 }), fc.integer({ min: 1, max: 40 }), (seed, before, after) => {
        const generator = new TorchGenerator(seed);
        randn(generator, before);
        const state = generator.saveState();
        const expected = [randn(generator, after), generator.randperm(5), randn(generator, 3)];
        for (let time = 0; time < 2; time++) {
          const again = TorchGenerator.fromState(state);
          expect([randn(again, after), again.randperm(5), randn(again, 3)]).toEqual(expected);
        }
      }),
      { numRuns: 50 },
    );
  });

  test('gives a second normal of a pair to the next call', () => {
    const single = new TorchGenerator(7);
    const pair = new TorchGenerator(7);
    expect([...randn(single, 1), ...randn(single, 1)]).toEqual([...randn(pair, 2)]);
  });

  test('uses the low 32 bits of the seed', () => {
    expect(randn(new TorchGenerator(2 ** 32 + 5), 20)).toEqual(randn(new TorchGenerator(5), 20));
  });

  test('draws whole numbers of the range only', () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: -1000, max: 1000 }), fc.integer({ min: 1, max: 50 }), (seed, low, size) => {
        const target = new Int32Array(100);
        new TorchGenerator(seed).randint(target, low, low + size);
        expect(target.every((value) => value >= low && value < low + size)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  test('permutes: every number once', () => {
    expect([...new TorchGenerator(3).randperm(1000)].sort((a, b) => a - b)).toEqual([...Array(1000).keys()]);
    expect(new TorchGenerator(3).randperm(0)).toEqual(new Int32Array(0));
  });

  test('samples by probability, and never what has none', () => {
    const generator = new TorchGenerator(11);
    const counts = [0, 0, 0];
    for (let i = 0; i < 4000; i++) counts[generator.multinomial(Float32Array.of(0.75, 0, 0.25))]!++;
    expect(counts[1]).toBe(0);
    expect(counts[0]! / 4000).toBeCloseTo(0.75, 1);
  });

  test('refuses what has no meaning, saying why', () => {
    const generator = new TorchGenerator(0);
    expect(() => new TorchGenerator(-1)).toThrow(/whole number from 0/);
    expect(() => new TorchGenerator(0.5)).toThrow(RangeError);
    expect(() => generator.randint(new Int32Array(1), 3, 3)).toThrow(/\[3, 3\)/);
    expect(() => generator.randint(new Int32Array(1), 0, 2 ** 32)).toThrow(RangeError);
    expect(() => generator.multinomial(Float32Array.of(0.5, Number.NaN))).toThrow(/number 1 is NaN/);
    expect(() => generator.multinomial(Float32Array.of(0, 0))).toThrow(/at least one positive/);
  });
});

describe('dropout and bernoulli, as PyTorch 1.13 drew them', () => {
  /** torch.manual_seed(7), then one F.dropout(torch.ones(n), p) after the other; a 1 for each element that stayed. */
  const masks = [
    [0.5, '11000'],
    [0.3, '011001111101010'],
    [0.3, '0011000010111011'],
    [0.3, '11011011110110111'],
    [0, '111'],
    [1, '000'],
    [0.9, '0000000000000000000000000000000100000000'],
  ] as const;
  const drawn = (generator: TorchGenerator, count: number) => {
    const target = new Int32Array(count);
    generator.randint(target, 0, 1_000_000);
    return [...target];
  };

  test('the masks of dropout, of sizes around 16, and what is drawn after them', () => {
    const generator = new TorchGenerator(7);
    for (const [p, expected] of masks) {
      const mask = new Float32Array(expected.length);
      generator.dropoutMask(mask, p);
      expect(mask.join('')).toBe(expected);
    }
    // torch.randint(0, 1000000, (4,))
    expect(drawn(generator, 4)).toEqual([981430, 443660, 829353, 116648]);
  });

  test('bernoulli_ of a probability', () => {
    const generator = new TorchGenerator(7);
    const target = new Float32Array(20);
    generator.bernoulli(target, 0.25);
    expect(target.join('')).toBe('00000000001111101010');
    expect(drawn(generator, 4)).toEqual([337979, 761661, 775104, 282402]);
  });

  test.each([-0.1, 1.5, Number.NaN])('refuses %d, which is no probability', (p) => {
    const generator = new TorchGenerator(7);
    expect(() => generator.bernoulli(new Float32Array(1), p)).toThrow(/bernoulli needs a probability from 0 to 1/);
    expect(() => generator.dropoutMask(new Float32Array(1), p)).toThrow(/dropout needs a probability from 0 to 1/);
  });
});
