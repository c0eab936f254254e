import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CodeCheck } from '../../../core/protocol/answers';
import type { ClientMessage } from '../../../core/protocol/commands';
import { exerciseNodes } from '../../../core/protocol/exercises';
import type { LabInputs } from '../../../core/python/lab-inputs';
import type { LabCheck } from '../../../core/python/lab-service';
import { rowWith } from '../../core/check-rows';
import { FakeLab, labCheckOf } from '../worker/fake-lab';
import { chainrule } from './in-place';

const row = rowWith({ line: 3 });
const causes = [
  { node: 'bnvar', line: 17, mistake: 'count', explanation: 'Line 17 divides by n; the forward pass divided by n−1.' },
];
const error = { type: 'NameError', message: "name 'x' is not defined", line: 3 };

/** What a lab would say, by what the file says. */
const answers: Readonly<Record<string, Partial<CodeCheck>>> = {
  right: { rows: [row] },
  wrong: {
    rows: [
      { ...row, node: 'bnvar', verdict: 'wrong', exact: false, line: 17 },
      { ...row, node: 'b1', verdict: 'inherited', exact: false, maxdiff: Number.NaN, line: 20 },
    ],
    rootCauses: causes,
  },
  failing: { error },
  stale: {
    error,
    rootCauses: [{ node: 'h', line: 3, mistake: 'stale-variable', explanation: 'x is of an earlier run.' }],
  },
  late: {
    error: { ...error, line: 9 },
    rows: [
      { ...row, node: 'bnvar', verdict: 'wrong', exact: false, line: 7 },
      row,
      { ...row, node: 'C', verdict: 'missing', line: null, reason: 'No line writes dC.' },
    ],
    rootCauses: causes,
    search: 'cut',
    notes: ['Line 1 is left out: %matplotlib is Jupyter’s.'],
  },
  hidden: {
    rows: [
      row,
      { ...row, node: 'logits', verdict: 'masked', line: 11, reason: 'Leaves out the path through logit_maxes.' },
    ],
  },
  twice: {
    rows: [
      {
        ...row,
        answers: [
          { line: 3, verdict: 'exact', reason: 'Bit for bit the same.' },
          { line: 30, verdict: 'rounding', reason: 'Rounded otherwise.' },
        ],
      },
      { ...row, node: 'C', answers: [{ line: 31, verdict: 'exact', reason: 'Bit for bit the same.' }] },
    ],
  },
  copying: { rows: [row, { ...row, node: 'C', verdict: 'copied', line: 30, reason: 'Taken from .grad.' }] },
  diverged: { rows: [row], unjudged: { reason: 'The run has diverged: the loss is not a number.', step: 4 } },
  talking: { rows: [row], output: 'hello\n' },
  painting: {
    rows: [{ ...row, verdict: 'wrong', notes: ['\x1b[1A\u202edh'] }],
    rootCauses: [{ node: 'h', line: 3, mistake: null, explanation: 'line 3: \nAll 26 gradients are right.' }],
    output: '\x1b[2J\x1b[Hall right\r\tdone\x9b0m\u202e\n',
    error: { type: 'ValueError', message: '\x1b]0;right\x07\ndh is right.', line: 3 },
    judgedAt: [{ seed: 5, batchSize: 7 }],
  },
};

/** A lab that answers by the file's text, or cannot start. */
class AnsweringLab extends FakeLab {
  readonly codes: string[] = [];
  readonly seen: LabInputs[] = [];
  readonly #works: boolean;

  constructor(works = true) {
    super();
    this.#works = works;
  }

  override async check(inputs: LabInputs, code: string): Promise<LabCheck> {
    this.codes.push(code);
    this.seen.push(inputs);
    if (!this.#works) throw new Error('Python could not start: its files are missing.');
    const result = labCheckOf(inputs.step);
    return { ...result, check: { ...result.check, ...answers[code] } };
  }
}

describe('chainrule check FILE.py', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'chainrule-code-'));
    for (const name of Object.keys(answers)) await writeFile(join(folder, `${name}.py`), name);
    await writeFile(join(folder, 'latin1.py'), Buffer.from([0x64, 0xe9]));
    await writeFile(join(folder, 'long.py'), '#'.repeat(200_001));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const check = (
    names: readonly string[],
    options: readonly string[] = [],
    lab = new AnsweringLab(),
    onMessage?: (message: ClientMessage) => void,
  ) => {
    const paths = names.map((name) => join(folder, `${name}.py`));
    return chainrule(['check', ...paths, '--hidden', '8', '--batch', '4', ...options], { lab, onMessage });
  };

  it('prints the table with the verdicts and ends with 0 where all is right', async () => {
    const { code, output, errors } = await check(['right']);
    expect(output).toMatch(/^h {15}\| exact: True {2}\| .* \| exact\n\ndh is right\.$/);
    expect(errors).toBe('');
    expect(code).toBe(0);
  });

  it('leads with the root causes, tells each mistake, and ends with 1', async () => {
    const { code, output } = await check(['wrong']);
    expect(output).toMatch(
      /\n\n1 formula is wrong: dbnvar, line 17; 1 row below only inherits it\.\n {2}dbnvar: Line 17 divides by n; .*\.$/,
    );
    expect(code).toBe(1);
  });

  it('says what the code failed of, and ends with 2', async () => {
    const { code, output } = await check(['failing']);
    expect(output).toBe(`${join(folder, 'failing.py')}, line 3: NameError: name 'x' is not defined`);
    expect(code).toBe(2);
  });

  it('tells of code that failed what is known of the mistake', async () => {
    const { output } = await check(['stale']);
    expect(output).toMatch(/line 3: NameError: name 'x' is not defined\n {2}dh: x is of an earlier run\.$/);
  });

  it('tells what was judged before the code failed: rows, root causes and the error in one answer', async () => {
    const { code, output } = await check(['late']);
    const [table, ...below] = output.split('\n\n');
    expect(table!.split('\n').map((line) => line.split(' | ').at(-1))).toEqual(['wrong', 'exact', 'missing']);
    expect(below.join('\n\n').split('\n')).toEqual([
      `${join(folder, 'late.py')}, line 9: NameError: name 'x' is not defined`,
      '1 formula is wrong: dbnvar, line 17.',
      '  dbnvar: Line 17 divides by n; the forward pass divided by n−1.',
      'Line 1 is left out: %matplotlib is Jupyter’s.',
      'Only a part of the known mistakes was tried on what is wrong: too much of it is.',
    ]);
    expect(code).toBe(2);
    const report = JSON.parse((await check(['late'], ['--json'])).output);
    expect(report).toMatchObject({ ran: false, error: { line: 9 }, rootCauses: causes, search: 'cut' });
    expect(report.rows.map(({ verdict }: { verdict: string }) => verdict)).toEqual(['wrong', 'exact', 'missing']);
    expect(report.notes).toEqual(answers.late!.notes);
  });

  it('takes neither masked nor copied for right, says why, and ends with 1', async () => {
    const hidden = await check(['hidden']);
    expect(hidden.output).toMatch(
      /\n1 of 2 gradients are right; 1 is masked: dlogits, line 11 \(right on this loss only\)\.\n {2}dlogits: Leaves out the path through logit_maxes\.$/,
    );
    expect(hidden.code).toBe(1);
    const copying = await check(['copying'], ['--accept-masked']);
    expect(copying.output).toMatch(/1 is copied from autograd: dC, line 30\.\n {2}dC: Taken from \.grad\.$/);
    expect(copying.code).toBe(1);
  });

  it('lets masked ones pass with --accept-masked', async () => {
    expect((await check(['hidden'], ['--accept-masked'])).code).toBe(0);
    expect((await check(['wrong', 'hidden'], ['--accept-masked'])).code).toBe(1);
  });

  it('ends with 2 where the step cannot judge, and names one that can', async () => {
    const { code, output } = await check(['diverged']);
    expect(output).toMatch(/The run has diverged: .* Step 4 is the last that can\. Give --steps 4\.$/);
    expect(code).toBe(2);
    const report = JSON.parse((await check(['diverged'], ['--json'])).output);
    expect(report).toMatchObject({ ran: true, unjudged: { step: 4 } });
  });

  it.each([
    [['--exercise', '1'], exerciseNodes[1]],
    [['--exercise', '2'], ['logits']],
    [['--exercise', '3'], ['hprebn']],
    [
      ['--exercise', '4'],
      ['C', 'W1', 'b1', 'W2', 'b2', 'bngain', 'bnbias'],
    ],
    [
      ['--only', 'logits, hprebn,logits'],
      ['logits', 'hprebn'],
    ],
    [[], undefined],
  ])('with %j asks for these nodes only: %j', async (options, asked) => {
    const sent: unknown[] = [];
    await check(['right'], options, new AnsweringLab(), (message) => {
      if (message.kind === 'request' && message.command.type === 'checkCode') sent.push(message.command.only);
    });
    expect(sent).toEqual([asked]);
  });

  it('shows what the code prints', async () => {
    expect((await check(['talking'])).output).toMatch(/^hello\nh /);
  });

  it('shows what would act on the terminal, and lets no message begin a line', async () => {
    const { output } = await check(['painting']);
    expect(output).not.toMatch(/(?![\n\t])\p{C}/u);
    expect(output).toContain('\\x1b[2J\\x1b[Hall right\\x0d\tdone\\x9b0m\\u202e\n');
    expect(output).toContain('line 3: ValueError: \\x1b]0;right\\x07\\ndh is right.\n');
    expect(output).toContain('\n  dh: line 3: \\nAll 26 gradients are right.\n');
    expect(output).toContain('  dh: \\x1b[1A\\u202edh');
  });

  it('gives JSON that says the same and has no such character either', async () => {
    const { output } = await check(['painting'], ['--json']);
    expect(output).not.toMatch(/\p{C}/u);
    expect(JSON.parse(output)).toMatchObject({
      error: { message: '\x1b]0;right\x07\ndh is right.' },
      rows: [{ notes: ['\x1b[1A\u202edh'] }],
      judgedAt: [{ seed: 5, batchSize: 7 }],
    });
  });

  it('does so with what the arguments name', async () => {
    const { errors } = await chainrule(['check', join(folder, 'a\x1b[2J\nb.py')]);
    expect(errors).toContain('a\\x1b[2J\\nb.py');
  });

  it('gives one file’s report as JSON, and nothing else', async () => {
    const { code, output } = await check(['wrong'], ['--json']);
    const report = JSON.parse(output);
    expect(Object.keys(report)).toEqual([
      'ran',
      'error',
      'unjudged',
      'rows',
      'rootCauses',
      'search',
      'judgedAt',
      'notes',
    ]);
    const figures = ['node', 'shape', 'exact', 'approximate', 'maxdiff', 'bound', 'maxUlp', 'worstIndex'];
    for (const reported of report.rows) {
      expect(Object.keys(reported)).toEqual([...figures, 'verdict', 'line', 'reason', 'notes']);
    }
    expect(report.rows[1]).toMatchObject({ node: 'b1', verdict: 'inherited', line: 20, maxdiff: null });
    expect(report.rootCauses).toEqual(causes);
    expect(report).toMatchObject({ ran: true, error: null, unjudged: null, search: 'complete', notes: [] });
    expect(code).toBe(1);
  });

  it('gives every answer of a row in JSON, where there are several', async () => {
    const [first, second] = JSON.parse((await check(['twice'], ['--json'])).output).rows;
    expect(first.answers).toEqual(answers.twice!.rows![0]!.answers);
    expect(second).not.toHaveProperty('answers');
  });

  it('gives an array for several files, in their order, from one lab, and ends with the worst', async () => {
    const lab = new AnsweringLab();
    const { code, output } = await check(['wrong', 'failing', 'right'], ['--json', '--steps', '2'], lab);
    const reports = JSON.parse(output);
    expect(reports.map(({ ran }: { ran: boolean }) => ran)).toEqual([true, false, true]);
    expect(reports[1]).toMatchObject({ ran: false, error });
    expect(lab.codes).toEqual(['wrong', 'failing', 'right']);
    expect(lab.seen.map(({ step }) => step)).toEqual([2, 2, 2]);
    expect(code).toBe(2);
    expect((await check(['right', 'wrong'])).code).toBe(1);
  });

  it('heads each table with the file where there are several', async () => {
    const { output } = await check(['right', 'talking']);
    expect(output.split('\n').filter((line) => line.endsWith('.py:'))).toEqual([
      `${join(folder, 'right.py')}:`,
      `${join(folder, 'talking.py')}:`,
    ]);
  });

  it('ends within a second of Ctrl-C while Python starts, which hears nothing', async () => {
    let interrupt = () => {};
    let began = 0;
    const { code, errors } = await chainrule(['check', join(folder, 'right.py')], {
      lab: new FakeLab(),
      onStart: (stop) => {
        interrupt = stop;
      },
      onMessage: (message) => {
        if (message.kind !== 'request' || message.command.type !== 'checkCode') return;
        began = performance.now();
        setImmediate(interrupt);
      },
    });
    expect(began).toBeGreaterThan(0);
    expect(performance.now() - began).toBeLessThan(1000);
    expect(errors).toMatch(/Nothing was written\./);
    expect(code).toBe(130);
  });

  it('ends with 2 where there is no Python, and says why', async () => {
    const { code, output, errors } = await check(['right'], [], new AnsweringLab(false));
    expect(errors).toMatch(/its files are missing/);
    expect(output).toBe('');
    expect(code).toBe(2);
  });

  it('tells of one that cannot be read as what it is, and judges the others', async () => {
    const lab = new AnsweringLab();
    const paths = ['right', 'latin1', 'absent', 'wrong'].map((name) => join(folder, `${name}.py`));
    const { code, output } = await chainrule(['check', ...paths, '--json'], { lab });
    const reports = JSON.parse(output);
    expect(reports.map(({ ran }: { ran: boolean }) => ran)).toEqual([true, false, false, true]);
    expect(reports[1]).toEqual({
      path: paths[1],
      ran: false,
      error: { type: 'FileError', message: expect.stringContaining('latin1.py is not UTF-8 text'), line: null },
      unjudged: null,
      rows: [],
      rootCauses: [],
      search: 'complete',
      judgedAt: [],
      notes: [],
    });
    expect(reports[2]).toMatchObject({ path: paths[2], error: { message: expect.stringContaining('ENOENT') } });
    expect(Object.keys(reports[0])).toEqual(Object.keys(reports[1]).filter((key) => key !== 'path'));
    expect(code).toBe(2);
    expect(lab.codes).toHaveLength(2);
    const { output: table } = await chainrule(['check', ...paths], { lab });
    expect(table).toMatch(/latin1\.py:\n.*is not UTF-8 text/);
  });

  it.each([
    [['absent', 'latin1'], [], /absent\.py could not be read: ENOENT.*\n.*latin1\.py is not UTF-8/],
    [['absent'], [], /absent\.py could not be read: ENOENT/],
    [['latin1'], [], /latin1\.py is not UTF-8 text/],
    [['long'], [], /long\.py is too long. Code may have up to 200,000 characters/],
    [['right'], ['--mistake', 'loss-sign'], /--mistake is of the built-in backwards/],
    [['right'], ['--backward', 'fused'], /--backward is of the built-in backwards/],
    [['right'], ['--program', 'deep-stack'], /deep-stack has no hand-written backward/],
    [['right'], ['--exercise', '5'], /--exercise must be one of 1, 2, 3, 4, not '5'/],
    [['right'], ['--exercise', '2', '--only', 'logits'], /Give --exercise or --only, not both\./],
    [['right'], ['--only', 'logits,dhprebn'], /no node 'dhprebn' whose gradient is compared\. Did you mean hprebn\?/],
    [['right'], ['--only', 'loss'], /no node 'loss' .* The nodes are logprobs, probs, /],
    [['right'], ['--only', ','], /no node '' /],
  ])('refuses %j with %j before it runs anything', async (names, options, message) => {
    const lab = new AnsweringLab();
    const paths = names.map((name) => join(folder, `${name}.py`));
    const { code, output, errors } = await chainrule(['check', ...paths, ...options], { lab });
    expect(errors).toMatch(message);
    expect(output).toBe('');
    expect(code).toBe(2);
    expect(lab.codes).toEqual([]);
  });
});
