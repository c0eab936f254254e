import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mistakes } from '../../../core/programs/decomposed-mlp/mistakes';
import {
  builtInSettings,
  describeRange,
  type ProgramSettings,
  settingsDescribed,
} from '../../../core/protocol/settings';
import { nearest } from '../../../electron/cli/nearest';
import { chainrule } from './in-place';

describe('help', () => {
  it('names the commands', async () => {
    for (const argv of [['--help'], ['-h']]) {
      const { code, output } = await chainrule(argv);
      expect(output).toContain('chainrule run [options]');
      expect(output).toContain('chainrule check [FILE.py …] [options]');
      expect(code).toBe(0);
    }
  });

  it.each(['run', 'check'])('of %s gives every range', async (command) => {
    const { code, output } = await chainrule([command, '--help', '--nonsense']);
    for (const settings of Object.values<ProgramSettings>(builtInSettings)) {
      for (const description of Object.values(settingsDescribed(settings))) {
        expect(output).toContain(`--${description.option} `);
        if (description.kind === 'number') expect(output).toContain(describeRange(description));
      }
    }
    expect(output).toMatch(/--depth N .*deep-stack only/);
    expect(output).toContain('Examples:');
    expect(code).toBe(0);
  });

  it('of check names every mistake with its title', async () => {
    const { output } = await chainrule(['check', '-h']);
    for (const { name, title } of mistakes) expect(output).toMatch(new RegExp(`^  ${name} +${escaped(title)}$`, 'm'));
  });

  it('is not needed for the version', async () => {
    expect(await chainrule(['--version'])).toMatchObject({ code: 0, output: '1.2.3' });
  });
});

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

describe('bad arguments', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'chainrule-options-'));
    await writeFile(join(folder, 'few.txt'), 'anna\nbo\n');
  });
  afterAll(() => rm(folder, { recursive: true }));

  it.each([
    [[], /Say what to do: run, check, or verify\./],
    [['rum'], /no command 'rum'\. Did you mean run\?/],
    [['train'], /no command 'train'\. The commands are run, check, and verify\./],
    [['run', 'deep-stack'], /'deep-stack' is not an option/],
    [['run', '--step', '5'], /no option --step\. Did you mean --steps\?/],
    [['run', '--nonsense'], /no option --nonsense\.$/m],
    [['run', '-s', '5'], /no option -s\./],
    [['run', '--steps'], /--steps needs a value: --steps N\./],
    [['run', '--names='], /--names needs a value: --names FILE\./],
    [['run', '--names', '--steps', '5'], /--names needs a value before --steps/],
    [['run', '--program', 'deep-stack', '--batch-norm=yes'], /--batch-norm takes no value, so not 'yes'/],
    [['run', '--program', 'transformer'], /--program must be one of decomposed-mlp, deep-stack, not 'transformer'/],
    [['run', '--hidden', '1025'], /--hidden must be a whole number from 1 to 1024, not '1025'/],
    [['run', '--hidden', '2.5'], /--hidden must be a whole number from 1 to 1024, not '2\.5'/],
    [['run', '--batch', '1'], /--batch must be a whole number from 2 to 1024/],
    [['run', '--lr', '-1'], /--lr must be a number from 0 to 10, not '-1'/],
    [['run', '--seed', '0x10'], /--seed must be a whole number from 0 to 4294967295, not '0x10'/],
    [['run', '--steps', '10000001'], /--steps must be a whole number from 0 to 10000000/],
    [['run', '--init', 'zeros'], /--init must be one of seed, ninja, not 'zeros'/],
    [['run', '--gain', '1'], /--gain is for deep-stack only; decomposed-mlp does not use it/],
    [['run', '--batch-norm'], /--batch-norm is for deep-stack only/],
    [['run', '--program', 'deep-stack', '--init', 'seed'], /--init is for decomposed-mlp only/],
    [['run', '--names', '/no/such/names.txt'], /--names: \/no\/such\/names\.txt could not be read/],
    [['run', '--steps', '0', '--report', 'report.json'], /--steps must be at least 1/],
    [['run', '--report', '/no/such/folder/report.json'], /--report .*: the folder \/no\/such\/folder does not exist/],
    [['run', '--tensors', '/dev/null'], /--tensors \/dev\/null: it is there already, and no file/],
    [['run', '--report', 'package.json/report'], /package\.json is not a folder/],
    [['run', '--report', 'out.x', '--tensors', './out.x'], /--report and --tensors are both/],
  ])('%j end with 2 and the reason', async (argv, message) => {
    const { code, output, errors } = await chainrule(argv);
    expect(errors).toMatch(message);
    expect(errors).toMatch(/--help' says what is accepted\.$/);
    expect(output).toBe('');
    expect(code).toBe(2);
  });

  it('are said of a list of names as the session refuses it', async () => {
    const { code, errors } = await chainrule(['run', '--names', join(folder, 'few.txt')]);
    expect(errors).toMatch(/--names: few\.txt has only 2 words\. Choose a file with at least 10/);
    expect(code).toBe(2);
  });
});

describe('nearest', () => {
  it.each([
    ['batchnorm', 'batch-norm'],
    ['hiden', 'hidden'],
    ['report', 'report'],
    ['xyz', null],
  ])('%s is near %s', (word, expected) => {
    expect(nearest(word, ['batch-norm', 'hidden', 'report'])).toBe(expected);
  });
});
