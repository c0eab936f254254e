import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { defaultValues, settingsDescribed } from '../../../core/protocol/settings';
import { type Draft, draftOf, readDraft } from '../../../renderer/panels/settings/draft';
import { SettingFields } from '../../../renderer/panels/settings/setting-fields';
import { settingFigures } from '../../../renderer/panels/toolbar/figures';
import { testSettings } from '../../core/programs/test-program-settings';

const descriptions = settingsDescribed(testSettings);
const values = defaultValues(descriptions);
const draft = draftOf(descriptions, values);
const shown = (drafted: Draft) =>
  renderToStaticMarkup(createElement(SettingFields, { descriptions, draft: drafted, onChange: () => {} }));

/** Settings that are described in one place, `test-program-settings.ts`, and named nowhere in the window. */
describe('the settings of one more program', () => {
  it('are fields of the dialog', () => {
    const fields = shown(draft);
    for (const label of ['Seed', 'Learning rate', 'Heads', 'Dropout', 'Activation', 'Tied weights']) {
      expect(fields).toContain(`>${label}<`);
    }
    expect(fields).toContain('a whole number from 1 to 16');
    expect(fields).toContain('value="4"');
    expect(fields).toContain('<option selected="">gelu</option><option>relu</option>');
    expect(fields).toContain('gelu: as GPT-2; relu: as the first transformer');
    expect(fields).toMatch(/type="checkbox"[^>]* checked=""/);
    expect(shown({ ...draft, tied: false })).not.toContain('checked');
  });

  it('are refused in place', () => {
    expect(readDraft(descriptions, draft)).toEqual(values);
    for (const [text, refusal] of [
      ['17', 'Heads must be a whole number from 1 to 16, not 17.'],
      ['many', 'Heads must be a whole number from 1 to 16; “many” is not a number.'],
    ] as const) {
      const typed = { ...draft, heads: text };
      expect(shown(typed)).toContain(refusal);
      expect(readDraft(descriptions, typed)).toBeNull();
    }
  });

  it('are figures of the toolbar', () => {
    const figures = settingFigures(descriptions, { ...values, learningRate: 0.05 });
    expect(figures.map(({ label, text }) => `${label} ${text}`)).toEqual([
      'batch 32',
      'lr 0.05',
      'heads 4',
      'dropout 0.333',
      'activation gelu',
      'tied on',
    ]);
    expect(figures.find(({ name }) => name === 'heads')?.title).toBe('Heads of each attention');
    const quiet = { heads: { ...testSettings.own.heads, toolbar: null } };
    expect(settingFigures(quiet, values)).toEqual([]);
  });
});
