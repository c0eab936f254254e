/** The worker thread's entry: connects a `SessionServer` to the thread's port and holds no logic of its own. */
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { Engine, usableThreads } from '../engine/engine';
import { LabClient } from '../lab/lab-client';
import { startLabPage } from '../lab/page/start-lab-page';
import { snapshotFile } from '../lab/snapshot-file';
import { startLabProcess } from '../lab/start-lab-process';
import { builtInNames } from './built-in-names';
import { SessionServer } from './session-server';
import { standBack } from './stand-back';
import type { WindowData } from './start-options';

if (parentPort === null) throw new Error('worker.js is the entry of a worker thread; it cannot be run by itself.');
const port = parentPort;
const window: WindowData | null = workerData ?? null;
/** A file that somebody waits for in a terminal may take longer than one that is typed: slow loops are no mistake. */
const gradingMilliseconds = 60_000;
const lab = new LabClient({
  startWorker: () =>
    window === null
      ? startLabProcess(join(import.meta.dirname, 'lab.js'), join(import.meta.dirname, '../python', snapshotFile))
      : startLabPage(window.pythonPages),
  after: (milliseconds, callback) => {
    const timer = setTimeout(callback, milliseconds);
    return () => clearTimeout(timer);
  },
  ...(window === null ? { isGrading: true, limitMilliseconds: gradingMilliseconds } : {}),
});

if (window !== null) standBack();
const engine = new Engine({ threads: usableThreads() });
const server = new SessionServer({
  beginSpace: (arithmetic) => engine.begin(arithmetic),
  builtInWords: builtInNames(),
  send: (message, transfer = []) => port.postMessage(message, transfer),
  // setImmediate lets the event loop deliver waiting commands before the callback runs, without a timer's delay.
  clock: {
    now: () => performance.now(),
    yield: (callback) => setImmediate(callback),
    after: (milliseconds, callback) => setTimeout(callback, milliseconds),
  },
  lab,
  // A person typing is answered at once; a command, which nobody waits at, finds all there is.
  patience: window !== null ? 'brief' : 'thorough',
});
port.on('message', (input: unknown) => server.receive(input));
server.start();
// Python takes seconds and a core to start: for a window as soon as that has loaded, for a command when it asks.
if (window !== null) port.once('message', () => lab.start());
