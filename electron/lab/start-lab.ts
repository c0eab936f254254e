import { createEngineCall } from '../../core/python/calls/engine-call';
import { Lab } from '../../core/python/lab';
import { pythonModules } from '../../core/python/modules';
import { TensorTable } from '../../core/python/tensor-table';
import type { KernelEngine } from '../engine/kernel-engine';
import type { Interrupts } from './interrupts';
import type { LabMessage } from './lab-messages';
import { LabServer } from './lab-server';
import { loadPythonRuntime } from './pyodide-runtime';
import type { LoadPyodideScripts } from './pyodide-scope';
import { sealRealm } from './realm';

/** What the lab needs of where it runs. */
export interface LabPlace {
  readonly engine: KernelEngine;
  readonly loadScripts: LoadPyodideScripts;
  readonly interrupts: Interrupts;
  readonly send: (message: LabMessage) => void;
}

/**
 * Starts Python with the engine beside it, and then seals the realm: this thread is the lab's alone from then on. Nothing
 * that is to be used later may be looked for among the globals any more.
 * @returns what is to be given the tasks.
 */
export async function startLab({ engine, loadScripts, interrupts, send }: LabPlace): Promise<LabServer> {
  const clock = performance.now.bind(performance);
  // Both are made here: once the realm is sealed nothing can be compiled.
  const spaces = { reproducible: engine.begin('reproducible'), fast: engine.begin('fast') };
  const table = new TensorTable(spaces.reproducible.kernels, spaces.reproducible.newArena());
  const runtime = await loadPythonRuntime({
    loadScripts,
    modules: pythonModules,
    engine: createEngineCall(table),
    interrupts: interrupts.bytes,
  });
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
    send,
  });
  sealRealm();
  return server;
}
