import type { EvaluationProgress } from '../../programs/evaluation';
import type { LostSteps } from '../../protocol/session-files';
import { History } from '../history';
import {
  isPlausible,
  partSteps,
  type SavedBranches,
  type SavedNumbers,
  type SavedSession,
  SavedSessionError,
} from '../saved-session';
import { Branch } from './branch';
import { GradientSources } from './gradient-source';
import type { Snapshot } from './snapshot';
import { SnapshotStore } from './snapshot-store';

/**
 * At most so many steps are made again to come back to where a session stood. It stands closer to a snapshot than this in any
 * run of a few hundred thousand steps; in a longer one, or in a file that was made up, it stands at the snapshot instead.
 */
export const mostRestoredSteps = 20_000;
/** Histories may have lost this much; more was never there. */
const mostLostBytes = 64 * 2 ** 20;

/** What becomes of a session that is restored. */
export interface Restoration {
  /** The way to `step`. */
  readonly travel: Generator<EvaluationProgress, void>;
  /** Where it stands in the end. */
  readonly step: number;
  readonly lost: readonly LostSteps[];
  readonly beginning: Beginning;
}

/** Whether the file begins as its settings and words do: with the same parameters, and with the same loss. */
export type Beginning = 'same' | 'other parameters' | 'other loss';

interface RestoredBranches {
  readonly branches: Branch[];
  readonly lost: readonly LostSteps[];
}

/** The steps whose losses and update ratios are in parts that are not there. */
export function lostSteps(
  branches: readonly Pick<SavedSession['branches'][number], 'parts'>[],
  isThere: (part: string) => boolean,
): LostSteps[] {
  const lost: LostSteps[] = [];
  for (const [branch, { parts }] of branches.entries()) {
    for (const [index, part] of parts.entries()) {
      if (isThere(part)) continue;
      const from = index * partSteps;
      const last = lost.at(-1);
      const goesOn = last?.branch === branch && last.to === from - 1;
      if (goesOn) lost.pop();
      lost.push({ branch, from: goesOn ? last.from : from, to: from + partSteps - 1 });
    }
  }
  return lost;
}

function requireFewLost(lost: readonly LostSteps[], parameters: number): void {
  const steps = lost.reduce((sum, { from, to }) => sum + to - from + 1, 0);
  if (steps * (parameters + 1) * Float32Array.BYTES_PER_ELEMENT <= mostLostBytes) return;
  throw new SavedSessionError(`The numbers of ${steps.toLocaleString('en')} steps are missing beside the session.`);
}

/** Compares a first branch that was saved with that of a session which has just begun by the same settings and words. */
export function compareBeginnings(saved: Branch, begun: Branch): Beginning {
  const [values, expected] = [saved, begun].map(({ snapshots }) => snapshots.latestAt(0)?.values);
  const isSame = values?.every((value, index) => Object.is(value, expected?.[index]));
  if (isSame !== true) return 'other parameters';
  const loss = saved.history.lossAt(0);
  return Number.isNaN(loss) || Object.is(loss, begun.history.lossAt(0)) ? 'same' : 'other loss';
}

/**
 * The branches that were saved, for a program of so many parameters whose snapshots hold so many numbers. Where a part of a
 * history that was kept apart is gone, its numbers are lost and nothing else.
 * @throws SavedSessionError where anything does not fit.
 */
export function restoreBranches(saved: SavedBranches, parameters: number, stateElements: number): RestoredBranches {
  const lost = lostSteps(saved.branches, (name) => saved.parts.has(name));
  requireFewLost(lost, parameters);
  const snapshots = saved.snapshots.map((_, index) => restoreSnapshotFile(saved, index, stateElements));
  const restored: Branch[] = [];
  for (const [id, branch] of saved.branches.entries()) {
    const { parent: parentId, forkStep, settings, sources, snapshots: own } = branch;
    const place = `Branch ${id}`;
    const isFirst = id === 0;
    requireFit(
      isFirst === (parentId === null) && (parentId ?? 0) < Math.max(1, id),
      `${place} has no parent before it.`,
    );
    const parent = parentId === null ? null : restored[parentId];
    const history = restoreHistory(saved, id, parameters);
    const isWithin = forkStep < history.length && (parent === null ? forkStep === 0 : forkStep <= parent.head);
    requireFit(isWithin, `${place} leaves its parent at step ${forkStep}, which was not made.`);
    const isInOrder = sources.every(({ from }, index) => (index === 0 ? from === 0 : from > sources[index - 1].from));
    requireFit(isInOrder, `${place} does not say in order where its gradients came from.`);
    requireFit((sources.at(-1)?.from ?? 0) < history.length, `${place} has gradients of steps that were not made.`);
    const store = new SnapshotStore();
    let last = -1;
    for (const index of own) {
      requireFit(index < snapshots.length, `${place} has a snapshot ${index}, of ${snapshots.length}.`);
      const { step } = snapshots[index];
      requireFit(step > last, `${place} has snapshots that are not in the order of their steps.`);
      requireFit(step < history.length, `${place} has a snapshot of a step that was not made.`);
      requireFit(
        isPlausible(snapshots[index], history),
        `The snapshot of step ${step} has numbers that are not finite, where the loss is.`,
      );
      store.add(snapshots[index]);
      last = step;
    }
    requireFit(store.has(0), `${place} has no snapshot of step 0.`);
    restored.push(
      new Branch({ id, parent, forkStep, settings, history, snapshots: store, sources: new GradientSources(sources) }),
    );
  }
  requireFit(saved.branch < restored.length, `There is no branch ${saved.branch}.`);
  return { branches: restored, lost };
}

function restoreHistory(saved: SavedBranches, id: number, parameters: number): History {
  const history = new History(parameters);
  for (const name of saved.branches[id].parts) {
    const part = saved.parts.get(name);
    if (part === undefined) {
      history.appendLost(partSteps);
      continue;
    }
    const losses = floats(part, 'losses');
    requireFit(losses.length === partSteps, `Part ${name} of its history has ${losses.length} steps.`);
    append(history, losses, floats(part, 'updates'), `Part ${name}`);
    requireFit(history.updates === history.length, `Part ${name} of its history does not end with an update.`);
  }
  append(
    history,
    floats(saved.numbers, `branch.${id}.losses`),
    floats(saved.numbers, `branch.${id}.updates`),
    `Branch ${id}`,
  );
  requireFit(history.length > 0, `Branch ${id} has no step.`);
  return history;
}

function append(history: History, losses: Float32Array, updates: Float32Array, place: string): void {
  const { parameters } = history;
  const rows = updates.length / parameters;
  requireFit(
    Number.isInteger(rows) && (rows === losses.length || rows === losses.length - 1),
    `${place} has ${updates.length} update ratios for ${losses.length} steps of ${parameters} parameters.`,
  );
  history.append(losses, updates);
}

function restoreSnapshotFile(saved: SavedBranches, index: number, stateElements: number): Snapshot {
  const values = floats(saved.numbers, `snapshot.${index}.values`);
  const words = integers(saved.numbers, `snapshot.${index}.generator`);
  const { step, drawn, nextNormal } = saved.snapshots[index];
  requireFit(
    values.length === stateElements,
    `Snapshot ${index} has ${values.length} numbers; the program has ${stateElements}.`,
  );
  const isGenerator = words.length === 624 && drawn <= 624;
  requireFit(isGenerator, `Snapshot ${index} has no sound generator.`);
  return { step, values, generator: { twister: { words: Uint32Array.from(words), drawn }, nextNormal } };
}

function floats(numbers: SavedNumbers, name: string): Float32Array {
  const tensor = numbers.get(name);
  if (tensor?.dtype === 'F32') return tensor.data;
  throw new SavedSessionError(`The saved session lacks ${name}.`);
}

function integers(numbers: SavedNumbers, name: string): Int32Array {
  const tensor = numbers.get(name);
  if (tensor?.dtype === 'I32') return tensor.data;
  throw new SavedSessionError(`The saved session lacks ${name}.`);
}

function requireFit(holds: boolean, problem: string): void {
  if (!holds) throw new SavedSessionError(`The saved session does not fit together. ${problem}`);
}
