import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { History } from '../../../core/debugger/history';
import { advanced, newSession } from '../sessions';

const settings = { hiddenSize: 8, batchSize: 6 };

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

/** What typed arrays hold of memory. */
function arrayBytes(): number {
  collectGarbage();
  return process.memoryUsage().arrayBuffers;
}

it('is what the arrays of a long history take, blocks for its curves included', () => {
  const before = arrayBytes();
  const history = new History(7);
  for (let step = 0; step < 200_000; step++) {
    history.pushLoss(step);
    history.pushUpdates([1, 2, 3, 4, 5, 6, 7]);
  }
  history.lossHistory(500);
  history.updateHistory(500);
  const taken = arrayBytes() - before;
  expect(history.bytes / taken).toBeCloseTo(1, 1);
  // Four bytes for the loss and each ratio; of 32 steps, eight bytes for each of eleven sums.
  expect(history.bytes / 200_000 / (8 * 4 + (11 * 8) / 32)).toBeCloseTo(1, 1);
});

it('of a session grows with its steps and its snapshots', () => {
  const session = newSession(settings);
  const first = session.timeline().size;
  expect(first).toMatchObject({ steps: 1, snapshots: 1 });
  expect(first.bytes).toBeGreaterThan(0);
  advanced(session, 501);
  const { steps, snapshots, bytes } = session.timeline().size;
  expect({ steps, snapshots }).toEqual({ steps: 502, snapshots: 2 });
  // Chunks have room for these steps from the first on: what has come is a second snapshot like the first.
  const elements = session.network.parameters.reduce((sum, { tensor }) => sum + tensor.elements, 0);
  expect(bytes - first.bytes).toBeGreaterThan(Float32Array.BYTES_PER_ELEMENT * elements);
});

it('counts a snapshot that branches share once, and the steps that each of them keeps', () => {
  const session = advanced(newSession(settings), 10);
  const { bytes } = session.timeline().size;
  for (const _ of session.goTo(0));
  session.fork({ learningRate: 0.01, learningRateDropStep: 50, droppedLearningRate: 0.001 });
  advanced(session, 4);
  const size = session.timeline().size;
  expect(size).toMatchObject({ steps: 11 + 5, snapshots: 1 });
  // A second history, and no second snapshot.
  expect(size.bytes).toBe(bytes + session.history.bytes);
});

it('counts the drift', () => {
  const session = newSession(settings);
  const { bytes } = session.timeline().size;
  session.beginDrift();
  expect(session.timeline().size.bytes).toBeGreaterThan(bytes);
});
