import { Worker } from 'node:worker_threads';
import type { LabWorker } from './lab-client';
import type { LabData } from './lab-messages';

/**
 * Starts Python's thread.
 * @param path Of lab.js, the built `lab.ts`.
 * @param interrupts See `LabData`.
 */
export function startLabWorker(path: string, interrupts: SharedArrayBuffer): LabWorker {
  const workerData: LabData = { interrupt: interrupts };
  const worker = new Worker(path, {
    workerData,
    // Nothing of this process is to be seen from there.
    env: {},
    argv: [],
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 512 },
  });
  // The lab alone keeps no process alive.
  worker.unref();
  return worker;
}
