import { referenceKernels } from '../../../core/kernels/reference/reference';
import { Arena } from '../../../core/tensor/arena';
import { Heap } from '../../../core/tensor/heap';
import type { EngineSpace } from '../../../electron/engine/engine';

/** A session's space that the plain loops compute, in memory of at most so many pages. */
export function referenceSpace(maximum = 65_536): EngineSpace {
  const heap = new Heap(new WebAssembly.Memory({ initial: 1, maximum }));
  return {
    kernels: referenceKernels,
    description: { build: 'reference', threads: 1 },
    newArena: () => new Arena(heap),
    functions: null,
    crew: null,
    release() {},
  };
}
