/** The entry of Python's own worker thread: connects a `LabServer` to the thread's port and holds no logic of its own. */
import { parentPort, workerData } from 'node:worker_threads';
import { createEngineCall } from '../../core/python/calls/engine-call';
import { Lab } from '../../core/python/lab';
import { pythonModules } from '../../core/python/modules';
import { TensorTable } from '../../core/python/tensor-table';
import { Engine } from '../engine/engine';
import type { LabData, LabTask } from './lab-messages';
import { LabServer } from './lab-server';
import { loadPythonRuntime } from './pyodide-runtime';
import { sealRealm } from './realm';

if (parentPort === null) throw new Error('lab.js is the entry of a worker thread; it cannot be run by itself.');
const port = parentPort;
const clock = performance.now.bind(performance);
const interrupts = new Uint8Array((workerData as LabData).interrupt);

// Both are made here: once the realm is sealed nothing can be compiled. The session's thread and this one have the cores.
const compute = new Engine({ threads: 1 });
const spaces = { reproducible: compute.begin('reproducible'), fast: compute.begin('fast') };
const table = new TensorTable(spaces.reproducible.kernels, spaces.reproducible.newArena());
const engine = createEngineCall(table);
const runtime = await loadPythonRuntime({ modules: pythonModules, engine, interrupts });
const server = new LabServer({
  createLab: (runtime) =>
    new Lab({
      runtime,
      table,
      clock,
      kernelsFor: (arithmetic) => spaces[arithmetic].kernels,
      newArena: spaces.reproducible.newArena,
    }),
  runtime,
  interrupts,
  send: (message) => port.postMessage(message),
});
sealRealm();
port.on('message', (task: LabTask) => server.receive(task));
port.postMessage({ kind: 'ready' });
