/** The entry of Python's own worker thread: connects a `LabServer` to the thread's port and holds no logic of its own. */
import { parentPort, workerData } from 'node:worker_threads';
import { referenceKernels } from '../../core/kernels/reference/reference';
import { createEngineCall } from '../../core/python/calls/engine-call';
import { Lab } from '../../core/python/lab';
import { pythonModules } from '../../core/python/modules';
import { TensorTable } from '../../core/python/tensor-table';
import { Arena } from '../../core/tensor/arena';
import type { LabData, LabTask } from './lab-messages';
import { LabServer } from './lab-server';
import { loadPythonRuntime } from './pyodide-runtime';
import { sealRealm } from './realm';

if (parentPort === null) throw new Error('lab.js is the entry of a worker thread; it cannot be run by itself.');
const port = parentPort;
const clock = performance.now.bind(performance);
const interrupts = new Uint8Array((workerData as LabData).interrupt);

const table = new TensorTable(referenceKernels, new Arena(new WebAssembly.Memory({ initial: 1 })));
const engine = createEngineCall(table);
const runtime = await loadPythonRuntime({ modules: pythonModules, engine, interrupts });
const server = new LabServer({
  createLab: (runtime) => new Lab({ runtime, table, clock }),
  runtime,
  interrupts,
  send: (message) => port.postMessage(message),
});
sealRealm();
port.on('message', (task: LabTask) => server.receive(task));
port.postMessage({ kind: 'ready' });
