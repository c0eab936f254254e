import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readSafetensors, type SafetensorsTensor } from '../../../core/formats/safetensors';
import { lectureNames, whyWithoutNames } from '../../core/names-dataset';
import { loadJson, loadTensors } from '../../fixtures/load';
import { FakeWorker, settle } from '../fakes';
import { chainrule } from './in-place';

const small = ['--hidden', '8', '--batch', '4'];

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chainrule-run-'));
});
afterEach(async () => {
  vi.useRealTimers();
  await rm(folder, { recursive: true });
});

const inFolder = (name: string) => join(folder, name);
const readReport = async (name: string) => JSON.parse(await readFile(inFolder(name), 'utf8'));
const readTensors = async (name: string) => readSafetensors(await readFile(inFolder(name))).tensors;
const numbers = (tensor: SafetensorsTensor | undefined) => Array.from(tensor!.data, Number);

describe('chainrule run', () => {
  it('says in one line what it did where nothing is to be written', async () => {
    const { code, output, errors } = await chainrule(['run', ...small, '--steps', '3']);
    expect(output).toMatch(/^decomposed-mlp: 3 steps, loss \d\.\d{4} at step 3, .+ s in all\.$/m);
    expect(errors).toBe('');
    expect(code).toBe(0);
  });

  it('reports on whole steps with the keys of the published figures', async () => {
    const argv = ['run', '--program', 'deep-stack', '--batch-norm', '--gain', '1', ...small, '--depth', '2'];
    const { code, output } = await chainrule([...argv, '--steps', '3', '--report', inFolder('report.json')]);
    expect(code).toBe(0);
    expect(output).toContain(`Wrote ${inFolder('report.json')}.`);
    const report = await readReport('report.json');
    // The published file also says which PyTorch made it.
    const { torch: _, ...published } = loadJson<Record<string, unknown>>('deep-bn-gain1.00.json');
    expect(keysOf(report)).toEqual(keysOf(published));
    expect(report).toMatchObject({ steps: 3, gain: 1, batchnorm: true, batch_size: 4 });
    expect(report.losses).toHaveLength(3);
    expect(report.tanh).toHaveLength(2);
    expect(report.samples).toHaveLength(20);
  });

  it('writes the state at rest at step N, whether or not a report finished the steps', async () => {
    const argv = ['run', ...small, '--steps', '3'];
    await chainrule([...argv, '--tensors', inFolder('alone.safetensors')]);
    await chainrule([...argv, '--tensors', inFolder('both.safetensors'), '--report', inFolder('report.json')]);
    const alone = await readTensors('alone.safetensors');
    expect(await readTensors('both.safetensors')).toEqual(alone);
    const losses = numbers(alone.get('losses'));
    expect(losses).toHaveLength(4);
    expect((await readReport('report.json')).losses).toEqual(losses.slice(0, 3));
    await chainrule(['run', ...small, '--steps', '2', '--tensors', inFolder('earlier.safetensors')]);
    expect(numbers((await readTensors('earlier.safetensors')).get('C'))).not.toEqual(numbers(alone.get('C')));
  });

  it('writes the first forward and backward with --steps 0', async () => {
    await chainrule(['run', ...small, '--steps', '0', '--tensors', inFolder('first.safetensors')]);
    expect(numbers((await readTensors('first.safetensors')).get('losses'))).toHaveLength(1);
  });

  it('writes null where a figure is no number', async () => {
    // One unit in one layer and gain 0: every weight gradient of it is 0 and its spread undefined.
    const argv = ['run', '--program', 'deep-stack', '--depth', '1', '--hidden', '1', '--gain', '0', '--lr', '0'];
    await chainrule([...argv, '--steps', '1', '--report', inFolder('report.json')]);
    const text = await readFile(inFolder('report.json'), 'utf8');
    expect(text).not.toMatch(/NaN|Infinity/);
    expect(text).toContain('null');
  });

  it('replaces what stands there, through a link too', async () => {
    await writeFile(inFolder('old.json'), 'old');
    await symlink(inFolder('old.json'), inFolder('link.json'));
    await chainrule(['run', ...small, '--steps', '1', '--report', inFolder('link.json')]);
    expect((await readReport('old.json')).steps).toBe(1);
    expect((await readdir(folder)).toSorted()).toEqual(['link.json', 'old.json']);
  });

  it('passes every setting on', async () => {
    const argv = ['run', '--program', 'deep-stack', '--seed', '7', '--batch', '5', '--hidden', '6', '--depth', '3'];
    const rest = ['--gain', '0.5', '--batch-norm', '--lr', '0.2', '--lr-drop-step', '9', '--lr-dropped', '0.05'];
    await chainrule([...argv, ...rest, '--steps', '0', '--tensors', inFolder('out.safetensors')]);
    const { metadata } = readSafetensors(await readFile(inFolder('out.safetensors')));
    expect(Object.fromEntries(metadata)).toMatchObject({
      program: 'deep-stack',
      seed: '7',
      batchSize: '5',
      hiddenSize: '6',
      depth: '3',
      gain: '0.5',
      batchNorm: 'true',
      learningRate: '0.2',
      learningRateDropStep: '9',
      droppedLearningRate: '0.05',
    });
  });
});

describe('on a terminal', () => {
  it('draws how far it is, within the line, and takes it away', async () => {
    const { drawn } = await chainrule(['run', ...small, '--steps', '200'], { terminal: true });
    expect(drawn[0]).toMatch(/^\r +\d+% [█░]{24} \d+\/200 steps/);
    expect(drawn.at(-2)).toMatch(/^\r +\d+% [█░]{24} \d+\/200 steps · [\d.]+ steps\/s · .* s left/);
    for (const line of drawn) expect(line.length).toBeLessThanOrEqual(100 + '\r\x1b[K'.length);
    expect(drawn.at(-1)).toBe('\r\x1b[K');
  });

  it('stops at Ctrl-C, says how far it got, and writes nothing', async () => {
    const argv = ['run', ...small, '--steps', '1000000', '--report', inFolder('report.json')];
    const { code, output, errors, drawn } = await chainrule(argv, {
      terminal: true,
      onDraw: (_, interrupt) => interrupt(),
    });
    expect(errors).toMatch(/^Stopped after [1-9]\d* of 1000000 steps\. Nothing was written\.$/);
    expect(output).toBe('');
    expect(drawn.at(-1)).toBe('\r\x1b[K');
    expect(await readdir(folder)).toEqual([]);
    expect(code).toBe(130);
  });

  it('stops during the report as well, when all steps are done', async () => {
    const { code, errors } = await chainrule(['run', ...small, '--steps', '2', '--report', inFolder('report.json')], {
      terminal: true,
      onDraw: (drawn, interrupt) => {
        if (drawn.at(-1)?.includes('examples')) interrupt();
      },
    });
    expect(errors).toBe('Stopped after 2 of 2 steps. Nothing was written.');
    expect(existsSync(inFolder('report.json'))).toBe(false);
    expect(code).toBe(130);
  });
});

describe('when things go wrong', () => {
  it('begins nothing after an early Ctrl-C', async () => {
    const outcome = await chainrule(['run', ...small, '--steps', '9'], { onStart: (interrupt) => interrupt() });
    expect(outcome).toMatchObject({ code: 130, errors: 'Stopped after 0 of 9 steps. Nothing was written.' });
  });

  it('says why the session’s thread ended, and ends with 1', async () => {
    const worker = new FakeWorker();
    setImmediate(() => worker.die(new Error('the thread broke')));
    const outcome = await chainrule(['run'], { startWorker: () => worker });
    expect(outcome.errors).toMatch(/the thread broke/);
    expect(outcome.errors).not.toMatch(/ at .*:\d+/);
    expect(outcome.code).toBe(1);
  });

  it('passes a refusal of the session on, without a stack', async () => {
    const worker = new FakeWorker();
    const refusal = { code: 'out-of-memory', message: 'The network does not fit.' } as const;
    setImmediate(() => worker.say({ kind: 'refusal', id: worker.idOf('configure'), refusal }));
    const outcome = await chainrule(['run'], { startWorker: () => worker });
    expect(outcome).toMatchObject({ code: 1, errors: 'The network does not fit.' });
    expect(worker.terminated).toBe(true);
  });

  it('ends a session that does not hear Ctrl-C', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const worker = new FakeWorker();
    const onStart = (interrupt: () => void) => setImmediate(interrupt);
    const running = chainrule(['run', '--steps', '5'], { startWorker: () => worker, onStart });
    await settle();
    await settle();
    expect(worker.commands.map(({ type }) => type)).toEqual(['configure', 'cancel', 'stopPython']);
    expect(worker.terminated).toBe(false);
    await vi.runAllTimersAsync();
    expect(await running).toMatchObject({ code: 130, errors: 'Stopped after 0 of 5 steps. Nothing was written.' });
    expect(worker.terminated).toBe(true);
  });
});

describe.skipIf(lectureNames === undefined)(`on the lectures’ names (${whyWithoutNames})`, () => {
  it('has PyTorch’s tensors after 100 steps', async () => {
    const argv = ['run', '--names', lectureNames!, ...small, '--init', 'ninja', '--seed', '2147483647'];
    await chainrule([...argv, '--steps', '100', '--tensors', inFolder('out.safetensors')]);
    const tensors = await readTensors('out.safetensors');
    const expected = loadTensors('decomposed-ninja-h8-b4-s100.safetensors');
    const outside = [...expected].filter(([name, { data }]) => {
      const actual = numbers(tensors.get(name));
      const isNear = (value: number, i: number) => Math.abs(value - data[i]!) <= toleranceOf(name, data);
      return actual.length !== data.length || !actual.every(isNear);
    });
    expect(outside.map(([name]) => name)).toEqual([]);
  });
});

/** Batch norm takes a bias away again, and a softmax a shift: these gradients are zero but for rounding. */
const zeroGradients = ['db1', 'dlogit_maxes'];

function toleranceOf(name: string, data: ArrayLike<number>): number {
  if (data instanceof Int32Array) return 0;
  if (name === 'losses') return 1e-5;
  if (zeroGradients.includes(name)) return 4e-8;
  return 1e-4 * Math.max(...Array.from(data, Math.abs));
}

/** The keys of an object and, below it, of each object and of each list's first element. */
function keysOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.slice(0, 1).map(keysOf);
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, keysOf(part)]));
}
