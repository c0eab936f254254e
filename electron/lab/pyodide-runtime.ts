import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadPyodide } from 'pyodide';
import type { PythonModule } from '../../core/python/modules';
import type { EngineCall, PythonRuntime } from '../../core/python/python-runtime';
import bootstrap from './bootstrap.py?raw';

export interface PythonRuntimeOptions {
  readonly modules: readonly PythonModule[];
  /** What `_engine.call` in Python does. */
  readonly engine: EngineCall;
}

/** Starts CPython with the lab's modules in it. Its files come from the installed package, never from the network. */
export async function loadPythonRuntime({ modules, engine }: PythonRuntimeOptions): Promise<PythonRuntime> {
  const pyodide = await loadPyodide({
    indexURL: join(dirname(fileURLToPath(import.meta.resolve('pyodide')))),
    jsglobals: Object.create(null),
  });
  const call = (...parameters: unknown[]) => {
    try {
      const [name, ...rest] = parameters;
      return engine(name as string, ...(rest as (number | string)[]));
    } catch (error) {
      return `!RuntimeError: ${error instanceof Error ? error.message : String(error)}`;
    }
  };
  Object.setPrototypeOf(call, null);
  pyodide.registerJsModule('_engine', Object.assign(Object.create(null), { call }));
  const start = pyodide.runPython(bootstrap);
  const invoke = start(JSON.stringify(modules));
  return { call: (name, request) => invoke(name, request) };
}
