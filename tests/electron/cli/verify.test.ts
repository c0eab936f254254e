import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDataset } from '../../../core/data/dataset';
import type { Session } from '../../../core/debugger/session';
import type { ClientMessage } from '../../../core/protocol/commands';
import type { Evidence } from '../../../core/protocol/evidence';
import { evidenceOf } from '../../../electron/worker/evidence';
import { codeCheckWith, rowWith } from '../../core/check-rows';
import { compiledSpace } from '../../core/engine';
import { builtInData, smallWords } from '../../core/names-dataset';
import { advanced, newSession } from '../../core/sessions';
import { FakeLab } from '../worker/fake-lab';
import { chainrule } from './in-place';

const small = { hiddenSize: 8, batchSize: 4 } as const;
const session = (data = builtInData()) => newSession(small, data, compiledSpace('reproducible'));

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chainrule-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function written(evidence: object, name = 'step.evidence.json'): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, JSON.stringify(evidence));
  return path;
}
const evidence = (of: Session): Evidence => evidenceOf(of, of.check()!, null);

/** A run with a mistake planted, and the learning rate changed on the way. */
function claimed(): Evidence {
  const run = advanced(session(), 6);
  run.fork({ learningRate: 0.02, learningRateDropStep: 100, droppedLearningRate: 0.01 });
  advanced(run, 5);
  run.chooseBackward('nodewise', 'variance-over-n');
  return evidence(run);
}

describe('chainrule verify', () => {
  it('confirms what is so: the step, the loss, every verdict, the first bad node', async () => {
    const { code, output, errors } = await chainrule(['verify', await written(claimed())]);
    expect(output).toBe('Confirmed: at step 11 all 26 verdicts are as claimed; the first bad node is bndiff2.');
    expect(errors).toBe('');
    expect(code).toBe(0);
  });

  it('does not confirm what was changed, and says what', async () => {
    const honest = claimed();
    const bad = honest.verdicts.find(({ verdict }) => verdict === 'wrong')!;
    const whitewashed = {
      ...honest,
      firstBadNode: null,
      verdicts: honest.verdicts.map((row) => (row === bad ? { ...row, verdict: 'exact', exact: true } : row)),
    };
    const { code, output } = await chainrule(['verify', await written(whitewashed)]);
    expect(output).toContain(`d${bad.node}, verdict: claimed exact, found wrong`);
    expect(output).toContain(`first bad node: claimed null, found ${bad.node}`);
    expect(code).toBe(1);
    for (const change of [
      { loss: honest.loss! + 1e-7 },
      { settings: { ...honest.settings, seed: 1 } },
      { step: 10 },
      { changes: [] },
    ]) {
      const outcome = await chainrule(['verify', await written({ ...honest, ...change })]);
      expect(outcome.output).toContain('Not confirmed');
      expect(outcome.code).toBe(1);
    }
  });

  it('confirms what an earlier version called vacuous where the value is right, and only there', async () => {
    const honest = claimed();
    const bad = honest.verdicts.find(({ verdict }) => verdict === 'wrong')!;
    const earlier = (vacuous: string) => ({
      ...honest,
      version: 1,
      verdicts: honest.verdicts.map((row) => (row.node === vacuous ? { ...row, verdict: 'vacuous' } : row)),
    });
    expect(await chainrule(['verify', await written(earlier('logprobs'))])).toMatchObject({ code: 0 });
    const outcome = await chainrule(['verify', await written(earlier(bad.node))]);
    expect(outcome.output).toContain(`d${bad.node}, verdict: claimed vacuous, found wrong`);
    expect(outcome.code).toBe(1);
  });

  it('asks only for what the evidence is of', async () => {
    const row = rowWith({ node: 'logits' });
    const check = codeCheckWith([row], { step: 2 });
    const partial = evidenceOf(advanced(session(), 2), check, 'dlogits = 0');
    expect(partial.backward).toEqual({ kind: 'code', code: 'dlogits = 0', only: ['logits'] });
    const asked: unknown[] = [];
    const lab = new FakeLab();
    lab.check = async () => ({ check, isComplete: true, hasSeenAnswers: false, gradients: new Map() });
    const onMessage = (message: ClientMessage) => {
      if (message.kind === 'request' && message.command.type === 'checkCode') asked.push(message.command.only);
    };
    const outcome = await chainrule(['verify', await written(partial), '--trust'], { lab, onMessage });
    expect(outcome).toMatchObject({ code: 0 });
    expect(asked).toEqual([['logits']]);
  });

  it('needs the names that the evidence is of, and knows them by their words', async () => {
    const data = { dataset: createDataset(smallWords), name: 'mine.txt', builtIn: false };
    const path = await written(evidence(advanced(session(data), 2)));
    expect(await chainrule(['verify', path])).toMatchObject({ code: 2, errors: expect.stringContaining('--names') });
    const names = join(folder, 'names.txt');
    await writeFile(names, smallWords.join('\r\n'));
    expect(await chainrule(['verify', path, '--names', names])).toMatchObject({ code: 0 });
    await writeFile(names, smallWords.slice(1).join('\n'));
    expect(await chainrule(['verify', path, '--names', names])).toMatchObject({
      code: 2,
      errors: expect.stringContaining('another list'),
    });
  });

  it('does not run code in the file until it is trusted', async () => {
    const path = await written({ ...claimed(), backward: { kind: 'code', code: 'dlogprobs = 0' } });
    const lab = new FakeLab();
    const refused = await chainrule(['verify', path], { lab });
    expect(refused).toMatchObject({ code: 2, errors: expect.stringContaining('--trust') });
    expect(lab.checks).toEqual([]);
  });

  it('refuses what is no evidence', async () => {
    const outcome = async (content: object | string) => {
      const path = join(folder, 'x.json');
      await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
      return chainrule(['verify', path]);
    };
    expect(await outcome('not JSON')).toMatchObject({ code: 2, errors: expect.stringContaining('could not be read') });
    expect(await outcome({ a: 1 })).toMatchObject({ code: 2, errors: expect.stringContaining('no evidence file') });
    expect(await outcome({ ...claimed(), version: 9 })).toMatchObject({
      code: 2,
      errors: expect.stringContaining('newer Chainrule'),
    });
    expect(await outcome({ ...claimed(), extra: 1 })).toMatchObject({
      code: 2,
      errors: expect.stringContaining('extra'),
    });
    expect(await chainrule(['verify'])).toMatchObject({ code: 2, errors: expect.stringContaining('Name one') });
    expect(await chainrule(['verify', join(folder, 'none.json')])).toMatchObject({ code: 2 });
  });
});

describe('evidence', () => {
  it('counts masked and copied ones among the bad', () => {
    for (const verdict of ['masked', 'copied'] as const) {
      const check = codeCheckWith([
        { node: 'C', verdict: 'inherited' },
        { node: 'h', verdict },
      ]);
      expect(evidenceOf(session(), check, '').firstBadNode).toBe('h');
    }
  });

  it('is not given while formulas are being judged', () => {
    const check = codeCheckWith([{}], { isJudgedByTerms: false });
    expect(() => evidenceOf(session(), check, '')).toThrow('still being judged');
  });

  it('is not given of a step that gradients by hand led to', () => {
    const run = session();
    run.trainByBuiltIn(true);
    advanced(run, 2);
    expect(() => evidence(run)).toThrow('Step 0 was updated by gradients by hand');
  });
});
