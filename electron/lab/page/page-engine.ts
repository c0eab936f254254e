import { type CompiledBuild, KernelEngine } from '../../engine/kernel-engine';
import { readServed } from './served';

/** The engine in the page's worker, with the kernels that are served beside it; one thread, as Python's is. */
export async function loadPageEngine(): Promise<KernelEngine> {
  const [plain, relaxed] = await Promise.all([readServed('plain.wasm'), readServed('relaxed.wasm')]);
  const kernels: Readonly<Record<CompiledBuild, Uint8Array>> = { plain, relaxed };
  return new KernelEngine(
    {
      readKernels: (build) => kernels[build],
      isSupported: (build) => WebAssembly.validate(kernels[build]),
      startHelper: null,
    },
    { threads: 1 },
  );
}
