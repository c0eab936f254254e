/** The entry of Python's own worker thread. */
import { parentPort } from 'node:worker_threads';
import { pythonModules } from '../../core/python/modules';
import { loadPythonRuntime } from './pyodide-runtime';

const runtime = await loadPythonRuntime({ modules: pythonModules, engine: () => 0 });
parentPort?.on('message', (request: string) => parentPort?.postMessage(runtime.call('run', request)));
