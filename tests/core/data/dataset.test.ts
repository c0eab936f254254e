import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { blockSize, createDataset, type Dataset, type Split } from '../../../core/data/dataset';
import { parseNames } from '../../../core/data/names';
import { loadJson, loadTensors, namesFile } from '../../fixtures/load';

/** The words of a split, read back from its targets. */
function wordsOf({ targets }: Split, { labels }: Dataset['vocabulary']): string[] {
  return Array.from(targets, (token) => (token === 0 ? '\n' : labels[token]))
    .join('')
    .split('\n')
    .slice(0, -1);
}

const ten = ['ada', 'bob', 'cy', 'dee', 'eve', 'flo', 'gus', 'hal', 'ivy', 'jo'];

describe('createDataset', () => {
  test('makes the contexts of the notebook: what came before, filled up with end tokens', () => {
    const { train, vocabulary } = createDataset(['abcd', ...Array<string>(9).fill('abcd')]);
    expect(vocabulary.labels).toEqual(['.', 'a', 'b', 'c', 'd']);
    expect(train.count).toBe(8 * 5);
    expect([...train.targets.subarray(0, 6)]).toEqual([1, 2, 3, 4, 0, 1]);
    expect([...train.contexts.subarray(0, 18)]).toEqual([0, 0, 0, 0, 0, 1, 0, 1, 2, 1, 2, 3, 2, 3, 4, 0, 0, 0]);
  });

  test('shuffles and splits by words as Python does', () => {
    // random.seed(42); random.shuffle(ten) in CPython
    const shuffled = ['hal', 'dee', 'cy', 'ivy', 'flo', 'gus', 'jo', 'eve', 'ada', 'bob'];
    const { words, vocabulary, train, dev, test: rest } = createDataset(ten);
    expect(words).toBe(10);
    expect(wordsOf(train, vocabulary)).toEqual(shuffled.slice(0, 8));
    expect(wordsOf(dev, vocabulary)).toEqual(shuffled.slice(8, 9));
    expect(wordsOf(rest, vocabulary)).toEqual(shuffled.slice(9));
  });

  test('leaves the given list as it is', () => {
    const words = [...ten];
    createDataset(words);
    expect(words).toEqual(ten);
  });

  test('loses no word of any alphabet, and every context is made of the targets before it', () => {
    const word = fc.string({ unit: fc.constantFrom('a', '.', 'ß', '京', '𐌰', '🙂'), minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(fc.array(word, { minLength: 10, maxLength: 40 }), (words) => {
        const { train, dev, test: rest, vocabulary } = createDataset(words);
        const splits = [train, dev, rest];
        expect(splits.flatMap((split) => wordsOf(split, vocabulary)).sort()).toEqual([...words].sort());
        for (const { count, contexts, targets } of splits) {
          expect([targets.length, contexts.length]).toEqual([count, count * blockSize]);
          let context = [0, 0, 0];
          targets.forEach((target, example) => {
            expect([...contexts.subarray(example * blockSize, (example + 1) * blockSize)]).toEqual(context);
            context = target === 0 ? [0, 0, 0] : [...context.slice(1), target];
          });
        }
      }),
      { numRuns: 50 },
    );
  });
});

const file = namesFile();
describe.skipIf(file === undefined)(
  'the names of the lectures (skipped without ../shared/data/names.txt or CHAINRULE_NAMES)',
  () => {
    interface Expected {
      readonly first_words_after_shuffle: string[];
      readonly train: [number, number];
      readonly dev: [number, number];
      readonly test: [number, number];
    }

    test("give the notebook's splits, and the minibatches that PyTorch drew from them", () => {
      const expected = loadJson<Expected>('dataset.json');
      const dataset = createDataset(parseNames(readFileSync(file!), 'names.txt'));
      expect(dataset.words).toBe(32_033);
      expect(dataset.vocabulary.labels.join('')).toBe('.abcdefghijklmnopqrstuvwxyz');
      for (const name of ['train', 'dev', 'test'] as const) {
        expect([dataset[name].count, dataset[name].contexts.length / dataset[name].count]).toEqual(expected[name]);
      }
      const first = expected.first_words_after_shuffle;
      expect(wordsOf(dataset.train, dataset.vocabulary).slice(0, first.length)).toEqual(first);

      const minibatch = loadTensors('decomposed-seed-h200-b32-s0.safetensors');
      const { contexts, targets } = dataset.train;
      const examples = Array.from(minibatch.get('ix')!.data);
      expect(examples.map((example) => targets[example])).toEqual(Array.from(minibatch.get('Yb')!.data));
      expect(
        examples.flatMap((example) => [...contexts.subarray(example * blockSize, (example + 1) * blockSize)]),
      ).toEqual(Array.from(minibatch.get('Xb')!.data));
    });
  },
);
