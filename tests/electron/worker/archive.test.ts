import { describe, expect, it } from 'vitest';
import { mostRestoredSteps } from '../../../core/debugger/time-travel/restoration';
import { readSafetensors, type SafetensorsTensor, writeSafetensors } from '../../../core/formats/safetensors';
import { firstDifference } from '../../../core/graph/graph';
import type { Settings } from '../../../core/programs/settings';
import type { SessionEvent } from '../../../core/protocol/events';
import { readSession } from '../../../electron/session-file/session-file';
import { restoreJob } from '../../../electron/worker/archive';
import { advanced, newSession } from '../../core/sessions';
import { altered, edited, fileOf, small } from '../session-file/samples';

/** What a person is told when a file is opened, and the session that came of it. */
function opened(file: Uint8Array) {
  const { saved, settings, branches, data, graph, damage } = readSession(file, [], []);
  const session = newSession(settings, data);
  const restoration = session.restoreBranches(branches, saved.step, mostRestoredSteps);
  const otherGraph = graph && firstDifference(graph, session.network.graph);
  const told: SessionEvent[] = [];
  const job = restoreJob({ session, saved, restoration, otherGraph, damage }, (event) => told.push(event));
  let next = job.next();
  while (next.done !== true) next = job.next();
  return { told: told.map((event) => (event.type === 'log' ? event.message : event.type)), restored: next.value };
}

/** A run of 600 steps, saved with its snapshots of steps 0 and 500. */
const run = (changes: Partial<Settings> = {}) => fileOf(advanced(newSession({ ...small, ...changes }), 600));
/** The file with some of its numbers changed. */
const withNumbers = (file: Uint8Array, change: (numbers: ReadonlyMap<string, SafetensorsTensor>) => void) =>
  altered(file, 'numbers.safetensors', (bytes) => {
    const { tensors } = readSafetensors(bytes);
    change(tensors);
    return writeSafetensors(tensors);
  });
const nudge = (numbers: ReadonlyMap<string, SafetensorsTensor>, name: string, at: number) => {
  const { data } = numbers.get(name)!;
  if (data instanceof Float32Array) data[at]! += 0.25;
};

describe('a session that is restored', () => {
  const file = run();

  it('is as it was, and nothing is told', () => {
    expect(opened(file)).toMatchObject({ told: [], restored: { step: 600 } });
  });

  it.each([
    [
      'another first snapshot',
      (numbers: ReadonlyMap<string, SafetensorsTensor>) => {
        nudge(numbers, 'snapshot.0.values', 0);
        nudge(numbers, 'branch.0.losses', 600);
      },
      /the parameters it says it began with are not those of its settings, seed and words/,
    ],
    [
      'another first loss',
      (numbers: ReadonlyMap<string, SafetensorsTensor>) => {
        nudge(numbers, 'branch.0.losses', 0);
        nudge(numbers, 'branch.0.losses', 600);
      },
      /the first loss it has recorded is not that of its settings, seed and words/,
    ],
    [
      'another later snapshot',
      (numbers: ReadonlyMap<string, SafetensorsTensor>) => {
        nudge(numbers, 'snapshot.1.values', 5);
      },
      /begins as its settings, seed and words do, and the first loss to differ is that of step 501/,
    ],
    [
      'another last loss',
      (numbers: ReadonlyMap<string, SafetensorsTensor>) => {
        nudge(numbers, 'branch.0.losses', 600);
      },
      /the first loss to differ is that of step 600/,
    ],
  ])('with %s, says that the file is not of this run and what differs', (_, change, words) => {
    const { told } = opened(withNumbers(file, change));
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(
      /^The saved session had a loss of \S+ at step 600; here it is \S+\. Its arithmetic is reproduc/,
    );
    expect(told[0]).toMatch(words);
    expect(told[0]).not.toContain('Fast');
  });

  it('says where the program computed otherwise when it was saved', () => {
    type Ops = { graph: { ops: { op: string; attributes: { scalar?: number } }[] } };
    const other = altered(
      withNumbers(file, (numbers) => nudge(numbers, 'branch.0.losses', 600)),
      'session.json',
      edited(({ graph: { ops } }: Ops) => {
        const scaled = ops.find(({ op }) => op === 'multiplyScalar');
        scaled!.attributes.scalar = 0.5;
      }),
    );
    const { told } = opened(other);
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(
      /by a version of Chainrule that computes this program otherwise: op \d+ is multiplyScalar\(.*0\.5.*, not multiplyScalar\(/,
    );
  });

  it('blames fast arithmetic where that is what it used', () => {
    const { told } = opened(
      withNumbers(run({ arithmetic: 'fast' }), (numbers) => nudge(numbers, 'branch.0.losses', 600)),
    );
    expect(told).toEqual([expect.stringContaining('Fast arithmetic gives other bits on other machines')]);
  });

  it('says where it stands instead of going a long way', () => {
    const steps = mostRestoredSteps + 600;
    const long = advanced(newSession({ hiddenSize: 1, batchSize: 2 }), steps);
    const onlyFirst = edited((saved: { branches: { snapshots: number[] }[] }) => {
      saved.branches[0]!.snapshots = [0];
    });
    const { told, restored } = opened(altered(fileOf(long, 1), 'session.json', onlyFirst));
    expect(restored.step).toBe(0);
    expect(told).toEqual([expect.stringMatching(/was saved at step 20600\. It stands at step 0, the last snapshot/)]);
  });
});
