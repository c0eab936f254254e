import { describe, expect, test } from 'vitest';
import { exerciseHints, nodewiseSolution } from '../../../renderer/panels/exercises/hints';
import { askedNodes, goalsOf, isDone, trainedSteps } from '../../../renderer/state/exercises';
import { checkOfCode } from '../fake/code-check';

const goals = (exercise: number, code: string) => goalsOf(exercise, checkOfCode(code), null);
const trained = (last: number) => ({ steps: Float64Array.of(100, last), drift: Float64Array.of(0, 0) });

describe('exercise 1', () => {
  test('asks for all 26 gradients and counts the right ones', () => {
    const reached = goals(1, 'dlogprobs = 1\ndprobs = WRONG\ndcounts = 1').filter(({ isReached }) => isReached);
    expect(goals(1, '')).toHaveLength(26);
    expect(reached.map(({ title }) => title)).toEqual(['dlogprobs']);
  });

  test('is done with the lecture’s solution, and not before there is a check', () => {
    expect(isDone(goals(1, nodewiseSolution))).toBe(true);
    expect(isDone(goals(1, nodewiseSolution.replace('dh = ', 'hd = ')))).toBe(false);
    expect(isDone(goalsOf(1, null, null))).toBe(false);
  });
});

describe.each([
  [2, 'logits', 'dlogits = dnorm_logits.clone()'],
  [3, 'hprebn', 'dhprebn = dbndiff.clone()'],
] as const)('exercise %i', (exercise, node, roundabout) => {
  test('is done with one formula', () => {
    expect(isDone(goals(exercise, exerciseHints[exercise].code))).toBe(true);
  });

  test('is not done by way of the gradients in between', () => {
    const [right, inOneFormula] = goals(exercise, roundabout);
    expect(right).toMatchObject({ title: `d${node}`, isReached: true });
    expect(inOneFormula).toMatchObject({ isReached: false });
  });

  test('is done where the formula stands below the lines of exercise 1', () => {
    expect(isDone(goals(exercise, `${nodewiseSolution}${exerciseHints[exercise].code}`))).toBe(true);
    expect(isDone(goals(exercise, nodewiseSolution))).toBe(false);
  });

  test('is not done by a wrong formula, nor by none', () => {
    expect(isDone(goals(exercise, `d${node} = WRONG`))).toBe(false);
    expect(isDone(goals(exercise, ''))).toBe(false);
  });
});

describe('askedNodes', () => {
  test('is everything in exercises 1 and 4', () => {
    expect(askedNodes(1, 'dlogits = 1')).toBeUndefined();
    expect(askedNodes(4, 'dlogits = 1')).toBeUndefined();
  });

  test('is in exercises 2 and 3 the formula’s node, and what else the code writes', () => {
    expect(askedNodes(2, '')).toEqual(['logits']);
    expect(askedNodes(2, exerciseHints[2].code)).toEqual(['logits']);
    expect(askedNodes(3, exerciseHints[3].code)).toEqual(['hprebn']);
    expect(askedNodes(3, `  dh[0] += 1\n# dW2 = 1\ndb2 == dhpreact\n${exerciseHints[3].code}`)).toEqual([
      'h',
      'hprebn',
    ]);
    expect(askedNodes(2, nodewiseSolution)).toHaveLength(26);
  });
});

test('masked and copied gradients reach no goal', () => {
  expect(isDone(goals(2, exerciseHints[2].code.replace('dlogits /= n', 'dlogits /= n  # MASKED')))).toBe(false);
  expect(isDone(goals(3, `dhprebn = COPIED`))).toBe(false);
});

describe('exercise 4', () => {
  const check = checkOfCode(exerciseHints[4].code);

  test('is done after 1,000 steps with right gradients', () => {
    expect(isDone(goalsOf(4, check, trained(1100)))).toBe(true);
    expect(isDone(goalsOf(4, check, trained(1099)))).toBe(false);
    expect(isDone(goalsOf(4, check, null))).toBe(false);
    expect(isDone(goalsOf(4, checkOfCode('dC = WRONG'), trained(5000)))).toBe(false);
  });

  test('counts steps from where the training with them began', () => {
    expect(trainedSteps(trained(350))).toBe(250);
    expect(trainedSteps({ steps: new Float64Array(), drift: new Float64Array() })).toBe(0);
    expect(trainedSteps(null)).toBe(0);
  });
});
