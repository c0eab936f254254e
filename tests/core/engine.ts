import type { SessionParts } from '../../core/debugger/session-parts';
import { Tape } from '../../core/graph/tape';
import { referenceKernels } from '../../core/kernels/reference/reference';
import type { Network } from '../../core/programs/network';
import type { Arithmetic } from '../../core/programs/settings';
import { Arena, type FloatType } from '../../core/tensor/arena';
import { Heap } from '../../core/tensor/heap';
import { Engine } from '../../electron/engine/engine';

/** A new arena, in memory of its own. */
export const newArena = (): Arena => new Arena(new Heap(new WebAssembly.Memory({ initial: 1 })));

/** The plain loops, and where a session that they compute lives. */
export const referenceSpace = {
  kernels: referenceKernels,
  kernelDescription: { build: 'reference', threads: 1 },
  newArena,
} as const;

/** The same for every build, with the plain loops first. */
export const spaces = [
  { build: 'reference', space: () => referenceSpace },
  { build: 'plain', space: () => compiledSpace('reproducible') },
  { build: 'relaxed', space: () => compiledSpace('fast') },
] as const;

/** Compiled kernels, and where a session that they compute lives. */
export function compiledSpace(arithmetic: Arithmetic, threads = 1) {
  const { kernels, description, newArena: inItsMemory, crew } = new Engine({ threads }).begin(arithmetic);
  return { kernels, kernelDescription: description, newArena: inItsMemory, crew };
}

/** A tape on memory of its own. */
export function newTape(
  dtype: FloatType = 'float32',
  { kernels, newArena: inItsMemory }: Pick<SessionParts, 'kernels' | 'newArena'> = referenceSpace,
): Tape {
  return new Tape(kernels, inItsMemory(), dtype);
}

/** A node's value, or with `d` before the name its gradient, as plain numbers. */
export function numbersOf(network: Network, name: string): number[] {
  if (network.nodes.some((node) => node.name === name)) return Array.from(network.node(name).tensor.values());
  return Array.from(network.tape.gradientOf(network.node(name.slice(1)).tensor).values());
}
