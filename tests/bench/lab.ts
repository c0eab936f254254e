import { Worker } from 'node:worker_threads';
import { defaultSettings } from '../../core/programs/settings';
import { SessionClient } from '../../electron/worker/session-client';
import { lecture } from '../core/python/corpus/correct';
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
export async function measureLab(workerFile: string): Promise<LabRow[]> {
  const rows: LabRow[] = [];
  for (const hiddenSize of hiddenSizes) rows.push(await measure(workerFile, hiddenSize));
  return rows;
}

async function measure(workerFile: string, hiddenSize: number): Promise<LabRow> {
  const client = new SessionClient(() => new Worker(workerFile));
  try {
    const settings = { ...defaultSettings('decomposed-mlp'), hiddenSize };
    await client.request({ type: 'configure', settings });
    const began = performance.now();
    // Without a window Python starts when it is first asked.
    const [ready] = await Promise.all([pythonReady(client), checkLecture(client)]);
    const start = ready - began;
    const first = performance.now() - ready;
    const times: number[] = [];
    for (let check = 0; check < checks; check++) times.push(await checkLecture(client));
    const byAutograd = await stepsPerSecond(client);
    await client.request({ type: 'trainWith', gradients: 'manual' });
    const byHand = await stepsPerSecond(client);
    return {
      'hidden units': hiddenSize,
      'Python’s start, ms': Math.round(start),
      'first check, ms': Math.round(first),
      'check, ms': Math.round(median(times)),
      'steps/s by autograd': Math.round(byAutograd),
      'steps/s by hand': Number(byHand.toFixed(1)),
    };
  } finally {
    await client.close();
  }
}

/** When Python said first that it is ready. */
function pythonReady(client: SessionClient): Promise<number> {
  return new Promise((resolve) => {
    client.onEvent((event) => {
      if (event.type === 'python' && event.state === 'ready') resolve(performance.now());
    });
  });
}

/**
 * Milliseconds from the question to its answer.
 * @throws Error where the lecture's solution is not found right: it measures nothing.
 */
async function checkLecture(client: SessionClient): Promise<number> {
  const began = performance.now();
  const { error, rootCauses } = await client.request({ type: 'checkCode', code: lecture, trusted: true });
  if (error !== null || rootCauses.length > 0) throw new Error(`The lecture's solution: ${JSON.stringify(error)}`);
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
