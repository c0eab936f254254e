import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PythonRandom } from '../../../../core/tensor/generators/python-random';
import { loadJson } from '../../../fixtures/load';

interface PythonStream {
  readonly shuffle_of_range_1000: number[];
  readonly then_random: number[];
}

describe('PythonRandom', () => {
  test("gives Python's own shuffle and numbers for seed 42", () => {
    const expected = loadJson<PythonStream>('python_random.json');
    const random = new PythonRandom(42);
    const order = [...Array(1000).keys()];
    random.shuffle(order);
    expect(order).toEqual(expected.shuffle_of_range_1000);
    expect(expected.then_random.map(() => random.random())).toEqual(expected.then_random);
  });

  test('seeds by all words of a larger seed', () => {
    // random.seed(n); random.random() of CPython 3.11
    expect(new PythonRandom(2 ** 32).random()).toBe(0.11299430095636409);
    expect(new PythonRandom(2 ** 53 - 1).random()).toBe(0.09425040007102303);
    expect(new PythonRandom(0).random()).toBe(0.8444218515250481);
  });

  test('shuffles alike for one seed, and loses nothing', () => {
    fc.assert(
      fc.property(fc.nat(), fc.array(fc.string()), (seed, items) => {
        const [one, other] = [[...items], [...items]];
        new PythonRandom(seed).shuffle(one);
        new PythonRandom(seed).shuffle(other);
        expect(one).toEqual(other);
        expect(one.sort()).toEqual([...items].sort());
      }),
    );
  });

  test('refuses a seed that is no whole number', () => {
    expect(() => new PythonRandom(1.5)).toThrow(/not 1.5/);
  });
});
