import { Worker } from 'node:worker_threads';
import { createDataset } from '../../core/data/dataset';
import { Session } from '../../core/debugger/session';
import { defaultSettings, type Settings } from '../../core/programs/settings';
import { packFrame } from '../../core/protocol/frame';
import { Engine } from '../../electron/engine/engine';
import { builtInNames } from '../../electron/worker/built-in-names';
import { SessionClient } from '../../electron/worker/session-client';
import { median } from './median';

/** A row of the table: microseconds and steps per second are medians of the rounds. */
interface EngineRow {
  readonly program: string;
  readonly 'steps/s alone': number;
  readonly 'steps/s with frames': number;
  readonly 'frames/s': number;
  readonly 'with : alone': number;
  readonly 'frame: compute, µs': number;
  readonly 'frame: pack, µs': number;
  readonly 'frame, bytes': number;
}

const programs: readonly { readonly name: string; readonly settings: Settings }[] = [
  { name: 'decomposed-mlp, hidden 64', settings: defaultSettings('decomposed-mlp') },
  { name: 'decomposed-mlp, hidden 200', settings: { ...defaultSettings('decomposed-mlp'), hiddenSize: 200 } },
  { name: 'deep-stack', settings: defaultSettings('deep-stack') },
  { name: 'deep-stack, batch norm', settings: { ...defaultSettings('deep-stack'), batchNorm: true, gain: 1 } },
];
const rounds = 5;
const roundMilliseconds = 600;

/** Measures the built worker, streaming to nobody and to a screen that draws at once, in turns. */
export async function measureEngine(workerFile: string): Promise<EngineRow[]> {
  const rows: EngineRow[] = [];
  for (const { name, settings } of programs) {
    const alone: number[] = [];
    const streaming: number[] = [];
    const frames: number[] = [];
    await runRound(workerFile, settings, true);
    for (let round = 0; round < rounds; round++) {
      alone.push((await runRound(workerFile, settings, false)).stepsPerSecond);
      const watched = await runRound(workerFile, settings, true);
      streaming.push(watched.stepsPerSecond);
      frames.push(watched.framesPerSecond);
    }
    const { compute, pack, bytes } = frameCost(settings);
    rows.push({
      program: name,
      'steps/s alone': Math.round(median(alone)),
      'steps/s with frames': Math.round(median(streaming)),
      'frames/s': Math.round(median(frames)),
      'with : alone': Number((median(streaming) / median(alone)).toFixed(2)),
      'frame: compute, µs': Math.round(compute),
      'frame: pack, µs': Number(pack.toFixed(1)),
      'frame, bytes': bytes,
    });
  }
  return rows;
}

/** Lets a fresh worker run for a while; with `watched`, every frame is answered with the next credit. */
async function runRound(workerFile: string, settings: Settings, watched: boolean) {
  const client = new SessionClient(() => new Worker(workerFile));
  let frames = 0;
  client.onFrame(() => {
    frames++;
    client.grantCredit();
  });
  await client.request({ type: 'configure', settings });
  if (watched) client.grantCredit();
  const { step: warmedUp } = await client.request({ type: 'step', count: 100 });
  frames = 0;
  const start = performance.now();
  await client.request({ type: 'run' });
  await new Promise((resolve) => setTimeout(resolve, roundMilliseconds));
  const { step } = await client.request({ type: 'pause' });
  const seconds = (performance.now() - start) / 1000;
  await client.close();
  return { stepsPerSecond: (step - warmedUp) / seconds, framesPerSecond: frames / seconds };
}

function frameCost(settings: Settings) {
  const data = { dataset: createDataset(builtInNames()), name: 'built-in names', builtIn: true };
  const { kernels, description: kernelDescription, newArena } = new Engine({ threads: 1 }).begin(settings.arithmetic);
  const session = new Session({ kernels, kernelDescription, newArena, data, settings });
  const frame = session.frame(0, false);
  return {
    compute: microseconds(() => session.frame(0, false)),
    pack: microseconds(() => packFrame(frame)),
    bytes: packFrame(frame).byteLength,
  };
}

/** Median of what one call takes. */
function microseconds(work: () => unknown): number {
  const times = Array.from({ length: 300 }, () => {
    const start = performance.now();
    work();
    return (performance.now() - start) * 1000;
  });
  return median(times.slice(100));
}
