import { createHash } from 'node:crypto';
import { unzipSync, type Zippable, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { readSafetensors, type SafetensorsTensor, writeSafetensors } from '../../../core/formats/safetensors';
import { builtInNames } from '../../../electron/worker/built-in-names';
import { advanced, newSession } from '../../core/sessions';
import { costOf } from '../../cost';
import { altered, edited, fileOf, messageOf, restored, sample, small } from './samples';

/** The file with some of its parts in place of its own, deflated, signed, and with others that nobody asks for. */
function rebuilt(file: Uint8Array, changed: Record<string, Uint8Array>, besides: Zippable = {}): Uint8Array {
  const { 'manifest.json': _, ...own } = unzipSync(file);
  const parts = { ...own, ...changed };
  const files = Object.fromEntries(
    Object.entries(parts).map(([name, bytes]) => [
      name,
      { bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') },
    ]),
  );
  const manifest = JSON.stringify({ format: 'chainrule-session', version: 1, files });
  return zipSync({ ...parts, ...besides, 'manifest.json': new TextEncoder().encode(manifest) }, { level: 6 });
}

const partOf = (file: Uint8Array, name: string) => unzipSync(file)[name]!;
const numbersOf = (file: Uint8Array) => new Map(readSafetensors(partOf(file, 'numbers.safetensors')).tensors);
const float32 = (data: Float32Array): SafetensorsTensor => ({ dtype: 'F32', shape: [data.length], data });
/** The file with other numbers. */
const withNumbers = (file: Uint8Array, change: (numbers: Map<string, SafetensorsTensor>) => void) => {
  const numbers = numbersOf(file);
  change(numbers);
  return rebuilt(file, { 'numbers.safetensors': writeSafetensors(numbers) });
};
const text = (value: string) => new TextEncoder().encode(value);

describe('a file made to exhaust', { timeout: 300_000 }, () => {
  const { file } = sample();
  const json = new TextDecoder().decode(partOf(file, 'session.json'));
  const withSnapshots = (zeros: number) =>
    rebuilt(file, {
      'session.json': text(json.replace('"snapshots":[', `"snapshots":[${'0,'.repeat(zeros)}`)),
    });
  const parameters = newSession(small).network.parameters.length;
  /** A history of so many steps, all 0. */
  const withSteps = (steps: number) =>
    withNumbers(file, (numbers) => {
      numbers.set('branch.0.losses', float32(new Float32Array(steps)));
      numbers.set('branch.0.updates', float32(new Float32Array((steps - 1) * parameters)));
    });

  it.each([
    ['40 million numbers of snapshots', () => withSnapshots(40_000_000), /more than it can hold/],
    ['10 million', () => withSnapshots(10_000_000), /more in it than a session/],
    ['half a million', () => withSnapshots(500_000), /Invalid length/],
    ['3 million steps of history', () => withSteps(3_000_000), /more than it can hold/],
    [
      'words of a letter, 60 MB',
      () => rebuilt(file, { 'words.txt': text('a\n'.repeat(30_000_000)) }),
      /too many words/,
    ],
    ['a word of 60 MB', () => rebuilt(file, { 'words.txt': new Uint8Array(60_000_000).fill(97) }), /more than 1 MiB/],
    [
      'a header of numbers that has 100,000 tensors too many',
      () =>
        withNumbers(file, (numbers) => {
          for (let index = 0; index < 100_000; index++) numbers.set(`t${index}`, float32(new Float32Array()));
        }),
      /header would be/,
    ],
    [
      '20,000 changes of the gradients',
      () =>
        altered(
          file,
          'session.json',
          edited((saved: { branches: { sources: object[] }[] }) => {
            for (let from = 1; from < 20_000; from++) saved.branches[0]!.sources.push({ from, source: 'code' });
          }),
        ),
      /Invalid length/,
    ],
    [
      'branches without end',
      () =>
        altered(
          file,
          'session.json',
          edited((saved: { branches: object[] }) => {
            for (let more = 0; more < 2000; more++) saved.branches.push(saved.branches[1]!);
          }),
        ),
      /Invalid length/,
    ],
    [
      'a manifest of 200 MiB',
      () => zipSync({ 'manifest.json': [new Uint8Array(200 * 2 ** 20), { level: 9 }] }),
      /more than it can hold/,
    ],
  ])('%s is refused at the cost of a few readings and 300 MiB', (_, make, words) => {
    const hostile = make();
    const { result, readings, mebibytes } = costOf(() => messageOf(hostile));
    expect(result).toMatch(words);
    expect(readings).toBeLessThan(15);
    expect(mebibytes).toBeLessThan(300);
  });

  it('is not given more by what else is in it', () => {
    const noise = Uint8Array.from({ length: 8 * 2 ** 20 }, (_, index) => Math.imul(index, 2654435761) >>> 24);
    const parts = { 'words.txt': text('a\n'.repeat(2)), 'numbers.safetensors': new Uint8Array(100 * 2 ** 20) };
    const padded = rebuilt(file, parts, { 'noise.bin': [noise, { level: 0 }] });
    expect(padded.length).toBeGreaterThan(8 * 2 ** 20);
    expect(messageOf(padded)).toContain('more than it can hold');
  });

  it('does not go a way of a million steps: it stands at the snapshot before', () => {
    const steps = 1_000_000;
    const far = rebuilt(withSteps(steps), {
      'session.json': text(JSON.stringify({ ...JSON.parse(json), branch: 0, step: steps - 1 })),
    });
    const { result: back, readings, mebibytes } = costOf(() => restored(far));
    expect(back.step).toBe(0);
    expect(back.head).toBe(steps - 1);
    expect(readings).toBeLessThan(15);
    expect(mebibytes).toBeLessThan(500);
  });

  it('is unpacked to the size that it says, and no further', () => {
    const lying = Uint8Array.from(rebuilt(file, { 'words.txt': new Uint8Array(50_000_000).fill(97) }));
    const view = new DataView(lying.buffer);
    // The size in the directory, behind the name of words.txt's entry.
    for (let at = 0; at + 46 < lying.length; at++) {
      if (view.getUint32(at, true) !== 0x02014b50) continue;
      if (view.getUint32(at + 24, true) === 50_000_000) view.setUint32(at + 24, 100, true);
    }
    const { result, mebibytes } = costOf(() => messageOf(lying));
    expect(result).toMatch(/damaged/);
    expect(mebibytes).toBeLessThan(20);
  });
});

describe('a file with numbers that are not finite', () => {
  const { file } = sample();
  const spoilt = (value: number, at: number, lossAt: number | null) =>
    withNumbers(file, (numbers) => {
      const values = numbers.get('snapshot.0.values')!.data as Float32Array;
      values[at] = value;
      if (lossAt === null) return;
      for (const branch of [0, 1]) (numbers.get(`branch.${branch}.losses`)!.data as Float32Array)[lossAt] = Number.NaN;
    });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])('is refused: %s', (value) => {
    for (const at of [0, 17]) expect(messageOf(spoilt(value, at, null))).toContain('not finite, where the loss is');
    expect(messageOf(spoilt(value, 3, 4))).toContain('not finite, where the loss is');
  });

  it('opens where its losses are not finite there', () => {
    expect(messageOf(spoilt(Number.NaN, 0, 0))).toBe('accepted');
    const diverged = advanced(newSession({ ...small, learningRate: 10, program: 'deep-stack', gain: 10 }), 1200);
    const back = restored(fileOf(diverged));
    expect(back.step).toBe(1200);
    expect(Number.isFinite(back.loss)).toBe(Number.isFinite(diverged.loss));
  });
});

describe('what a file says of its words', () => {
  const { file } = sample();
  const builtIn = edited((saved: { data: object }) => Object.assign(saved.data, { builtIn: true }));

  it('is not believed: built-in ones are the built-in ones', () => {
    expect(messageOf(altered(file, 'session.json', builtIn))).toContain('they are others');
    const words = builtInNames().slice(0, -1).join('\n');
    expect(
      messageOf(
        altered(
          altered(file, 'words.txt', () => text(words)),
          'session.json',
          builtIn,
        ),
      ),
    ).toContain('they are others');
  });
});

describe('snapshots', () => {
  const { file } = sample();

  it('come in the order of their steps', () => {
    const twice = edited((saved: { branches: { snapshots: number[] }[] }) => {
      saved.branches[0]!.snapshots = [0, 0];
    });
    expect(messageOf(altered(file, 'session.json', twice))).toContain('order of their steps');
  });

  it('of a step that is not done yet are not saved: within it, the step before is what comes back', () => {
    const session = advanced(newSession(small), 499);
    session.stepOp();
    expect([session.step, session.position === null]).toEqual([500, false]);
    expect(restored(fileOf(session)).step).toBe(499);
  });
});
