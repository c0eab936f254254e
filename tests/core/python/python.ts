import { loadPyodide } from 'pyodide';
import { referenceKernels } from '../../../core/kernels/reference/reference';
import { createEngineCall } from '../../../core/python/calls/engine-call';
import { pythonModules } from '../../../core/python/modules';
import { TensorTable } from '../../../core/python/tensor-table';
import bootstrap from '../../../electron/lab/bootstrap.py?raw';
import { addEngineDevice, enginePath, type FileSystem } from '../../../electron/lab/engine-device';
import { newArena } from '../engine';

/** Python with the lab's torch in it, for tests that run pieces of Python. */
export interface TestPython {
  readonly table: TensorTable;
  /**
   * Runs `code` in a namespace that has torch, F, json and what `define` gave, and gives its last expression's JSON.
   * @throws Error with Python's traceback.
   */
  evaluate<Value>(code: string): Value;
  /** As evaluate, without a result. */
  run(code: string): void;
  /** Gives Python a tensor by a name. */
  define(name: string, handle: number): void;
}

/** Starts Python as electron/lab does, only less closed: it takes seconds, so one a test file. */
export async function startPython(): Promise<TestPython> {
  const table = new TensorTable(referenceKernels, newArena());
  const pyodide = await loadPyodide({ jsglobals: Object.create(null) });
  // Pyodide's types leave out what Emscripten's file system has.
  addEngineDevice(pyodide.FS as unknown as FileSystem, createEngineCall(table));
  pyodide.globals.set('modules', JSON.stringify(pythonModules));
  pyodide.runPython(bootstrap);
  pyodide.runPython(`
sys.meta_path.insert(0, SourcesFinder({module["name"]: module["source"] for module in json.loads(modules)}))
import torch
import torch.nn.functional as F
import torch._call
import os
torch._call.connect(os.open("${enginePath}", os.O_RDWR))
scope = {"torch": torch, "F": F, "json": json}
def evaluate(code):
    *statements, last = code.strip().split("\\n")
    exec("\\n".join(statements), scope)
    return json.dumps(eval(last, scope))
`);
  const evaluate = pyodide.globals.get('evaluate');
  const run = pyodide.runPython('lambda code: exec(code, scope)');
  const define = pyodide.runPython('lambda name, handle: scope.update({name: torch.Tensor._wrap(handle)})');
  return {
    table,
    evaluate: (code) => JSON.parse(evaluate(code)),
    run,
    define,
  };
}
