import { describe, expect, it } from 'vitest';
import { defaultValues, settingsDescribed } from '../../../core/programs/settings';
import { commandHelp } from '../../../electron/cli/help';
import { parseArguments } from '../../../electron/cli/options';
import { readSessionOptions, sessionOptions } from '../../../electron/cli/setting-options';
import { programsWithTest, testSettings } from '../../core/programs/test-program-settings';

const options = sessionOptions(10, programsWithTest);
const read = (...argv: string[]) =>
  readSessionOptions(parseArguments(argv, options, false).options, 10, programsWithTest).settings;

/** Settings that are described in one place, `test-program-settings.ts`, and named nowhere in the command line. */
describe('the settings of one more program', () => {
  it('are in the help', () => {
    const command = { name: 'run', summary: '', options, files: null, details: '', examples: [] };
    const help = commandHelp({ ...command, execute: async () => 0 });
    expect(help).toMatch(/--program NAME +decomposed-mlp or deep-stack or test-gpt \(default decomposed-mlp\)/);
    expect(help).toMatch(
      /--heads N +heads of each attention: a whole number from 1 to 16 \(default 4\); test-gpt only$/m,
    );
    expect(help).toMatch(/--dropout N .*a number from 0 to 0\.9 \(default 0\.3333\)/);
    expect(help).toMatch(/--activation NAME +function between the layers: gelu or relu \(default gelu\)/);
    expect(help).toMatch(/--no-tied +without one matrix for embedding and output \(default: not\); test-gpt only$/m);
    // Two of the three have it.
    expect(help).toMatch(/--hidden N .*\(default 64, deep-stack 100\); decomposed-mlp and deep-stack only$/m);
  });

  it('are options', () => {
    const defaults = { program: 'test-gpt', ...defaultValues(settingsDescribed(testSettings)) };
    expect(read('--program', 'test-gpt')).toEqual(defaults);
    const argv = ['--heads', '2', '--dropout', '0.5', '--activation', 'relu', '--no-tied', '--batch', '7'];
    expect(read('--program', 'test-gpt', ...argv)).toEqual({
      ...defaults,
      heads: 2,
      dropout: 0.5,
      activation: 'relu',
      tied: false,
      batchSize: 7,
    });
  });

  it('are refused where they are out of range, or of another program', () => {
    const test = ['--program', 'test-gpt'];
    expect(() => read(...test, '--heads', '17')).toThrow('--heads must be a whole number from 1 to 16, not');
    expect(() => read(...test, '--activation', 'tanh')).toThrow('--activation must be one of gelu, relu, not');
    expect(() => read(...test, '--gain', '1')).toThrow('--gain is for deep-stack only; test-gpt does not use it.');
    expect(() => read('--heads', '2')).toThrow('--heads is for test-gpt only; decomposed-mlp does not use it.');
    expect(() => read(...test, '--hidden', '2')).toThrow(
      '--hidden is for decomposed-mlp and deep-stack only; test-gpt does not use it.',
    );
  });
});

it('one option means what the program says of it, where programs say different things', () => {
  const other = { ...testSettings, own: { heads: { ...testSettings.own.heads, maximum: 2, default: 1 } } };
  const programs = { one: testSettings, other };
  const both = sessionOptions(10, programs);
  expect(both.find(({ name }) => name === 'heads')?.description).toBe(
    'heads of each attention: a whole number from 1 to 16 (default 4); one only; ' +
      'heads of each attention: a whole number from 1 to 2 (default 1); other only',
  );
  const given = new Map([['heads', '3']]);
  expect(readSessionOptions(given, 10, programs).settings).toMatchObject({ program: 'one', heads: 3 });
  expect(() => readSessionOptions(new Map([...given, ['program', 'other']]), 10, programs)).toThrow('from 1 to 2');
});
