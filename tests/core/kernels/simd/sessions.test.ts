import { describe, expect, it } from 'vitest';
import type { Settings } from '../../../../core/programs/settings';
import { compiledSpace, referenceSpace } from '../../engine';
import { smallData } from '../../names-dataset';
import { advanced, everyBit, newSession } from '../../sessions';

const builds = [
  { build: 'plain', arithmetic: 'reproducible' },
  { build: 'relaxed', arithmetic: 'fast' },
] as const;
const programs: readonly Partial<Settings>[] = [
  { program: 'decomposed-mlp', hiddenSize: 200 },
  { program: 'deep-stack' },
  { program: 'deep-stack', batchNorm: true, gain: 1 },
];

describe.each(builds)('a session on $build kernels', ({ build, arithmetic }) => {
  const sessionOf = (settings: Partial<Settings>, threads = 1) =>
    newSession({ ...settings, arithmetic }, smallData(), compiledSpace(arithmetic, threads));

  it('says what computes it', () => {
    expect(sessionOf({}).describe()).toMatchObject({ settings: { arithmetic }, kernels: { build, threads: 1 } });
    expect(sessionOf({}, 2).describe().kernels).toEqual({ build, threads: 2 });
  });

  it.each([3, 10, 32].flatMap((batchSize) => [1, 42, 2147483647].map((seed) => ({ batchSize, seed }))))(
    'has all 26 rows exact for $batchSize examples and seed $seed',
    ({ batchSize, seed }) => {
      for (const initialisation of ['ninja', 'seed'] as const) {
        const session = sessionOf({ batchSize, seed, hiddenSize: 37, initialisation });
        for (const steps of [0, 5]) {
          const { rows } = advanced(session, steps).check()!;
          expect(rows.map(({ exact }) => exact)).toEqual(new Array(26).fill(true));
        }
      }
    },
  );

  it.each(programs)('$program: bit for bit the same again, and with two threads', (settings) => {
    const bits = everyBit(advanced(sessionOf(settings), 40));
    expect(everyBit(advanced(sessionOf(settings), 40))).toEqual(bits);
    expect(everyBit(advanced(sessionOf(settings, 2), 40))).toEqual(bits);
  });

  it.each(programs)('$program: the losses of the plain loops, to 1e-5', (settings) => {
    const compiled = advanced(sessionOf(settings), 20).history.losses();
    const reference = advanced(newSession(settings, smallData(), referenceSpace), 20).history.losses();
    for (const [step, loss] of compiled.entries()) expect(Math.abs(loss - reference[step]!)).toBeLessThan(1e-5);
  });

  it('trains by the fused backward on the losses of autograd, and shows autograd’s gradients at rest', () => {
    const byHand = sessionOf({ hiddenSize: 64 });
    const byAutograd = sessionOf({ hiddenSize: 64 });
    byHand.chooseBackward('fused', null);
    byHand.trainByBuiltIn(true);
    advanced(byHand, 200);
    advanced(byAutograd, 200);
    expect(Math.abs(byHand.loss - byAutograd.loss)).toBeLessThan(1e-4);
    const red = byHand.check()!.rows.filter(({ verdict }) => verdict !== 'exact' && verdict !== 'rounding');
    expect(red).toEqual([]);
  });

  it('trains wrongly by a wrong backward: it is that one which is used', () => {
    const session = sessionOf({ hiddenSize: 64 });
    session.chooseBackward('nodewise', 'loss-sign');
    session.trainByBuiltIn(true);
    const { loss } = session;
    expect(advanced(session, 20).loss).toBeGreaterThan(loss);
  });
});
