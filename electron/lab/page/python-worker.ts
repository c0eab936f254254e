/** The entry of the worker of Python's page: connects a `LabServer` to the page and holds no logic of its own. */
import { SharedInterrupts } from '../interrupts';
import type { LabMessage, LabTask } from '../lab-messages';
import type { LabServer } from '../lab-server';
import { pythonEngine } from '../python-engine';
import { snapshotFile } from '../snapshot-file';
import { startLab } from '../start-lab';
import type { WorkerData } from './page-messages';
import { pageScripts } from './page-scripts';

/** What this file uses of the browser; the electron project is compiled without the DOM's types. */
declare const self: {
  postMessage(message: LabMessage): void;
  addEventListener(event: 'message', listener: (event: { readonly data: WorkerData | LabTask }) => void): void;
};

// Taken now: once the lab has started, no global is left.
const send = self.postMessage.bind(self);
let server: LabServer | null = null;

self.addEventListener('message', ({ data }) => {
  if ('kind' in data) void server?.receive(data);
  else void start(data);
});

async function start({ interrupts, files }: WorkerData): Promise<void> {
  try {
    server = await startLab({
      createEngine: (limitMemory) => pythonEngine(files, limitMemory),
      loadScripts: pageScripts(files),
      readSnapshot: async () => files[snapshotFile],
      interrupts: new SharedInterrupts(interrupts),
      send,
    });
    send({ kind: 'ready' });
  } catch (error) {
    send({ kind: 'broken', message: error instanceof Error ? error.message : String(error) });
  }
}
