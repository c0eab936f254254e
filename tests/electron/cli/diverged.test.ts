import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { evidenceOf } from '../../../electron/worker/evidence';
import { compiledSpace } from '../../core/engine';
import { builtInData } from '../../core/names-dataset';
import { advanced, newSession } from '../../core/sessions';
import { chainrule } from './in-place';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chainrule-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('the command line on a run that diverges', () => {
  it('says of a run that it has diverged, and writes a report without a false number', async () => {
    const path = join(folder, 'report.json');
    const { code, output, errors } = await chainrule(['run', '--lr', '10', '--steps', '100', '--report', path]);
    expect(output).toContain('loss NaN at step 100');
    expect(output).toContain('The run has diverged: the loss is not a finite number. Lower the learning rate (--lr).');
    expect(`${output}${errors}`).not.toContain('defect');
    expect(code).toBe(0);
    const report = JSON.parse(await readFile(path, 'utf8'));
    expect(report).toMatchObject({ steps: 100, train_loss: null, val_loss: null, samples: [] });
    expect(report.losses[0]).toBeGreaterThan(0);
    expect(report.losses.at(-1)).toBeNull();
    expect(report.tanh[0]).toMatchObject({ mean: null, saturated_percent: null });
    expect(report.tanh[0].histogram.density.every((density: unknown) => density === null)).toBe(true);
  });

  it('says nothing of the kind where the loss is a number', async () => {
    const { output } = await chainrule(['run', '--steps', '3']);
    expect(output).not.toContain('diverged');
  });

  it('confirms no evidence of a step that can judge nothing', async () => {
    const session = () => newSession({ learningRate: 10 }, builtInData(), compiledSpace('reproducible'));
    const honest = advanced(session(), 3);
    const path = join(folder, 'step.evidence.json');
    const claimed = { ...evidenceOf(honest, honest.check()!, null), step: 20, loss: null };
    await writeFile(path, JSON.stringify(claimed));
    const { code, output } = await chainrule(['verify', path]);
    expect(output).toContain(
      'nothing can be judged at this step. The run has diverged: the loss has not been a finite number since step 4.',
    );
    expect(code).toBe(1);
    const diverged = advanced(session(), 20);
    expect(() => evidenceOf(diverged, diverged.check()!, null)).toThrow('Go to step 3, which can judge.');
  });
});
