import * as v from 'valibot';
import { expect, it } from 'vitest';
import { defaultValues, settingsDescribed } from '../../../core/programs/settings';
import { savedSettingsSchemaOf, settingsSchemaOf } from '../../../core/protocol/settings';
import { programsWithTest, testSettings } from '../programs/test-program-settings';

const settings = { program: 'test-gpt', ...defaultValues(settingsDescribed(testSettings)) };

it('settings that one more program describes are accepted and refused as it says', () => {
  const schema = settingsSchemaOf(programsWithTest);
  expect(v.parse(schema, settings)).toEqual(settings);
  const messageOf = (changes: object) => v.safeParse(schema, { ...settings, ...changes }).issues?.[0].message ?? null;
  expect(messageOf({ heads: 16, dropout: 0.9, activation: 'relu', tied: false })).toBeNull();
  expect(messageOf({ heads: 17 })).toBe('Heads must be a whole number from 1 to 16, not 17.');
  expect(messageOf({ dropout: Number.NaN })).not.toBeNull();
  expect(messageOf({ activation: 'tanh' })).toContain('"gelu" | "relu"');
  expect(messageOf({ tied: 'yes' })).toContain('boolean');
  expect(messageOf({ gain: 1 })).toContain('gain');
  expect(messageOf({ program: 'deep-stack' })).not.toBeNull();
});

it('a setting that a program did not have when a file was written is at its default', () => {
  const { heads: _, ...before } = { ...settings, dropout: 0.5, gain: 1 };
  expect(v.parse(savedSettingsSchemaOf(programsWithTest), before)).toEqual({ ...settings, heads: 4, dropout: 0.5 });
});
