import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CheckRow, CodeCheck } from '../../../core/protocol/answers';
import type { LabInputs } from '../../../core/python/lab-inputs';
import type { LabCheck } from '../../../core/python/lab-service';
import { FakeLab, labCheckOf } from '../worker/fake-lab';
import { chainrule } from './in-place';

const row: CheckRow = {
  node: 'h',
  shape: [4, 8],
  exact: true,
  approximate: true,
  maxdiff: 0,
  maxUlp: 0,
  worstIndex: [0, 0],
  verdict: 'exact',
  reason: 'Bit for bit the same.',
  line: 3,
};
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
  doubtful: { rows: [{ ...row, verdict: 'vacuous', reason: 'The gain is 1 everywhere: choose another start.' }] },
  talking: { rows: [row], output: 'hello\n' },
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

  const check = (names: readonly string[], options: readonly string[] = [], lab = new AnsweringLab()) => {
    const paths = names.map((name) => join(folder, `${name}.py`));
    return chainrule(['check', ...paths, '--hidden', '8', '--batch', '4', ...options], { lab });
  };

  it('prints the table with the verdicts and ends with 0 where all is right', async () => {
    const { code, output, errors } = await check(['right']);
    expect(output).toMatch(/^h {15}\| exact: True {2}\| .* \| exact\n\nAll 1 gradients are right\.$/);
    expect(errors).toBe('');
    expect(code).toBe(0);
  });

  it('leads with the root causes, tells each mistake, and ends with 1', async () => {
    const { code, output } = await check(['wrong']);
    expect(output).toMatch(
      /\n\n1 formula is wrong: dbnvar, line 17; 1 row only inherits it\.\n {2}dbnvar: Line 17 divides by n; .*\.$/,
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

  it('passes what the batch cannot tell, and says what to change', async () => {
    const { code, output } = await check(['doubtful']);
    expect(output).toMatch(/cannot tell whether this is right:\n {2}dh: The gain is 1 everywhere/);
    expect(code).toBe(0);
  });

  it('shows what the code prints', async () => {
    expect((await check(['talking'])).output).toMatch(/^hello\nh /);
  });

  it('gives one file’s report as JSON, and nothing else', async () => {
    const { code, output } = await check(['wrong'], ['--json']);
    const report = JSON.parse(output);
    expect(Object.keys(report)).toEqual(['rows', 'rootCauses', 'ran']);
    const keys = ['node', 'shape', 'exact', 'approximate', 'maxdiff', 'maxUlp', 'worstIndex', 'verdict', 'line'];
    for (const reported of report.rows) expect(Object.keys(reported)).toEqual(keys);
    expect(report.rows[1]).toMatchObject({ node: 'b1', verdict: 'inherited', line: 20, maxdiff: null });
    expect(report.rootCauses).toEqual(causes);
    expect(report.ran).toBe(true);
    expect(code).toBe(1);
  });

  it('gives an array for several files, in their order, from one lab, and ends with the worst', async () => {
    const lab = new AnsweringLab();
    const { code, output } = await check(['wrong', 'failing', 'right'], ['--json', '--steps', '2'], lab);
    const reports = JSON.parse(output);
    expect(reports.map(({ ran }: { ran: boolean }) => ran)).toEqual([true, false, true]);
    expect(reports[1]).toEqual({ ran: false, error });
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

  it('ends with 2 where there is no Python, and says why', async () => {
    const { code, output, errors } = await check(['right'], [], new AnsweringLab(false));
    expect(errors).toMatch(/its files are missing/);
    expect(output).toBe('');
    expect(code).toBe(2);
  });

  it.each([
    [['absent'], [], /absent\.py could not be read: ENOENT/],
    [['latin1'], [], /latin1\.py is not UTF-8 text/],
    [['long'], [], /long\.py is too long. Code may have up to 200,000 characters/],
    [['right'], ['--mistake', 'loss-sign'], /--mistake is of the built-in backwards/],
    [['right'], ['--backward', 'fused'], /--backward is of the built-in backwards/],
    [['right'], ['--program', 'deep-stack'], /deep-stack has no hand-written backward/],
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
