import { describe, expect, it } from 'vitest';
import { comparedNodes } from '../../../core/programs/decomposed-mlp/backward';
import type { Check, CheckRow } from '../../../core/protocol/answers';
import { checkJson, checkTable, passes, pythonFloat } from '../../../electron/cli/check-table';
import { chainrule } from './in-place';

/** Small enough to be quick, large enough that every mistake shows. */
const small = ['--hidden', '8', '--batch', '4'];

describe('chainrule check', () => {
  it('finds the hand-written backward right and ends with 0', async () => {
    const { code, output, errors } = await chainrule(['check', '--program', 'decomposed-mlp', ...small]);
    const lines = output.split('\n');
    expect(lines.slice(0, comparedNodes.length).map((line) => line.split('|')[0]!.trim())).toEqual([...comparedNodes]);
    expect(lines[0]).toMatch(/^logprobs {8}\| exact: True {2}\| approximate: True {2}\| maxdiff: 0\.0 /);
    expect(lines.at(-1)).toBe('All 26 gradients are right.');
    expect(code).toBe(0);
    expect(errors).toBe('');
  });

  it('takes the fused backward for right, though it rounds', async () => {
    const { code, output } = await chainrule(['check', ...small, '--backward', 'fused', '--steps', '3']);
    expect(output).toMatch(/All 26 gradients are right\. \d+ differ by rounding only\.$/);
    expect(code).toBe(0);
  });

  it('finds a planted mistake, names its line and ends with 1', async () => {
    const { code, output } = await chainrule(['check', ...small, '--mistake', 'variance-over-n']);
    expect(output).toMatch(/bndiff2 .* exact: False .*\| wrong$/m);
    expect(output).toMatch(/hprebn .*\| inherited$/m);
    expect(output).toMatch(
      /1 formula is wrong: dbndiff2 \(line \d+: dbndiff2 = 1\.0\/n .*\); \d+ rows only inherit it\.$/,
    );
    expect(code).toBe(1);
  });

  it('prints only the rows as JSON, with the keys and in the order of the table', async () => {
    const { code, output } = await chainrule(['check', ...small, '--json', '--mistake', 'logit-maxes-forgotten']);
    const { rows, ...rest } = JSON.parse(output);
    expect(rest).toEqual({});
    expect(rows.map(({ node }: CheckRow) => node)).toEqual([...comparedNodes]);
    const keys = ['node', 'shape', 'exact', 'approximate', 'maxdiff', 'maxUlp', 'worstIndex', 'verdict'];
    for (const row of rows) expect(Object.keys(row)).toEqual(keys);
    expect(rows.find(({ node }: CheckRow) => node === 'logit_maxes')).toEqual({
      node: 'logit_maxes',
      shape: [4, 1],
      exact: false,
      approximate: false,
      maxdiff: null,
      maxUlp: null,
      worstIndex: null,
      verdict: 'missing',
    });
    expect(code).toBe(1);
  });

  it('checks at the step asked for', async () => {
    const table = async (steps: string) =>
      (await chainrule(['check', ...small, '--mistake', 'loss-sign', '--steps', steps])).output;
    expect(await table('2')).not.toBe(await table('0'));
  });

  it.each([
    [['--program', 'deep-stack'], /deep-stack has no hand-written backward to check\. Give --program decomposed-mlp\./],
    [['--mistake', 'typo'], /--mistake: There is no mistake named 'typo'\. Choose one of: loss-sign, /],
    [['--mistake', 'x'.repeat(65)], /--mistake: /],
    [
      ['--mistake', 'mean-path-forgotten', '--backward', 'sideways'],
      /--backward must be one of nodewise, fused, not 'sideways'/,
    ],
  ])('refuses %j', async (argv, message) => {
    const { code, output, errors } = await chainrule(['check', ...small, ...argv]);
    expect(errors).toMatch(message);
    expect(output).toBe('');
    expect(code).toBe(2);
  });
});

const row: CheckRow = {
  node: 'h',
  shape: [4, 8],
  exact: true,
  approximate: true,
  maxdiff: 0,
  maxUlp: 0,
  worstIndex: [0, 0],
  verdict: 'exact',
  reason: '',
  line: null,
};
const checkOf = (rows: readonly Partial<CheckRow>[]): Check => ({
  backward: 'nodewise',
  mistake: null,
  statements: [
    { line: 1, node: 'h', formula: 'dh = a', mistaken: false },
    { line: 2, node: 'h', formula: 'dh += b', mistaken: false },
  ],
  step: 0,
  rows: rows.map((differing) => ({ ...row, ...differing })),
});

describe('the table', () => {
  const conclusionOf = (check: Check) => checkTable(check).split('\n').at(-1);

  it('names every line of a wrong formula, and what is missing or misshapen', () => {
    const check = checkOf([
      { verdict: 'wrong' },
      { node: 'W2', verdict: 'missing' },
      { node: 'b2', verdict: 'shape', reason: 'db2 has shape (1, 27); b2 has (27,).' },
      { node: 'C', verdict: 'inherited' },
    ]);
    expect(conclusionOf(check)).toBe(
      '1 formula is wrong: dh (line 1: dh = a; line 2: dh += b); 1 gradient is missing: dW2; 1 has another shape: db2 has shape (1, 27); b2 has (27,); 1 row only inherits them.',
    );
    expect(passes(check)).toBe(false);
  });

  it('passes what is exact, rounding or vacuous', () => {
    expect(passes(checkOf([{ verdict: 'exact' }, { verdict: 'rounding' }, { verdict: 'vacuous' }]))).toBe(true);
  });

  it('puts null where JSON has no number', () => {
    const [nan, infinite] = JSON.parse(
      checkJson(checkOf([{ maxdiff: Number.NaN }, { maxUlp: Number.POSITIVE_INFINITY }])),
    ).rows;
    expect(nan.maxdiff).toBeNull();
    expect(infinite.maxUlp).toBeNull();
  });

  it.each([
    [0, '0.0'],
    [2, '2.0'],
    [0.25, '0.25'],
    [0.0001, '0.0001'],
    [0.00001, '1e-05'],
    [1.862645149230957e-9, '1.862645149230957e-09'],
    [1e16, '1e+16'],
    [2.5e-120, '2.5e-120'],
    [Number.NaN, 'nan'],
    [Number.NEGATIVE_INFINITY, '-inf'],
  ])('prints %d as Python does', (value, text) => {
    expect(pythonFloat(value)).toBe(text);
  });
});
