import type { Kernel, Kernels } from '../kernels/kernels';
import type { Moments } from '../protocol/answers';
import { histogramBins, mapWords } from '../protocol/frame';
import type { Arena } from '../tensor/arena';
import { Tensor } from '../tensor/tensor';
import { saturationThreshold } from './diagnostics';

/** A kernel that measures something of a tensor, and what reads it once the kernel has run. */
export interface Measurement<Result> {
  readonly kernel: Kernel;
  read(): Result;
}

/** Where |x| > 0.97 in a layer's output. Both are NaN where an output is: such a layer is not known to be unsaturated. */
interface Saturation {
  /** Share of its cells. */
  readonly saturated: number;
  /** Units that are so for every example. */
  readonly dead: number;
}

interface DistributionMeasurement extends Measurement<Moments> {
  density(): Float32Array;
}

/** It tells cell by cell as well: a bit each, row by row, 32 to a word, lowest first. */
interface SaturationMeasurement extends Measurement<Saturation> {
  map(): Uint32Array;
}

/** Plans measurements on tensors that stay, with results in an arena of the memory the kernels see. */
export class Measurements {
  readonly #kernels: Kernels;
  readonly #arena: Arena;

  constructor(kernels: Kernels, arena: Arena) {
    this.#kernels = kernels;
    this.#arena = arena;
  }

  /** Of a contiguous tensor. */
  moments(x: Tensor): Measurement<Moments> {
    const out = this.#moments();
    return { kernel: this.#kernels.moments(out, x), read: () => readMoments(out) };
  }

  /** Moments, and torch.histogram's densities of 100 bins, of a contiguous tensor. */
  distribution(x: Tensor): DistributionMeasurement {
    const out = this.#moments();
    const range = Tensor.zeros(this.#arena, 'float64', [2]);
    const density = Tensor.zeros(this.#arena, 'float32', [histogramBins]);
    return {
      kernel: this.#kernels.distribution(out, range, density, x),
      read: () => readMoments(out),
      density: () => Float32Array.from(density.values()),
    };
  }

  /** Of a contiguous matrix. */
  saturation(x: Tensor): SaturationMeasurement {
    const [rows, columns] = x.shape;
    const map = Tensor.zeros(this.#arena, 'int32', [mapWords(rows, columns)]);
    const totals = Tensor.zeros(this.#arena, 'int32', [2]);
    return {
      kernel: this.#kernels.saturation(map, totals, x, saturationThreshold),
      read() {
        const { data } = totals.storage;
        if (hasNaN(x.values())) return { saturated: Number.NaN, dead: Number.NaN };
        return { saturated: data[0] / x.elements, dead: data[1] };
      },
      map: () => Uint32Array.from(map.values()),
    };
  }

  #moments(): Tensor {
    return Tensor.zeros(this.#arena, 'float64', [4]);
  }
}

/** As `Kernels.moments` writes them. */
function readMoments({ storage: { data } }: Tensor): Moments {
  return { mean: data[0], std: data[1], minimum: data[2], maximum: data[3] };
}

/** A plain loop, since it is asked at every step where a condition does. */
function hasNaN(values: ArrayLike<number>): boolean {
  for (let index = 0; index < values.length; index++) if (Number.isNaN(values[index])) return true;
  return false;
}
