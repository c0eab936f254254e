import { describe, expect, it } from 'vitest';
import type { Initialisation } from '../../../core/programs/decomposed-mlp/settings';
import { loadTensors } from '../../fixtures/load';
import { numbersOf } from '../engine';
import { lectureData, lectureNames, whyWithoutNames } from '../names-dataset';
import { advanced, newSession } from '../sessions';

interface Run {
  readonly initialisation: Initialisation;
  readonly hiddenSize: number;
  readonly batchSize: number;
  /** Updates before the step that PyTorch captured. */
  readonly steps: number;
}

const runs: readonly Run[] = [
  { initialisation: 'ninja', hiddenSize: 8, batchSize: 4, steps: 100 },
  { initialisation: 'ninja', hiddenSize: 64, batchSize: 32, steps: 0 },
  { initialisation: 'seed', hiddenSize: 200, batchSize: 32, steps: 0 },
  { initialisation: 'seed', hiddenSize: 200, batchSize: 2, steps: 0 },
];

/** Gradients that are zero but for rounding: batch norm takes a bias away again, and a softmax a shift. */
const zeroGradients = ['db1', 'dlogit_maxes'];

describe.skipIf(lectureNames === undefined)(
  `runs of decomposed-mlp on the lectures' names (${whyWithoutNames})`,
  () => {
    it.each(runs)(
      '$initialisation, hidden $hiddenSize, batch $batchSize, after $steps updates',
      ({ steps, ...settings }) => {
        const { initialisation, hiddenSize, batchSize } = settings;
        const fixture = loadTensors(`decomposed-${initialisation}-h${hiddenSize}-b${batchSize}-s${steps}.safetensors`);
        const session = advanced(newSession(settings, lectureData()), steps);

        const losses = session.history.losses();
        const expectedLosses = fixture.get('losses')!.data;
        expect(losses).toHaveLength(expectedLosses.length);
        for (const [step, loss] of losses.entries()) {
          expect(Math.abs(loss - expectedLosses[step]!), `loss of step ${step}`).toBeLessThanOrEqual(1e-5);
        }
        expect([...session.batch]).toEqual([...fixture.get('ix')!.data]);
        expect([...session.network.contexts.values()]).toEqual([...fixture.get('Xb')!.data]);
        expect([...session.network.targets.values()]).toEqual([...fixture.get('Yb')!.data]);

        // tests/core/programs/decomposed-mlp.test.ts compares step 0 tensor by tensor, and more closely.
        for (const { name } of steps === 0 ? [] : session.network.nodes.filter(({ kind }) => kind !== 'loss')) {
          for (const tensor of [name, `d${name}`]) {
            const expected = fixture.get(tensor)!.data;
            const largest = Math.max(...Array.from(expected, Math.abs));
            const worst = Math.max(
              ...numbersOf(session.network, tensor).map((value, i) => Math.abs(value - expected[i]!)),
            );
            const floor = zeroGradients.includes(tensor) ? 4e-8 : 0;
            expect(worst, tensor).toBeLessThanOrEqual(Math.max(1e-4 * largest, floor));
          }
        }
      },
    );
  },
);
