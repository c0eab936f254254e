import { KernelEngine } from '../../engine/kernel-engine';
import type { PythonFiles } from './page-messages';

/** The engine in the page's worker, with the kernels that were sent; one thread, as Python's is. */
export function pageEngine(files: PythonFiles): KernelEngine {
  return new KernelEngine(
    {
      readKernels: (build) => files[`${build}.wasm`],
      isSupported: (build) => WebAssembly.validate(files[`${build}.wasm`]),
      startHelper: null,
    },
    { threads: 1 },
  );
}
