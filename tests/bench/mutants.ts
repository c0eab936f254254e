import { readFileSync } from 'node:fs';
import { createDataset } from '../../core/data/dataset';
import { Session } from '../../core/debugger/session';
import { defaultSettings } from '../../core/programs/settings';
import type { LabInputs } from '../../core/python/lab-inputs';
import { Engine } from '../../electron/engine/engine';
import { LabClient } from '../../electron/lab/lab-client';
import { startLabWorker } from '../../electron/lab/start-lab-worker';
import { builtInNames } from '../../electron/worker/built-in-names';
import { judge, type Mutant, type MutantRow, tableOf } from '../core/python/corpus/mutants';

/** Judges every mutant of the fixture by the built lab, batch 32, and counts by kind what is not called right. */
export async function measureMutants(labFile: string, mutantsFile: string): Promise<MutantRow[]> {
  const settings = defaultSettings('decomposed-mlp');
  const data = { dataset: createDataset(builtInNames()), name: 'built-in names', builtIn: true };
  const { kernels, description: kernelDescription, newArena } = new Engine({ threads: 1 }).begin(settings.arithmetic);
  const session = new Session({ kernels, kernelDescription, newArena, data, settings });
  const mutants: readonly Mutant[] = JSON.parse(readFileSync(mutantsFile, 'utf8'));
  const lab = new LabClient({ startWorker: () => startLabWorker(labFile), after });
  try {
    const check = async (inputs: LabInputs, code: string) => (await lab.check(inputs, code, 'brief')).check;
    return tableOf(await judge(check, session, mutants));
  } finally {
    await lab.close();
  }
}

function after(milliseconds: number, callback: () => void): () => void {
  const timer = setTimeout(callback, milliseconds);
  return () => clearTimeout(timer);
}
