import type { Arena } from '../../tensor/arena';
import type { Kernel } from '../kernels';
import type { SimdFunctions } from './functions';

/** Jobs that two threads can share, with their numbers in `assembly/crew.ts`. */
const kinds = { matmul: 0, tanh: 1, update: 2, tanhGradient: 3, matmulStack: 4 } as const;
type Job = keyof typeof kinds;

/**
 * From how much work on sharing gains: multiply-adds of a product, numbers of the others. Measured: less costs more to
 * hand over (about half a microsecond) than half of it takes.
 */
const leastWork: Readonly<Record<Job, number>> = {
  matmul: 250_000,
  matmulStack: 250_000,
  tanh: 3_000,
  update: 8_000,
  tanhGradient: 3_000,
};

/** Bytes of the block through which the threads meet, as `assembly/crew.ts` lays it out. */
export const crewControlBytes = 256;

/** The thread that computes and the one that helps it. Results do not depend on whether the second is there. */
export class Crew {
  readonly #functions: Pick<SimdFunctions, 'share'>;
  readonly #arena: Arena;
  readonly #control: number;
  /** Whether the second thread is made use of; changes nothing but the time. */
  isOn = true;

  /**
   * @param arena for the records of jobs, of the memory the functions see.
   * @param control address of a zeroed block of `crewControlBytes`, at a multiple of 64.
   */
  constructor(functions: Pick<SimdFunctions, 'share'>, arena: Arena, control: number) {
    this.#functions = functions;
    this.#arena = arena;
    this.#control = control;
  }

  /** The shared job, or `alone` where it is not worth sharing. `values` are its arguments in the recorded order. */
  plan(job: Job, work: number, values: readonly number[], alone: Kernel): Kernel {
    if (work < leastWork[job]) return alone;
    const record = this.#arena.allocate('int32', values.length + 1);
    record.data.set([kinds[job], ...values]);
    const control = this.#control;
    const { byteOffset } = record;
    const run = this.#functions.share;
    return () => {
      if (this.isOn) run(control, byteOffset);
      else alone();
    };
  }
}
