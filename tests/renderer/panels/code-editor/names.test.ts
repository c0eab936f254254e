import { describe, expect, test } from 'vitest';
import { defaultSettings } from '../../../../core/protocol/settings';
import { factsOf, suggest } from '../../../../renderer/panels/code-editor/names';
import { checkOfCode, decomposedSession } from '../../fake/code-check';
import { describeSession } from '../../fake/program';

const namesOf = (...parameters: Parameters<typeof suggest>) => suggest(...parameters).map(({ name }) => name);

describe('suggest', () => {
  test('offers every node and its gradient; of the loss, whose gradient is 1, no gradient', () => {
    const names = namesOf(null, decomposedSession, null);
    expect(names).toEqual(expect.arrayContaining(['counts_sum_inv', 'dcounts_sum_inv', 'C', 'dC', 'Xb', 'Yb', 'n']));
    expect(names).toContain('loss');
    expect(names).not.toContain('dloss');
    expect(new Set(names).size).toBe(names.length);
  });

  test('gives shapes of this session', () => {
    const session = describeSession({ ...defaultSettings('decomposed-mlp'), batchSize: 7, hiddenSize: 5 });
    const shapeOf = (name: string) => suggest(null, session, null).find((found) => found.name === name)?.detail;
    expect(shapeOf('h')).toBe('7 × 5');
    expect(shapeOf('dh')).toBe('7 × 5');
    expect(shapeOf('Xb')).toBe('7 × 3');
    expect(shapeOf('n')).toBe('7');
    expect(shapeOf('batch_size')).toBe('7');
    expect(shapeOf('n_hidden')).toBe('5');
    expect(shapeOf('ix')).toBe('7');
    expect(shapeOf('loss')).toBe('scalar');
  });

  test('offers the notebook’s names of sizes, data and parameters', () => {
    const { dataset, parameters } = decomposedSession;
    const details = Object.fromEntries(
      suggest(null, decomposedSession, null).map(({ name, detail }) => [name, detail]),
    );
    expect(details).toMatchObject({
      n_embd: '10',
      block_size: '3',
      parameters: `list of ${parameters.length} tensors`,
      words: `list of ${dataset.words}`,
      Xtr: `${dataset.train} × 3`,
      Ydev: `${dataset.dev}`,
      Xte: `${dataset.test} × 3`,
    });
    expect(Object.keys(details)).toEqual(
      expect.arrayContaining(['stoi', 'itos', 'g', 'total_parameters', 'max_steps']),
    );
  });

  test('adds what the last run left behind, once', () => {
    const check = {
      ...checkOfCode('dh = 1'),
      names: [
        { name: 'helper', shape: [2] },
        { name: 'dh', shape: [32, 64] },
      ],
    };
    const names = namesOf(null, decomposedSession, check);
    expect(names.filter((name) => name === 'helper')).toHaveLength(1);
    expect(names.filter((name) => name === 'dh')).toHaveLength(1);
  });

  test('after a dot offers what is there: of torch, of F, of a tensor', () => {
    expect(namesOf('torch', decomposedSession, null)).toEqual(
      expect.arrayContaining(['zeros_like', 'ones_like', 'where']),
    );
    expect(namesOf('torch', decomposedSession, null)).not.toContain('dh');
    expect(namesOf('F', decomposedSession, null)).toEqual(expect.arrayContaining(['one_hot', 'softmax']));
    expect(namesOf('dlogits', decomposedSession, null)).toEqual(expect.arrayContaining(['sum', 'view', 'T', 'shape']));
    expect(namesOf(')', null, null)).toContain('sum');
  });

  test('offers no name without a session', () => {
    expect(suggest(null, null, null)).toEqual([]);
  });
});

describe('factsOf', () => {
  test('tells a node’s shape and the line that makes it', () => {
    expect(factsOf('probs', decomposedSession, null)).toEqual({
      name: 'probs',
      shape: '32 × 27',
      notes: ['probs = counts * counts_sum_inv'],
    });
    expect(factsOf('W1', decomposedSession, null)?.notes).toEqual(['W1 is a parameter']);
  });

  test('tells of a gradient what it is of, its own shape and its verdict', () => {
    expect(factsOf('dprobs', decomposedSession, null)).toMatchObject({ shape: 'not written yet' });
    const check = { ...checkOfCode('dprobs = WRONG'), names: [{ name: 'dprobs', shape: [27] }] };
    expect(factsOf('dprobs', decomposedSession, check)).toEqual({
      name: 'dprobs',
      shape: '27',
      notes: [
        'gradient of probs, which is 32 × 27',
        'wrong: Given right gradients, and in float64, it still gives another one.',
      ],
    });
  });

  test('tells the shape of the person’s own names and of the batch', () => {
    const check = { ...checkOfCode(''), names: [{ name: 'helper', shape: [2, 3] }] };
    expect(factsOf('helper', decomposedSession, check)?.shape).toBe('2 × 3');
    expect(factsOf('Yb', decomposedSession, null)?.shape).toBe('32');
    expect(factsOf('unknown', decomposedSession, check)).toBeNull();
    expect(factsOf('probs', null, null)).toBeNull();
  });
});
