import { describe, expect, test } from 'vitest';
import {
  defaultSettings,
  programNames,
  programSettingsOf,
  type Settings,
  settingsDescribed,
} from '../../../core/protocol/settings';
import { draftOf, readDraft } from '../../../renderer/panels/settings/draft';

describe.each(programNames)('a draft of %s', (program) => {
  const descriptions = settingsDescribed(programSettingsOf(program));

  test('reads back as the settings it was made of', () => {
    const settings: Settings = { ...defaultSettings(program), seed: 4294967295, learningRate: 1 / 3 };
    expect({ program, ...readDraft(descriptions, draftOf(descriptions, settings)) }).toEqual(settings);
  });

  test('is refused where a field is', () => {
    const draft = draftOf(descriptions, defaultSettings(program));
    expect(readDraft(descriptions, { ...draft, batchSize: '1' })).toBeNull();
    expect(readDraft(descriptions, { ...draft, learningRate: '' })).toBeNull();
    expect(readDraft(descriptions, { ...draft, hiddenSize: '2000' })).toBeNull();
  });
});

test('what another program has of settings can neither refuse a draft nor leak into it', () => {
  const descriptions = settingsDescribed(programSettingsOf('decomposed-mlp'));
  const draft = { ...draftOf(descriptions, defaultSettings('decomposed-mlp')), depth: 'nonsense', gain: '7' };
  const values = readDraft(descriptions, draft);
  expect({ program: 'decomposed-mlp', ...values }).toEqual(defaultSettings('decomposed-mlp'));
});
