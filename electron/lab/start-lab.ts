import { createEngineCall } from '../../core/python/calls/engine-call';
import { Lab } from '../../core/python/lab';
import type { ReadingPython, RunningPython } from '../../core/python/python-runtime';
import { TensorTable } from '../../core/python/tensor-table';
import type { KernelEngine } from '../engine/kernel-engine';
import type { Interrupts } from './interrupts';
import type { LabMessage } from './lab-messages';
import { LabServer } from './lab-server';
import { type LimitMemory, MemoryBudget } from './memory-budget';
import { PythonStarter } from './pyodide-runtime';
import type { LoadPyodideScripts } from './pyodide-scope';
import { sealRealm } from './realm';
import type { AroundCall } from './watched-call';

/** What the lab needs of where it runs. */
export interface LabPlace {
  readonly createEngine: (limitMemory: LimitMemory) => KernelEngine;
  readonly loadScripts: LoadPyodideScripts;
  /** The memory from which interpreters begin: see `makeSnapshot`. */
  readonly readSnapshot: () => Promise<Uint8Array>;
  readonly interrupts: Interrupts;
  readonly send: (message: LabMessage) => void;
  /** Makes every call in which a person's code runs. */
  readonly around?: AroundCall;
}

/**
 * Starts Python with the engine beside it, and then seals the realm: this thread is the lab's alone from then on. Nothing
 * that is to be used later may be looked for among the globals any more.
 * @returns what is to be given the tasks.
 */
export async function startLab({
  createEngine,
  loadScripts,
  readSnapshot,
  interrupts,
  send,
  around = directly,
}: LabPlace): Promise<LabServer> {
  const clock = performance.now.bind(performance);
  const budget = new MemoryBudget();
  const engine = createEngine((memory) => budget.watch('tensors', memory));
  // Both are made here: once the realm is sealed nothing can be compiled.
  const spaces = { reproducible: engine.begin('reproducible'), fast: engine.begin('fast') };
  const table = new TensorTable(spaces.reproducible.kernels, spaces.reproducible.newArena(), {
    memoryLeft: () => budget.left,
  });
  budget.countBeside(() => table.memory.bytes);
  const starter = await PythonStarter.prepare(loadScripts, await readSnapshot());
  const options = {
    engine: createEngineCall(table),
    memory: table.memory,
    interrupts,
    limitMemory: (memory: WebAssemblyMemory) => budget.watch('running', memory),
  };
  const startRunning = async (): Promise<RunningPython> => {
    const running: RunningPython = await starter.start('running', options);
    return { call: (name, request) => around(() => running.call(name, request)) };
  };
  const reading: ReadingPython = await starter.start('reading', {
    limitMemory: (memory) => budget.watch('reading', memory),
  });
  const server = new LabServer({
    createLab: (reading, running) =>
      new Lab({
        reading,
        running,
        table,
        clock,
        kernelsFor: (arithmetic) => spaces[arithmetic].kernels,
        newArena: spaces.reproducible.newArena,
      }),
    reading,
    running: await startRunning(),
    startRunning,
    interrupts,
    memory: budget,
    send,
  });
  budget.started();
  sealRealm();
  return server;
}

const directly: AroundCall = (call) => call();
