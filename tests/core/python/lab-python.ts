import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { referenceKernels } from '../../../core/kernels/reference/reference';
import { createEngineCall } from '../../../core/python/calls/engine-call';
import { pythonModules } from '../../../core/python/modules';
import type { ReadingPython, RunningPython } from '../../../core/python/python-runtime';
import { TensorTable } from '../../../core/python/tensor-table';
import bootstrap from '../../../electron/lab/bootstrap.py?raw';
import { makeSnapshot, PythonStarter } from '../../../electron/lab/pyodide-runtime';
import { nodeScripts, readPyodide } from '../../../electron/lab/pyodide-scripts';
import { newArena } from '../engine';

export interface LabPython {
  readonly reading: ReadingPython;
  readonly running: RunningPython;
  readonly table: TensorTable;
  /** An interpreter in which nothing has run. */
  readonly newRunning: () => Promise<RunningPython>;
}

/** Path of a snapshot of the modules as they are now; made once and kept beside the packages, since it takes seconds. */
export async function pythonSnapshot(): Promise<string> {
  const hash = createHash('sha256')
    .update(JSON.stringify([pythonModules, bootstrap]))
    .digest('hex')
    .slice(0, 16);
  const folder = fileURLToPath(new URL('../../../node_modules/.cache/chainrule/', import.meta.url));
  const path = join(folder, `python-${hash}.bin`);
  if (!existsSync(path)) {
    mkdirSync(folder, { recursive: true });
    // Test files run side by side: each writes its own, and the last one stays.
    const own = `${path}.${process.pid}.${Date.now()}`;
    writeFileSync(own, await makeSnapshot(nodeScripts(await readPyodide()), pythonModules));
    renameSync(own, path);
  }
  return path;
}

/** The lab's two interpreters, with the engine behind the torch of the one that runs code. */
export async function startLabPython(): Promise<LabPython> {
  const table = new TensorTable(referenceKernels, newArena());
  const starter = await PythonStarter.prepare(nodeScripts(await readPyodide()), readFileSync(await pythonSnapshot()));
  const engine = createEngineCall(table);
  const newRunning = (): Promise<RunningPython> => starter.start('running', { engine });
  return { reading: await starter.start('reading', {}), running: await newRunning(), table, newRunning };
}
