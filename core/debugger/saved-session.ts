import * as v from 'valibot';
import type { SafetensorsTensor } from '../formats/safetensors';
import { breakpointsSchema } from '../protocol/breakpoints';
import { backwardNames, progressSchema } from '../protocol/commands';
import { acceptsThreshold, ruleNames } from '../protocol/findings';
import { partNameSchema } from '../protocol/session-files';
import { savedSettingsSchema } from '../protocol/settings';
import type { History } from './history';
import type { Branch } from './time-travel/branch';
import type { Branches } from './time-travel/branches';
import { gradientSourceSchema } from './time-travel/gradient-source';
import type { Snapshot } from './time-travel/snapshot';
import { SnapshotStore } from './time-travel/snapshot-store';

/** What was saved does not fit together, or does not fit the program. */
export class SavedSessionError extends Error {
  override name = 'SavedSessionError';
}

const whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** A person begins branches and chooses other gradients one by one: more than these nobody has. */
const mostBranches = 1000;
const mostSources = 10_000;
/** A branch's snapshots take at most their budget of 256 MiB, and each the 2.5 KB of its generator. */
const mostSnapshots = 100_000;
/** Parts of histories of 160 million steps, which take gigabytes. */
const mostParts = 10_000;

const savedBranchSchema = v.strictObject({
  parent: v.nullable(whole),
  forkStep: whole,
  settings: savedSettingsSchema,
  /** Where the gradients of its updates came from: from a step on, another source. */
  sources: v.pipe(
    v.array(v.strictObject({ from: whole, source: gradientSourceSchema })),
    v.minLength(1),
    v.maxLength(mostSources),
  ),
  /** Which snapshots it has, by their number in the file. */
  snapshots: v.pipe(v.array(whole), v.maxLength(mostSnapshots)),
  /** The parts that its history begins with and that are saved apart. */
  parts: v.optional(v.pipe(v.array(partNameSchema), v.maxLength(mostParts)), []),
});

/** Steps of such a part: once its last is made, it changes no more. */
export const partSteps = 16_384;

/** All of a session but its numbers. */
export const savedSessionSchema = v.strictObject({
  data: v.strictObject({ name: v.pipe(v.string(), v.maxLength(1024)), builtIn: v.boolean() }),
  step: whole,
  /** The present branch. */
  branch: whole,
  branches: v.pipe(v.array(savedBranchSchema), v.minLength(1), v.maxLength(mostBranches)),
  snapshots: v.pipe(
    v.array(v.strictObject({ step: whole, drawn: whole, nextNormal: v.nullable(v.number()) })),
    v.maxLength(mostSnapshots),
  ),
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
  /** What every step computed, as `Graph` has it; left out by versions that did not write it. Read by `readGraph`. */
  graph: v.optional(v.unknown()),
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

/** How branches are saved. */
export interface Saving {
  /** Bytes of snapshots that each may keep. */
  readonly budget: number;
  /** Where given, the parts of histories that change no more are saved apart, those not kept already. */
  readonly apart: Apart | null;
  /** Where the session stands: the way there is kept short. */
  readonly step: number;
}

/**
 * All branches, their snapshots thinned as the session itself thins them, since every step can be made again from any before
 * it. Update ratios are rounded to float32; losses are float32 anyway.
 */
export function saveBranches(branches: Branches, { budget, apart, step }: Saving): SavedBranches {
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
    const own = keptSnapshots(branch, budget, branch === branches.current ? step : null);
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

/**
 * As many snapshots as may be kept, and the last one at or before `step`. One that a reader would refuse is left out: within
 * a step its loss is not there yet, and numbers that are not finite belong to a loss that is not.
 */
function keptSnapshots({ snapshots, history }: Branch, budget: number, step: number | null): readonly Snapshot[] {
  const kept = new Set(thinned(snapshots, budget));
  const last = step === null ? undefined : snapshots.latestAt(Math.min(step, history.length - 1));
  if (last !== undefined) kept.add(last);
  return [...kept].filter((snapshot) => isPlausible(snapshot, history)).sort((a, b) => a.step - b.step);
}

function thinned(snapshots: SnapshotStore, budget: number): readonly Snapshot[] {
  if (snapshots.bytes <= budget) return snapshots.all;
  const store = new SnapshotStore(budget);
  for (const snapshot of snapshots.all) store.add(snapshot);
  return store.all;
}

/** Whether a snapshot can be one of the run: of a step that was made, and of finite numbers where its loss is finite. */
export function isPlausible({ step, values }: Snapshot, history: History): boolean {
  if (step >= history.length) return false;
  return !Number.isFinite(history.lossAt(step)) || areFinite(values);
}

/** Of all of them; a snapshot may have millions. */
function areFinite(values: Float32Array): boolean {
  let zero = 0;
  // NaN and infinity alone give NaN when multiplied by 0.
  for (let index = 0; index < values.length; index++) zero += values[index] * 0;
  return zero === 0;
}
