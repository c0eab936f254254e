import { LabClient } from '../../electron/lab/lab-client';
import { startLabProcess } from '../../electron/lab/start-lab-process';

/** Where the build left the lab. */
export interface BuiltLab {
  /** lab.js. */
  readonly script: string;
  readonly snapshot: string;
}

/** A lab in a process of its own, which keeps its interpreter from check to check as the window's does. */
export function labClient({ script, snapshot }: BuiltLab): LabClient {
  return new LabClient({
    startWorker: () => startLabProcess(script, snapshot),
    after(milliseconds, callback) {
      const timer = setTimeout(callback, milliseconds);
      return () => clearTimeout(timer);
    },
  });
}
