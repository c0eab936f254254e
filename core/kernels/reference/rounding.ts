import type { Tensor } from '../../tensor/tensor';

/** What rounds to a tensor's type. */
export const roundingOf = ({ dtype }: Tensor): ((value: number) => number) =>
  dtype === 'float32' ? Math.fround : (value) => value;
