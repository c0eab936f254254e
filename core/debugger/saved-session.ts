import * as v from 'valibot';
import type { SafetensorsTensor } from '../formats/safetensors';
import { breakpointsSchema } from '../protocol/breakpoints';
import { backwardNames, progressSchema } from '../protocol/commands';
import { acceptsThreshold, ruleNames } from '../protocol/findings';
import { partNameSchema } from '../protocol/session-files';
import { settingsSchema } from '../protocol/settings';
import { History } from './history';
import { Branch } from './time-travel/branch';
import type { Branches } from './time-travel/branches';
import { GradientSources, gradientSourceSchema } from './time-travel/gradient-source';
import type { Snapshot } from './time-travel/snapshot';
import { SnapshotStore } from './time-travel/snapshot-store';

/** What was saved does not fit together, or does not fit the program. */
export class SavedSessionError extends Error {
  override name = 'SavedSessionError';
}

const whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

const savedBranchSchema = v.strictObject({
  parent: v.nullable(whole),
  forkStep: whole,
  settings: settingsSchema,
  /** Where the gradients of its updates came from: from a step on, another source. */
  sources: v.pipe(
    v.array(v.strictObject({ from: whole, source: gradientSourceSchema })),
    v.minLength(1),
    v.maxLength(1_000_000),
  ),
  /** Which snapshots it has, by their number in the file. */
  snapshots: v.array(whole),
  /** The parts that its history begins with and that are saved apart. */
  parts: v.optional(v.array(partNameSchema), []),
});

/** Steps of such a part: once its last is made, it changes no more. */
export const partSteps = 16_384;

/** All of a session but its numbers. */
export const savedSessionSchema = v.strictObject({
  data: v.strictObject({ name: v.pipe(v.string(), v.maxLength(1024)), builtIn: v.boolean() }),
  step: whole,
  /** The present branch. */
  branch: whole,
  branches: v.pipe(v.array(savedBranchSchema), v.minLength(1), v.maxLength(1000)),
  snapshots: v.array(v.strictObject({ step: whole, drawn: whole, nextNormal: v.nullable(v.number()) })),
  backward: v.nullable(
    v.strictObject({ backward: v.picklist(backwardNames), mistake: v.nullable(v.pipe(v.string(), v.maxLength(64))) }),
  ),
  /** Whether the updates use that backward's gradients. */
  trainsByBuiltIn: v.boolean(),
  breakpoints: breakpointsSchema,
  heedsBreakpoints: v.boolean(),
  thresholds: v.pipe(
    v.record(v.picklist(ruleNames), v.number()),
    v.check(
      (thresholds) =>
        ruleNames.every((name) => thresholds[name] === undefined || acceptsThreshold(name, thresholds[name])),
      'A threshold is one that its rule does not accept.',
    ),
  ),
  /** The code in the editor and the exercises; null where the window did not give them. */
  progress: v.nullable(progressSchema),
});
export type SavedSession = v.InferOutput<typeof savedSessionSchema>;

/** The numbers of a saved session: histories and snapshots, by name. */
export type SavedNumbers = ReadonlyMap<string, SafetensorsTensor>;

/** What of a session its branches are saved as. */
export interface SavedBranches extends Pick<SavedSession, 'branch' | 'branches' | 'snapshots'> {
  readonly numbers: SavedNumbers;
  /** Parts of histories that are saved apart, by name. */
  readonly parts: ReadonlyMap<string, SavedNumbers>;
}

/** How parts of histories are saved apart, so that saving a long run again costs no more than saving a short one. */
export interface Apart {
  readonly nameOf: (branch: number, part: number) => string;
  /** Names of the parts that have been saved. */
  readonly kept: ReadonlySet<string>;
}

/**
 * All branches, with at most `budget` bytes of snapshots for each: thinned as the session itself thins them, since every
 * step can be made again from any before it. Update ratios are rounded to float32; losses are float32 anyway.
 * @param apart where given, the parts of histories that change no more are saved apart, those not kept already.
 */
export function saveBranches(branches: Branches, budget: number, apart: Apart | null): SavedBranches {
  const numbers = new Map<string, SafetensorsTensor>();
  const parts = new Map<string, SavedNumbers>();
  const snapshots: Snapshot[] = [];
  const saved = branches.all.map((branch): SavedSession['branches'][number] => {
    const { history, id } = branch;
    const names: string[] = [];
    for (let end = partSteps; apart !== null && end <= history.updates; end += partSteps) {
      const name = apart.nameOf(id, names.length);
      if (!apart.kept.has(name)) parts.set(name, rowsOf(history, end - partSteps, end));
      names.push(name);
    }
    for (const [name, tensor] of rowsOf(history, names.length * partSteps)) numbers.set(`branch.${id}.${name}`, tensor);
    const own = [...thinned(branch, budget)];
    // Branches share what they have from before their fork.
    for (const snapshot of own) if (!snapshots.includes(snapshot)) snapshots.push(snapshot);
    return {
      parent: branch.parent?.id ?? null,
      forkStep: branch.forkStep,
      settings: branch.settings,
      sources: [...branch.sources.changes],
      snapshots: own.map((snapshot) => snapshots.indexOf(snapshot)),
      parts: names,
    };
  });
  for (const [index, { values, generator }] of snapshots.entries()) {
    numbers.set(`snapshot.${index}.values`, { dtype: 'F32', shape: [values.length], data: values });
    const words = Int32Array.from(generator.twister.words);
    numbers.set(`snapshot.${index}.generator`, { dtype: 'I32', shape: [words.length], data: words });
  }
  return {
    branch: branches.current.id,
    branches: saved,
    snapshots: snapshots.map(({ step, generator: { twister, nextNormal } }) => ({
      step,
      drawn: twister.drawn,
      nextNormal,
    })),
    numbers,
    parts,
  };
}

/** Losses and update ratios of the steps from `start` up to, but without, `end`, or all that are known. */
function rowsOf(history: History, start: number, end = history.length): SavedNumbers {
  const losses = history.lossColumn(start, end);
  const last = Math.min(end, history.updates);
  const updates = history.updateRows(start, last);
  const shape = [last - start, updates.length / Math.max(1, last - start)];
  return new Map([
    ['losses', { dtype: 'F32', shape: [losses.length], data: losses }],
    ['updates', { dtype: 'F32', shape, data: updates }],
  ]);
}

function thinned({ snapshots }: Branch, budget: number): Iterable<Snapshot> {
  if (snapshots.bytes <= budget) return snapshots.all;
  const store = new SnapshotStore(budget);
  for (const snapshot of snapshots.all) store.add(snapshot);
  return store.all;
}

/**
 * The branches that were saved, for a program of so many parameters whose snapshots hold so many numbers.
 * @throws SavedSessionError where anything does not fit.
 */
export function restoreBranches(saved: SavedBranches, parameters: number, stateElements: number): Branch[] {
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
    const store = new SnapshotStore();
    for (const index of own) {
      requireFit(index < snapshots.length, `${place} has a snapshot ${index}, of ${snapshots.length}.`);
      requireFit(snapshots[index].step < history.length, `${place} has a snapshot of a step that was not made.`);
      store.add(snapshots[index]);
    }
    requireFit(store.has(0), `${place} has no snapshot of step 0.`);
    restored.push(
      new Branch({ id, parent, forkStep, settings, history, snapshots: store, sources: new GradientSources(sources) }),
    );
  }
  requireFit(saved.branch < restored.length, `There is no branch ${saved.branch}.`);
  return restored;
}

function restoreHistory(saved: SavedBranches, id: number, parameters: number): History {
  const history = new History(parameters);
  for (const name of saved.branches[id].parts) {
    const part = saved.parts.get(name);
    if (part === undefined) throw new SavedSessionError(`Part ${name} of the session’s history is missing.`);
    append(history, floats(part, 'losses'), floats(part, 'updates'), `Part ${name}`);
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
