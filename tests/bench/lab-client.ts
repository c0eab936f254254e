import { LabClient } from '../../electron/lab/lab-client';
import { startLabWorker } from '../../electron/lab/start-lab-worker';

/** Where the build left the lab. */
export interface BuiltLab {
  /** lab.js. */
  readonly script: string;
  readonly snapshot: string;
}

/** A lab in a thread of its own, which keeps its interpreter from check to check as the window's does. */
export function labClient({ script, snapshot }: BuiltLab): LabClient {
  return new LabClient({
    startWorker: () => startLabWorker(script, snapshot),
    after(milliseconds, callback) {
      const timer = setTimeout(callback, milliseconds);
      return () => clearTimeout(timer);
    },
  });
}
