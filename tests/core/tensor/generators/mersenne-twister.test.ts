import { describe, expect, test } from 'vitest';
import { MersenneTwister } from '../../../../core/tensor/generators/mersenne-twister';

const draw = (twister: MersenneTwister, count: number) => Array.from({ length: count }, () => twister.next());

describe('MersenneTwister', () => {
  test('gives the 10,000th number that the C++ standard demands of mt19937 (seed 5489)', () => {
    expect(draw(MersenneTwister.fromSeed(5489), 10_000).at(-1)).toBe(4123659995);
  });

  test("gives the first numbers of the authors' mt19937ar.out for their key", () => {
    const twister = MersenneTwister.fromKey([0x123, 0x234, 0x345, 0x456]);
    expect(draw(twister, 5)).toEqual([1067595299, 955945823, 477289528, 4107218783, 4228976476]);
  });

  test('goes on from a saved state, which later draws leave alone', () => {
    const twister = MersenneTwister.fromSeed(1);
    draw(twister, 700);
    const state = twister.saveState();
    const expected = draw(twister, 2000);
    expect(draw(new MersenneTwister(state), 2000)).toEqual(expected);
    expect(draw(new MersenneTwister(state), 2000)).toEqual(expected);
  });

  test('refuses a state that is none', () => {
    expect(() => new MersenneTwister({ words: new Uint32Array(3), drawn: 0 })).toThrow(/624 words/);
    expect(() => new MersenneTwister({ words: new Uint32Array(624), drawn: 625 })).toThrow(RangeError);
    expect(() => new MersenneTwister({ words: new Uint32Array(624), drawn: 0.5 })).toThrow(RangeError);
  });
});
