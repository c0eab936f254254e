/** The entry of Python's own worker thread: connects a `LabServer` to the thread's port and holds no logic of its own. */
import { readFile } from 'node:fs/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { Engine } from '../engine/engine';
import { Interrupts } from './interrupts';
import type { LabTask, LabThreadData } from './lab-messages';
import { loadPyodideScripts } from './pyodide-scripts';
import { startLab } from './start-lab';

if (parentPort === null) throw new Error('lab.js is the entry of a worker thread; it cannot be run by itself.');
const port = parentPort;
const { interrupts, snapshot }: LabThreadData = workerData;
const server = await startLab({
  // The session's thread and this one have the cores.
  engine: new Engine({ threads: 1 }),
  loadScripts: loadPyodideScripts,
  readSnapshot: () => readFile(snapshot),
  interrupts: new Interrupts(interrupts),
  send: (message) => port.postMessage(message),
});
port.on('message', (task: LabTask) => void server.receive(task));
port.postMessage({ kind: 'ready' });
