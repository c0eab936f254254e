import { referenceKernels } from '../../../core/kernels/reference/reference';
import { createEngineCall } from '../../../core/python/calls/engine-call';
import { pythonModules } from '../../../core/python/modules';
import type { PythonRuntime } from '../../../core/python/python-runtime';
import { TensorTable } from '../../../core/python/tensor-table';
import { loadPythonRuntime } from '../../../electron/lab/pyodide-runtime';
import { loadPyodideScripts } from '../../../electron/lab/pyodide-scripts';
import { newArena } from '../engine';

export interface LabPython {
  readonly runtime: PythonRuntime;
  readonly table: TensorTable;
}

/** A Python of the lab's own, with the engine behind its torch. */
export async function startLabPython(): Promise<LabPython> {
  const table = new TensorTable(referenceKernels, newArena());
  const runtime = await loadPythonRuntime({
    loadScripts: loadPyodideScripts,
    modules: pythonModules,
    engine: createEngineCall(table),
  });
  return { runtime, table };
}
