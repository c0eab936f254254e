import { expect, test } from 'vitest';
import { defaultSettings } from '../../../core/protocol/settings';
import { currentNodes, isNotComputed } from '../../../renderer/state/walk';
import { describeSession } from '../fake/program';

const nodes = describeSession(defaultSettings('decomposed-mlp')).nodes;
/** h is made by way of a tensor without a name. */
const session = {
  ...describeSession(defaultSettings('decomposed-mlp')),
  nodes,
  ops: [
    { op: 'index', inputs: ['C', 'Xb'], output: 'emb' },
    { op: 'linear', inputs: ['emb', 'W1'], output: 'linear#1' },
    { op: 'tanh', inputs: ['linear#1'], output: 'h' },
  ],
};
const at = (phase: 'update' | 'forward' | 'loss' | 'backward', op: number | null) => ({
  session,
  position: { phase, op, done: 0, total: 6 },
});

test('the node that an op makes is the current one, backwards those it passes a gradient to', () => {
  expect(currentNodes(at('update', null))).toEqual([]);
  expect(currentNodes(at('forward', 0))).toEqual(['emb']);
  expect(currentNodes(at('backward', 2))).toEqual(['h']);
  expect(currentNodes(at('backward', 1))).toEqual(['emb', 'W1']);
});

test('a tensor without a name counts towards the node that is made of it', () => {
  expect(currentNodes(at('forward', 1))).toEqual(['h']);
});

test('what a step has not come to is not computed', () => {
  const computed = (...where: Parameters<typeof at>) =>
    ['C', 'emb', 'h'].filter((node) => !isNotComputed(at(...where), node));
  expect(computed('update', null)).toEqual(['C']);
  expect(computed('forward', 0)).toEqual(['C', 'emb']);
  expect(computed('forward', 1)).toEqual(['C', 'emb']);
  expect(computed('loss', 2)).toEqual(['C', 'emb', 'h']);
  expect(isNotComputed({ session, position: null }, 'h')).toBe(false);
});
