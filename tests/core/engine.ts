import { Tape } from '../../core/autograd/tape';
import { referenceKernels } from '../../core/kernels/reference/reference';
import type { Network } from '../../core/programs/network';
import { Arena, type FloatType } from '../../core/tensor/arena';
import { Heap } from '../../core/tensor/heap';

/** A new arena, in memory of its own. */
export const newArena = (): Arena => new Arena(new Heap(new WebAssembly.Memory({ initial: 1 })));

/** The plain loops, and where a session that they compute lives. */
export const referenceSpace = {
  kernels: referenceKernels,
  kernelDescription: { build: 'reference', threads: 1 },
  newArena,
} as const;

/** A tape on memory of its own. */
export function newTape(dtype: FloatType = 'float32'): Tape {
  return new Tape(referenceKernels, newArena(), dtype);
}

/** A node's value, or with `d` before the name its gradient, as plain numbers. */
export function numbersOf(network: Network, name: string): number[] {
  if (network.nodes.some((node) => node.name === name)) return Array.from(network.node(name).tensor.values());
  return Array.from(network.tape.gradientOf(network.node(name.slice(1)).tensor).values());
}
