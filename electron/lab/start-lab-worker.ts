import { Worker } from 'node:worker_threads';
import { Interrupts } from './interrupts';
import type { LabWorker } from './lab-client';
import type { LabThreadData } from './lab-messages';

/**
 * Starts Python in a thread of this process.
 * @param path Of lab.js, the built `lab.ts`.
 * @param snapshot Path of the snapshot from which interpreters begin.
 */
export function startLabWorker(path: string, snapshot: string): LabWorker {
  const interrupts = new Interrupts();
  const workerData: LabThreadData = { interrupts: interrupts.memory, snapshot };
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
  return {
    postMessage(task) {
      interrupts.clear();
      worker.postMessage(task);
    },
    interrupt: () => interrupts.raise(),
    onMessage: (listener) => worker.on('message', listener),
    onEnd(listener) {
      const end = (reason: string) => listener({ reason, isOutOfMemory: false });
      worker.on('messageerror', (error) => end(`its answer could not be read: ${error.message}`));
      // 'exit' may not follow an error at once.
      worker.on('error', (error) => end(error.message));
      worker.on('exit', (code) => end(`its thread ended with exit code ${code}`));
    },
    terminate: () => worker.terminate(),
  };
}
