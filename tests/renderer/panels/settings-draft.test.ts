import { describe, expect, test } from 'vitest';
import { defaultSettings, programNames, type Settings } from '../../../core/protocol/settings';
import { appliesTo, draftOf, readDraft } from '../../../renderer/panels/settings/draft';

describe.each(programNames)('a draft of %s', (program) => {
  test('reads back as the settings it was made of', () => {
    const settings: Settings = { ...defaultSettings(program), seed: 4294967295, learningRate: 1 / 3 };
    expect(readDraft(draftOf(settings))).toEqual(settings);
  });

  test('is refused where a field that is shown is', () => {
    const draft = draftOf(defaultSettings(program));
    expect(readDraft({ ...draft, batchSize: '1' })).toBeNull();
    expect(readDraft({ ...draft, learningRate: '' })).toBeNull();
    expect(readDraft({ ...draft, hiddenSize: '2000' })).toBeNull();
  });
});

test('a field of the other program can neither refuse the draft nor leak into it', () => {
  const draft = { ...draftOf(defaultSettings('decomposed-mlp')), depth: 'nonsense', gain: '7' };
  expect(readDraft(draft)).toEqual(defaultSettings('decomposed-mlp'));
  expect(readDraft({ ...draft, program: 'deep-stack' })).toBeNull();
});

test('each program shows its own settings', () => {
  expect(appliesTo('decomposed-mlp', 'initialisation')).toBe(true);
  expect(appliesTo('decomposed-mlp', 'depth')).toBe(false);
  expect(appliesTo('deep-stack', 'depth')).toBe(true);
  expect(appliesTo('deep-stack', 'initialisation')).toBe(false);
  expect(appliesTo('deep-stack', 'seed')).toBe(true);
});
