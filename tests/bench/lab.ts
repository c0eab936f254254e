import { Worker } from 'node:worker_threads';
import { createDataset } from '../../core/data/dataset';
import { Session } from '../../core/debugger/session';
import { defaultSettings, type Settings } from '../../core/programs/settings';
import { isRight } from '../../core/protocol/answers';
import { Engine } from '../../electron/engine/engine';
import type { LabClient } from '../../electron/lab/lab-client';
import { builtInNames } from '../../electron/worker/built-in-names';
import { SessionClient } from '../../electron/worker/session-client';
import { lecture } from '../core/python/corpus/correct';
import { type BuiltLab, labClient } from './lab-client';
import { median } from './median';

/** A row of the table; times are medians. */
interface LabRow {
  readonly 'hidden units': number;
  readonly 'Python’s start, ms': number;
  readonly 'first check, ms': number;
  readonly 'check, ms': number;
  readonly 'steps/s by autograd': number;
  readonly 'steps/s by hand': number;
}

const hiddenSizes = [64, 200, 512];
const checks = 9;
const trainingMilliseconds = 3000;

/** Measures the built lab on the lecture's solution, batch 32. Each size has a Python of its own. */
export async function measureLab(workerFile: string, lab: BuiltLab): Promise<LabRow[]> {
  const rows: LabRow[] = [];
  for (const hiddenSize of hiddenSizes) rows.push(await measure(workerFile, lab, hiddenSize));
  return rows;
}

async function measure(workerFile: string, lab: BuiltLab, hiddenSize: number): Promise<LabRow> {
  const settings = { ...defaultSettings('decomposed-mlp'), hiddenSize };
  const checks = await measureChecks(lab, settings);
  const client = new SessionClient(() => new Worker(workerFile));
  try {
    await client.request({ type: 'configure', settings });
    await client.request({ type: 'checkCode', code: lecture, trusted: true });
    const byAutograd = await stepsPerSecond(client);
    await client.request({ type: 'trainWith', gradients: 'manual' });
    const byHand = await stepsPerSecond(client);
    return {
      'hidden units': hiddenSize,
      ...checks,
      'steps/s by autograd': Math.round(byAutograd),
      'steps/s by hand': Number(byHand.toFixed(1)),
    };
  } finally {
    await client.close();
  }
}

/** From the question to its answer, as one types. */
async function measureChecks(lab: BuiltLab, settings: Settings) {
  const { kernels, description: kernelDescription, newArena } = new Engine({ threads: 1 }).begin(settings.arithmetic);
  const data = { dataset: createDataset(builtInNames()), name: 'built-in names', builtIn: true };
  const session = new Session({ kernels, kernelDescription, newArena, data, settings });
  const began = performance.now();
  const client = labClient(lab);
  try {
    const ready = new Promise<number>((resolve) => {
      client.onState((state) => {
        if (state === 'ready') resolve(performance.now() - began);
      });
    });
    client.start();
    const start = await ready;
    const first = await checkLecture(client, session);
    const times: number[] = [];
    for (let check = 0; check < checks; check++) times.push(await checkLecture(client, session));
    return {
      'Python’s start, ms': Math.round(start),
      'first check, ms': Math.round(first),
      'check, ms': Math.round(median(times)),
    };
  } finally {
    await client.close();
  }
}

/** @throws Error where the lecture's solution is not found right: it measures nothing. */
async function checkLecture(client: LabClient, session: Session): Promise<number> {
  const began = performance.now();
  const { check } = await client.check(session.labInputs(lecture), lecture, 'brief');
  if (!check.rows.every(({ verdict }) => isRight(verdict)))
    throw new Error("The lecture's solution is not called right.");
  return performance.now() - began;
}

/** Of a session that is left to run for a while; its code is checked twice a second meanwhile, as in the window. */
async function stepsPerSecond(client: SessionClient): Promise<number> {
  const { step: first } = await client.request({ type: 'pause' });
  const began = performance.now();
  await client.request({ type: 'run' });
  await new Promise((resolve) => setTimeout(resolve, trainingMilliseconds));
  const { step } = await client.request({ type: 'pause' });
  return ((step - first) * 1000) / (performance.now() - began);
}
