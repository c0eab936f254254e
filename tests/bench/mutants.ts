import { readFileSync } from 'node:fs';
import { createDataset } from '../../core/data/dataset';
import { Session } from '../../core/debugger/session';
import { defaultSettings } from '../../core/programs/settings';
import type { LabInputs } from '../../core/python/lab-inputs';
import { Engine } from '../../electron/engine/engine';
import { builtInNames } from '../../electron/worker/built-in-names';
import { judge, type Mutant, type MutantRow, tableOf } from '../core/python/corpus/mutants';
import { type BuiltLab, labClient } from './lab-client';

/** Judges every mutant of the fixture by the built lab, batch 32, and counts by kind what is not called right. */
export async function measureMutants(lab: BuiltLab, mutantsFile: string): Promise<MutantRow[]> {
  const settings = defaultSettings('decomposed-mlp');
  const data = { dataset: createDataset(builtInNames()), name: 'built-in names', builtIn: true };
  const { kernels, description: kernelDescription, newArena } = new Engine({ threads: 1 }).begin(settings.arithmetic);
  const session = new Session({ kernels, kernelDescription, newArena, data, settings });
  const mutants: readonly Mutant[] = JSON.parse(readFileSync(mutantsFile, 'utf8'));
  const client = labClient(lab);
  try {
    const check = async (inputs: LabInputs, code: string) => (await client.check(inputs, code, 'brief')).check;
    return tableOf(await judge(check, session, mutants));
  } finally {
    await client.close();
  }
}
