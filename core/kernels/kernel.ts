import type { Tensor } from '../tensor/tensor';

/** A planned piece of numeric work on fixed tensors. Running it reads and writes them and allocates nothing. */
export type Kernel = () => void;

/** A normalised batch, or normalised rows. */
export interface Normalised {
  /** x̂ = (x − mean) / √(variance + ε). */
  readonly normalised: Tensor;
  /** 1 / √(variance + ε), a number a column, or a row where rows are normalised. */
  readonly inverse: Tensor;
}

/** The kernel that does nothing. */
export const nothing: Kernel = () => {};

/** Runs the kernels one after the other. */
export function sequence(...kernels: readonly Kernel[]): Kernel {
  return () => {
    for (let index = 0; index < kernels.length; index++) kernels[index]?.();
  };
}
