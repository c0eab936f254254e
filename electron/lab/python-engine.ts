import { KernelEngine } from '../engine/kernel-engine';
import type { LimitMemory } from './memory-budget';
import type { PythonFiles } from './python-files';

/** The engine beside Python, with the kernels that were sent; one thread, as Python's is. */
export function pythonEngine(files: PythonFiles, limitMemory: LimitMemory): KernelEngine {
  return new KernelEngine(
    {
      readKernels: (build) => files[`${build}.wasm`],
      isSupported: (build) => WebAssembly.validate(files[`${build}.wasm`]),
      startHelper: null,
    },
    { threads: 1, limitMemory },
  );
}
