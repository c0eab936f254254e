import { describe, expect, it } from 'vitest';
import { comparedNodes } from '../../../core/programs/decomposed-mlp/backward';
import type { Check, CheckRow } from '../../../core/protocol/answers';
import { checkJson, checkTable, exitCodeOfCheck, pythonFloat } from '../../../electron/cli/check-table';
import { checkWith, codeCheckWith, rowWith } from '../../core/check-rows';
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
      /1 formula is wrong: dbndiff2 \(line \d+: dbndiff2 = 1\.0\/n .*\); \d+ rows below only inherit it\.$/,
    );
    expect(code).toBe(1);
  });

  it('prints only the rows as JSON, with the keys and in the order of the table', async () => {
    const { code, output } = await chainrule(['check', ...small, '--json', '--mistake', 'logit-maxes-forgotten']);
    const { rows, ...rest } = JSON.parse(output);
    expect(rest).toEqual({ unjudged: null });
    expect(rows.map(({ node }: CheckRow) => node)).toEqual([...comparedNodes]);
    const figures = ['node', 'shape', 'exact', 'approximate', 'maxdiff', 'bound', 'maxUlp', 'worstIndex'];
    for (const row of rows) expect(Object.keys(row)).toEqual([...figures, 'verdict', 'line', 'reason', 'notes']);
    expect(rows.find(({ node }: CheckRow) => node === 'logit_maxes')).toMatchObject({
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
    [['--only', 'logits'], /--only is of files; name one, or leave it out\./],
    [['--exercise', '2'], /--exercise is of files; name one, or leave it out\./],
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

const strict = { acceptMasked: false };
const lenient = { acceptMasked: true };

/** A check of a backward that writes dh on two lines. */
const checkOf = (rows: readonly Partial<CheckRow>[]): Check => {
  const lines = ['dh = a', 'dh += b'];
  return checkWith(rows, {
    statements: lines.map((formula, index) => ({ line: index + 1, node: 'h', formula, mistaken: false })),
  });
};

describe('the table', () => {
  const conclusionOf = (check: Check, leniency = strict) => checkTable(check, leniency).split('\n\n').at(-1);

  it('names every line of a wrong formula, and what is missing or misshapen', () => {
    const check = checkOf([
      { verdict: 'wrong' },
      { node: 'W2', verdict: 'missing' },
      { node: 'b2', verdict: 'shape', reason: 'db2 has shape (1, 27); b2 has (27,).' },
      { node: 'C', verdict: 'inherited' },
    ]);
    expect(conclusionOf(check)).toBe(
      '1 formula is wrong: dh (line 1: dh = a; line 2: dh += b); 1 gradient is missing: dW2; 1 gradient has another shape than the node: db2; 1 row below only inherits them.',
    );
  });

  it('shows the bound beside maxdiff, and stays within 120 columns', () => {
    const long = { node: 'counts_sum_inv', shape: [128, 3, 10], exact: false, verdict: 'inherited' } as const;
    const table = checkTable(checkOf([{ ...long, maxdiff: 1.862645149230957e-9, bound: 2.3456e-7 }, {}]), strict);
    const [first, second] = table.split('\n');
    expect(first).toMatch(/\| maxdiff: 1\.86e-09 \| bound: 2\.3e-07 \| \(128, 3, 10\) \| inherited$/);
    expect(second).toMatch(/\| maxdiff: 0\.0 +\| bound: - +\| \(4, 8\) +\| exact$/);
    expect(first!.length).toBeLessThanOrEqual(120);
  });

  it('says below what else is to be known of a row, and each of several answers', () => {
    const answers = [
      { line: 10, verdict: 'exact', reason: 'Bit for bit the same.' },
      { line: 30, verdict: 'wrong', reason: 'Divides by n twice.' },
    ] as const;
    const check = checkOf([{ verdict: 'wrong', notes: ['Found as d_h.'], answers }]);
    expect(conclusionOf(check)!.split('\n').slice(1)).toEqual([
      '  dh: Found as d_h.',
      '  dh, line 10: exact. Bit for bit the same.',
      '  dh, line 30: wrong. Divides by n twice.',
    ]);
  });

  it('says that a step cannot judge, and which can', () => {
    const unjudged = { reason: 'The run has diverged: the loss is not a number.', step: 12 };
    const check = { ...checkOf([{}]), step: 100, unjudged };
    expect(conclusionOf(check)).toBe(
      'Step 100 cannot judge any gradient. The run has diverged: the loss is not a number. Step 12 is the last that can. Give --steps 12.',
    );
    expect(JSON.parse(checkJson(check)).unjudged).toEqual(unjudged);
  });

  it('says that masked ones were accepted', () => {
    const check = checkOf([{}, { node: 'b1', verdict: 'masked' }]);
    expect(conclusionOf(check)).toBe('1 of 2 gradients are right; 1 is masked: db1 (right on this loss only).');
    expect(conclusionOf(check, lenient)).toMatch(/\(right on this loss only\)\. Masked ones are accepted\.$/);
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

describe('the exit code', () => {
  const codeOf = (verdicts: readonly CheckRow['verdict'][], leniency = strict) =>
    exitCodeOfCheck(checkWith(verdicts.map((verdict) => ({ verdict }))), leniency);

  it('is 0 for what is exact or rounding, and 1 for any other verdict', () => {
    expect(codeOf(['exact', 'rounding'])).toBe(0);
    for (const verdict of ['masked', 'wrong', 'inherited', 'copied', 'missing', 'shape'] as const) {
      expect(codeOf(['exact', verdict])).toBe(1);
    }
  });

  it('is 0 for masked ones where they are accepted, and for nothing else', () => {
    expect(codeOf(['exact', 'masked'], lenient)).toBe(0);
    for (const verdict of ['wrong', 'inherited', 'copied', 'missing', 'shape'] as const) {
      expect(codeOf(['masked', verdict], lenient)).toBe(1);
    }
  });

  it('is 1 for a root cause in what was not asked for', () => {
    const rootCauses = [{ node: 'hpreact', line: 3, mistake: null, explanation: 'line 3 gives another one' }];
    expect(exitCodeOfCheck(codeCheckWith([{}], { rootCauses }), lenient)).toBe(1);
  });

  it('is 2 where the step cannot judge, whatever the rows say', () => {
    const check = { ...checkWith([rowWith()]), unjudged: { reason: 'The run has diverged.', step: null } };
    expect(exitCodeOfCheck(check, lenient)).toBe(2);
  });

  it('is 2 where formulas were not judged, unless a row is not right already', () => {
    expect(exitCodeOfCheck(codeCheckWith([{}], { isJudgedByTerms: false }), strict)).toBe(2);
    expect(exitCodeOfCheck(codeCheckWith([{ verdict: 'wrong' }], { isJudgedByTerms: false }), strict)).toBe(1);
  });
});
