import { Tape } from '../../core/autograd/tape';
import { referenceKernels } from '../../core/kernels/reference/reference';
import type { Network } from '../../core/programs/network';
import { Arena, type ArenaMemory, type FloatType } from '../../core/tensor/arena';

/** New memory for an arena. */
export const createMemory = (): ArenaMemory => new WebAssembly.Memory({ initial: 1 });

/** A tape on memory of its own. */
export function newTape(dtype: FloatType = 'float32'): Tape {
  return new Tape(referenceKernels, new Arena(createMemory()), dtype);
}

/** A node's value, or with `d` before the name its gradient, as plain numbers. */
export function numbersOf(network: Network, name: string): number[] {
  if (network.nodes.some((node) => node.name === name)) return Array.from(network.node(name).tensor.values());
  return Array.from(network.tape.gradientOf(network.node(name.slice(1)).tensor).values());
}
