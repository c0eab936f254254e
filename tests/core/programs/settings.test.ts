import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { buildNetwork } from '../../../core/programs/registry';
import type { ProgramSettings, SettingDescription } from '../../../core/programs/setting-description';
import {
  builtInSettings,
  defaultSettings,
  forkSettings,
  hiddenGainOf,
  programNames,
  programSettingsOf,
  ratesOf,
  settingsDescribed,
  settingVariables,
  sharedSettings,
} from '../../../core/programs/settings';
import { refuseNumber, savedSettingsSchema, settingsSchema } from '../../../core/protocol/settings';
import { newTape } from '../engine';

describe.each(programNames)('the settings of %s', (program) => {
  const described: [string, SettingDescription][] = Object.entries(settingsDescribed(programSettingsOf(program)));

  it('hide none that every program has, and are set by options of their own', () => {
    const { own } = programSettingsOf(program);
    expect(Object.keys(own).filter((name) => Object.hasOwn(sharedSettings, name))).toEqual([]);
    const options = described.map(([, { option }]) => option);
    expect(new Set(options).size).toBe(options.length);
  });

  it('have defaults that they accept, and that make a network', () => {
    for (const [, description] of described) {
      if (description.kind === 'number') expect(refuseNumber(description, description.default)).toBeNull();
      if (description.kind === 'choice') expect(Object.keys(description.choices)).toContain(description.default);
    }
    const settings = defaultSettings(program);
    expect(v.parse(settingsSchema, settings)).toEqual(settings);
    expect(buildNetwork(newTape(), settings, 27).nodes.length).toBeGreaterThan(10);
  });

  it('say a gain of the hidden layers that is a number', () => {
    const { hiddenGain } = programSettingsOf(program);
    if (typeof hiddenGain === 'string') expect(programSettingsOf(program).own[hiddenGain]?.kind).toBe('number');
    expect(hiddenGainOf(defaultSettings(program))).toBe(5 / 3);
  });
});

it('settings of one option are of one kind in every program', () => {
  const kinds = new Map<string, string>();
  for (const settings of Object.values<ProgramSettings>(builtInSettings)) {
    for (const { option, kind } of Object.values<SettingDescription>(settingsDescribed(settings))) {
      expect(kinds.get(option) ?? kind).toBe(kind);
      kinds.set(option, kind);
    }
  }
});

it('the gain of the hidden layers is a setting where the program has one', () => {
  expect(hiddenGainOf({ ...defaultSettings('deep-stack'), gain: 0.5 })).toBe(0.5);
});

it('a person reads a setting by the name that the notebook has for it', () => {
  expect(settingVariables({ ...defaultSettings('decomposed-mlp'), hiddenSize: 7 })).toEqual({ n_hidden: 7 });
});

it('a branch may change what the updates read, and nothing else', () => {
  expect(Object.keys(forkSettings)).toEqual(['learningRate', 'learningRateDropStep', 'droppedLearningRate']);
  expect(ratesOf({ ...defaultSettings('deep-stack'), learningRate: 0.3 })).toEqual({
    learningRate: 0.3,
    learningRateDropStep: 100_000,
    droppedLearningRate: 0.01,
  });
});

it('a program that is not there is refused by name', () => {
  expect(() => programSettingsOf('transformer')).toThrow(
    "There is no program 'transformer'. The programs are decomposed-mlp, deep-stack.",
  );
  expect(() => programSettingsOf('constructor')).toThrow("'constructor'");
});

describe('settings that a message brings', () => {
  const settings = defaultSettings('decomposed-mlp');
  const messageOf = (input: unknown) => {
    const result = v.safeParse(settingsSchema, input);
    return result.success ? null : `${v.getDotPath(result.issues[0])}: ${result.issues[0].message}`;
  };

  it('are exactly those of the program', () => {
    expect(messageOf(settings)).toBeNull();
    expect(messageOf({ ...settings, depth: 5 })).toMatch(/^depth: /);
    expect(messageOf({ ...settings, initialisation: undefined })).toMatch(/^initialisation: /);
    expect(messageOf({ ...settings, program: 'transformer' })).toMatch(/^program: .*transformer/);
    expect(messageOf({ ...settings, program: 'toString' })).toMatch(/^program: /);
    expect(messageOf({ ...settings, hiddenSize: 0 })).toBe(
      'hiddenSize: Hidden size must be a whole number from 1 to 1024, not 0.',
    );
    expect(messageOf({ ...settings, initialisation: 'zeros' })).toMatch(/^initialisation: .*zeros/);
  });
});

describe('settings that a file brings', () => {
  // As sessions and evidence were saved while every program had the settings of all.
  const old = {
    ...defaultSettings('decomposed-mlp'),
    hiddenSize: 9,
    initialisation: 'seed',
    depth: 5,
    gain: 5 / 3,
    batchNorm: false,
  };

  it('lose those of other programs', () => {
    const { depth: _, gain: __, batchNorm: ___, ...own } = old;
    expect(v.parse(savedSettingsSchema, old)).toEqual(own);
    expect(v.parse(savedSettingsSchema, { ...old, program: 'deep-stack' })).toEqual({
      ...defaultSettings('deep-stack'),
      hiddenSize: 9,
    });
  });

  it('are otherwise refused as a message is', () => {
    for (const wrong of [null, [], 'settings', {}, { ...old, program: 'transformer' }, { ...old, momentum: 1 }]) {
      expect(v.is(savedSettingsSchema, wrong)).toBe(false);
    }
    const { seed: _, ...without } = old;
    expect(v.is(savedSettingsSchema, without)).toBe(false);
    const hostile: unknown = JSON.parse(JSON.stringify(old).replace('{', '{"__proto__": 1, '));
    expect(v.is(savedSettingsSchema, hostile)).toBe(false);
  });
});
