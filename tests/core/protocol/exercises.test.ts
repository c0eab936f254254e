import { expect, it } from 'vitest';
import { manualBackwardOf } from '../../../core/programs/registry';
import { exerciseNodes } from '../../../core/protocol/exercises';

it('asks in exercise 1 for what the notebook compares, and elsewhere for a part of it', () => {
  expect(exerciseNodes[1]).toEqual(manualBackwardOf('decomposed-mlp')?.comparedNodes);
  for (const nodes of Object.values(exerciseNodes))
    expect(exerciseNodes[1]).toEqual(expect.arrayContaining([...nodes]));
});
