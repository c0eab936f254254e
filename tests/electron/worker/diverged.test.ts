import { describe, expect, it } from 'vitest';
import { defaultSettings } from '../../../core/programs/settings';
import type { SessionCommand } from '../../../core/protocol/commands';
import { settle } from '../fakes';
import { ServerHarness } from './server-harness';

/** A session at step 50 whose loss has not been a number for long. */
function divergedServer(): ServerHarness {
  const harness = new ServerHarness();
  harness.ask({ type: 'configure', settings: { ...defaultSettings('decomposed-mlp'), learningRate: 10 } });
  expect(harness.ask({ type: 'step', count: 50 }).loss).toBeNaN();
  return harness;
}

const rates = { learningRate: 0.1, learningRateDropStep: 1000, droppedLearningRate: 0.1 };
/** Every command that looks at the session or goes on with it. */
const commands: readonly SessionCommand[] = [
  { type: 'check' },
  { type: 'chooseBackward', backward: 'fused', mistake: null },
  { type: 'chooseBackward', backward: 'nodewise', mistake: 'variance-over-n' },
  { type: 'sample', count: 3, seed: 1 },
  { type: 'evaluate' },
  { type: 'report' },
  { type: 'tensors' },
  { type: 'batchNorms' },
  { type: 'calibrate' },
  { type: 'whatIf', change: { gain: 1, initScale: 1, learningRate: 1 } },
  { type: 'flow' },
  { type: 'inspectOp', op: 3 },
  { type: 'inspect', node: 'W1', row: 0, column: 0 },
  { type: 'blame', node: 'emb', index: [0, 0, 0] },
  { type: 'lossHistory', points: 10 },
  { type: 'updateHistory', points: 10 },
  { type: 'driftHistory', points: 10 },
  { type: 'timeline' },
  { type: 'evidence' },
  { type: 'setThreshold', rule: 'saturatedLayer', value: 0.1 },
  { type: 'trainWith', gradients: 'manual' },
  { type: 'step', count: 2 },
  { type: 'stepOp', until: 'op' },
  { type: 'sample', count: 1, seed: 1 },
  { type: 'stepOp', until: 'phase' },
  { type: 'sample', count: 1, seed: 1 },
  { type: 'step', count: 1 },
  { type: 'trainWith', gradients: 'autograd' },
  { type: 'packSession', kind: 'file', progress: null, unless: null, kept: [] },
  { type: 'goTo', step: 20 },
  { type: 'fork', rates },
  { type: 'step', count: 1 },
  { type: 'switchBranch', branch: 0 },
  { type: 'runBack', condition: 'not isNaN(any)' },
  { type: 'sample', count: 3, seed: 1 },
  { type: 'restart' },
];

describe('a session that has diverged', () => {
  it('answers every command, or refuses it in plain words; nothing is a defect', async () => {
    const harness = divergedServer();
    const refusals: string[] = [];
    for (const command of commands) {
      const id = harness.request(command);
      harness.settle();
      // What waits for a promise is answered in a later turn.
      await settle();
      const reply = harness.replyTo(id);
      expect(reply, command.type).toBeDefined();
      if (reply === undefined || !('refusal' in reply)) continue;
      expect(reply.refusal.code, reply.refusal.message).toBe('not-now');
      refusals.push(`${command.type}: ${reply.refusal.message}`);
    }
    const since = 'The run has diverged: the loss has not been a finite number since step 3.';
    const sampled = `sample: ${since} Go to step 2 or restart with a smaller learning rate.`;
    expect(refusals).toEqual([
      sampled,
      `evidence: Nothing can be proved at this step. ${since} Go to step 2, which can judge.`,
      sampled,
      sampled,
    ]);
    expect(JSON.stringify(harness.events)).not.toContain('defect');
  });

  it('tells with every check that nothing can be judged, and where it can', () => {
    const harness = divergedServer();
    const unjudged = {
      reason: 'The run has diverged: the loss has not been a finite number since step 3.',
      step: 2,
    };
    expect(harness.ask({ type: 'check' })).toMatchObject({ step: 50, unjudged });
    expect(harness.eventsOf('checked').at(-1)?.check).toMatchObject({ step: 50, unjudged });
    harness.ask({ type: 'goTo', step: 2 });
    expect(harness.eventsOf('checked').at(-1)?.check).toMatchObject({ step: 2, unjudged: null });
  });

  it('is opened again from its file', () => {
    const harness = divergedServer();
    const packed = harness.ask({ type: 'packSession', kind: 'file', progress: null, unless: null, kept: [] });
    const other = new ServerHarness();
    other.ask({ type: 'unpackSession', bytes: new Uint8Array(packed!.bytes), parts: [] });
    expect(other.ask({ type: 'timeline' }).step).toBe(50);
    expect(other.ask({ type: 'check' })?.unjudged?.step).toBe(2);
  });

  it('sends frames without a finite figure of a layer', () => {
    const harness = divergedServer();
    harness.forget();
    harness.credit();
    harness.ask({ type: 'step', count: 1 });
    const { loss, layers } = harness.frames.at(-1)!;
    expect([loss, layers[0]!.saturated, layers[0]!.dead, layers[0]!.output.mean]).toEqual(Array(4).fill(Number.NaN));
  });
});
