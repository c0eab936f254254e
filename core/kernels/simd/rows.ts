import type { Shape } from '../../tensor/shape';
import type { Tensor } from '../../tensor/tensor';
import { mergeDimensions } from '../loops';

/** Tensors of one shape, seen as rows: the form in which the compiled loops take them. */
export interface Rows {
  readonly rows: number;
  /** Numbers of a row. */
  readonly count: number;
  /** Per operand, its first byte. */
  readonly starts: readonly number[];
  /** Per operand, bytes from one row to the next; 0 where it repeats. */
  readonly rowBytes: readonly number[];
  /** Per operand, 1 where a row is a run of numbers, 0 where it is one number repeated. */
  readonly steps: readonly number[];
}

/** The operands as rows; null where one of them has to be walked otherwise. The first is contiguous. */
export function rowsOf(shape: Shape, operands: readonly Tensor[]): Rows | null {
  const merged = mergeDimensions(
    shape,
    operands.map((operand) => operand.expand(shape).strides),
  );
  const dimensions = merged.shape.length;
  if (dimensions > 2) return null;
  const steps = merged.strides.map((strides) => (dimensions === 0 ? 1 : strides[dimensions - 1]));
  if (steps.some((step) => step !== 0 && step !== 1)) return null;
  return {
    rows: dimensions === 2 ? merged.shape[0] : 1,
    count: dimensions === 0 ? 1 : merged.shape[dimensions - 1],
    starts: operands.map(addressOf),
    rowBytes: merged.strides.map((strides) => (dimensions === 2 ? strides[0] * bytesPerSingle : 0)),
    steps,
  };
}

/** Bytes of a float32, and of an int32. */
export const bytesPerSingle = 4;

/** The first byte of a tensor's element 0. */
export function addressOf({ storage, offset }: Tensor): number {
  return storage.byteOffset + offset * storage.data.BYTES_PER_ELEMENT;
}

/** Whether a tensor is of the type that the compiled loops compute in. */
export const isSingle = ({ dtype }: Tensor) => dtype === 'float32';
