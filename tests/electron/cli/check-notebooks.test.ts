import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CheckRow, CodeCheck } from '../../../core/protocol/answers';
import type { LabCheck } from '../../../core/python/lab-service';
import { FakeLab, labCheckOf } from '../worker/fake-lab';
import { chainrule } from './in-place';

const row: CheckRow = {
  node: 'W2',
  shape: [8, 27],
  exact: false,
  approximate: false,
  maxdiff: 1,
  bound: null,
  maxUlp: 5,
  worstIndex: [0, 0],
  verdict: 'wrong',
  reason: 'Line 3 gives another gradient.',
  line: 3,
  notes: [],
  answers: [],
};
/** What the lab says of cell 2's second line. */
const found: Partial<CodeCheck> = {
  rows: [row],
  rootCauses: [{ node: 'W2', line: 3, mistake: null, explanation: 'Line 3 gives another gradient.' }],
  output: 'line 3\n',
};
const error = { type: 'NameError', message: "name 'x' is not defined", line: 2 };

/** A lab that always finds the same. */
class FindingLab extends FakeLab {
  readonly codes: string[] = [];
  readonly #found: Partial<CodeCheck>;

  constructor(finds: Partial<CodeCheck>) {
    super();
    this.#found = finds;
  }

  override async check(...[inputs, code]: Parameters<FakeLab['check']>): Promise<LabCheck> {
    this.codes.push(code);
    const result = labCheckOf(inputs.step);
    return { ...result, check: { ...result.check, ...this.#found } };
  }
}

const text = { cell_type: 'markdown', source: 'Exercise' };
const answer = { cell_type: 'code', source: ['dh = h\n', 'dW2 = h'] };
const drawing = { cell_type: 'code', source: 'plt.plot(x)' };

describe('chainrule check FILE.ipynb', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'chainrule-notebook-'));
    const files: Readonly<Record<string, unknown>> = {
      'lecture.ipynb': { nbformat: 4, cells: [text, answer, drawing] },
      'UPPER.IPYNB': { nbformat: 4, cells: [answer, { ...answer, source: 'db2 = dh' }] },
      'drawing.ipynb': { nbformat: 4, cells: [drawing] },
      'old.ipynb': { nbformat: 3, worksheets: [] },
      'text.ipynb': { nbformat: 4, cells: [text] },
      'long.ipynb': { nbformat: 4, cells: [{ cell_type: 'code', source: '#'.repeat(200_001) }] },
    };
    for (const [name, file] of Object.entries(files)) await writeFile(join(folder, name), JSON.stringify(file));
    await writeFile(join(folder, 'broken.ipynb'), 'dh = h');
    await writeFile(join(folder, 'latin1.ipynb'), Buffer.from([0x64, 0xe9]));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const check = (name: string, lab: FakeLab, ...options: readonly string[]) =>
    chainrule(['check', join(folder, name), '--hidden', '8', '--batch', '4', ...options], { lab });

  it('judges the joined code, and speaks of lines of cells', async () => {
    const lab = new FindingLab(found);
    const { code, output } = await check('lecture.ipynb', lab);
    expect(lab.codes).toEqual(['# cell 2\ndh = h\ndW2 = h\n\n# cell 3 is skipped: it only draws.\n']);
    const [printed, , ...told] = output.split('\n');
    expect(printed).toBe('line 3');
    expect(told).toEqual([
      '',
      expect.stringMatching(/^1 formula is wrong: dW2, cell 2, line 2/),
      '  dW2: Cell 2, line 2 gives another gradient.',
      'Cell 2 is judged.',
      'Cell 3 is skipped: it only draws.',
    ]);
    expect(code).toBe(1);
  });

  it('says in which cell the code failed', async () => {
    const { code, output } = await check('UPPER.IPYNB', new FindingLab({ error }));
    expect(output).toMatch(/UPPER\.IPYNB, cell 1, line 1: NameError: name 'x' is not defined$/m);
    expect(output).toMatch(/^Cells 1, 2 are judged\.$/m);
    expect(code).toBe(2);
  });

  it('says that no cell writes a gradient', async () => {
    const { output } = await check('drawing.ipynb', new FindingLab({}));
    expect(output).toMatch(/^No cell writes a gradient\.\nCell 1 is skipped: it only draws\.$/m);
  });

  it('keeps the lines of the joined code in JSON, and says where each cell begins', async () => {
    const { output } = await check('lecture.ipynb', new FindingLab(found), '--json');
    const { rows, rootCauses, cells } = JSON.parse(output);
    expect([rows[0].line, rootCauses[0].line]).toEqual([3, 3]);
    expect(cells).toEqual([
      { cell: 2, judged: true, why: 'writes the gradient of h and W2', line: 2, cellLine: 1 },
      { cell: 3, judged: false, why: 'only draws', line: null, cellLine: null },
    ]);
  });

  it.each([
    ['old', /old\.ipynb is a notebook of format 3; format 4 can be read\. Convert it first: /],
    ['text', /text\.ipynb has no code cells: there is nothing to check in it\./],
    ['broken', /broken\.ipynb is not a notebook: it is not JSON/],
    ['latin1', /latin1\.ipynb is not UTF-8 text/],
    ['long', /long\.ipynb is too long\. The code of its cells may have up to 200,000 characters\./],
    ['absent', /absent\.ipynb could not be read: ENOENT/],
  ])('refuses %s.ipynb before anything runs', async (name, message) => {
    const lab = new FindingLab({});
    const { code, output, errors } = await check(`${name}.ipynb`, lab);
    expect(errors).toMatch(message);
    expect([code, output, lab.codes]).toEqual([2, '', []]);
  });
});
