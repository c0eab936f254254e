import katex from 'katex';
import { describe, expect, test } from 'vitest';
import { comparedNodes } from '../../../../core/programs/decomposed-mlp/backward';
import {
  exerciseHints,
  type Hints,
  hintsOfNode,
  nodeHints,
  nodewiseSolution,
} from '../../../../renderer/panels/exercises/hints';
import { lecture } from '../../../core/python/corpus/correct';

const all: readonly (readonly [string, Hints])[] = [...Object.entries(nodeHints), ...Object.entries(exerciseHints)];

describe('hints', () => {
  test('every compared node has its own, in an order in which the gradients can be computed', () => {
    expect(Object.keys(nodeHints)).toEqual([...comparedNodes]);
    expect(hintsOfNode('probs')).toBe(nodeHints.probs);
    expect(hintsOfNode('loss')).toBeNull();
    expect(hintsOfNode('toString')).toBeNull();
  });

  test.each(all)('of %s: each says something, and the rule is a formula', (_name, hints) => {
    for (const hint of [hints.because, hints.shape, hints.code]) expect(hint.trim()).not.toBe('');
    expect(() => katex.renderToString(hints.rule, { output: 'mathml', strict: 'error' })).not.toThrow();
  });

  test.each(Object.entries(nodeHints))('the code of %s writes its gradient and no other', (node, { code }) => {
    const written = [...code.matchAll(/^\s*d(\w+)(?:\[.*?\])?\s*[-+*/]?=(?!=)/gm)].map(([, name]) => name);
    expect(new Set(written)).toEqual(new Set([node]));
  });

  test('the code of all nodes is the lecture’s solution, line for line', () => {
    const sorted = (code: string) => code.trim().split('\n').sort();
    expect(sorted(nodewiseSolution)).toEqual(sorted(lecture));
  });

  test('no line uses a gradient that no line before it writes', () => {
    const known = new Set<string>();
    for (const { code } of Object.values(nodeHints)) {
      for (const line of code.split('\n')) {
        const [target = '', ...rest] = line.split(/[-+*/]?=(?!=)/);
        const used = [...rest.join('=').matchAll(/\bd(\w+)\b/g)].map(([, name = '']) => name);
        for (const name of used.filter((candidate) => candidate in nodeHints)) expect(known).toContain(name);
        known.add(/^\s*d(\w+)/.exec(target)?.[1] ?? '');
      }
    }
  });

  test('exercise 4 writes the seven gradients that an update needs', () => {
    for (const node of ['C', 'W1', 'b1', 'W2', 'b2', 'bngain', 'bnbias']) {
      expect(exerciseHints[4].code).toMatch(new RegExp(`^d${node} = `, 'm'));
    }
    expect(exerciseHints[4].code).not.toMatch(/dbnraw|dprobs/);
  });
});
