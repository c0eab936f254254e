import { Tensor } from '../../tensor/tensor';
import type { Kernel } from '../kernels';
import { RowCursor } from '../loops';

/** @throws RangeError naming the kernel, the index and how many there are. */
function requireIndex(op: string, index: number, size: number): void {
  if (index < 0 || index >= size) throw new RangeError(`${op}: index ${index} is out of range for ${size} entries.`);
}

/** A tensor at index 0 of a dimension, without it. */
function atFirst({ storage, shape, strides, offset }: Tensor, dim: number): Tensor {
  const isOther = (_: number, index: number) => index !== dim;
  return new Tensor(storage, shape.filter(isOther), strides.filter(isOther), offset);
}

export function classWeights(
  out: Tensor,
  targets: Tensor,
  classes: number,
  weight: Tensor | null,
  ignored: number,
): Kernel {
  const cursor = new RowCursor(out.shape, [out, targets]);
  const { length, offsets } = cursor;
  const [outStep, targetStep] = cursor.steps;
  return () => {
    const outData = out.storage.data;
    const targetData = targets.storage.data;
    cursor.reset();
    do {
      for (let i = 0; i < length; i++) {
        const target = targetData[offsets[1] + i * targetStep];
        if (target !== ignored) requireIndex('nllLoss', target, classes);
        const own = weight === null ? 1 : weight.storage.data[weight.offset + target * weight.strides[0]];
        outData[offsets[0] + i * outStep] = target === ignored ? 0 : own;
      }
    } while (cursor.next());
  };
}

export function nllLoss(
  out: Tensor,
  x: Tensor,
  dim: number,
  targets: Tensor,
  weights: Tensor,
  ignored: number,
): Kernel {
  const cursor = new RowCursor(out.shape, [out, targets, weights, atFirst(x, dim)]);
  const { length, offsets } = cursor;
  const [outStep, targetStep, weightStep, step] = cursor.steps;
  const classStep = x.strides[dim];
  return () => {
    const outData = out.storage.data;
    const targetData = targets.storage.data;
    const weightData = weights.storage.data;
    const data = x.storage.data;
    cursor.reset();
    do {
      for (let i = 0; i < length; i++) {
        const target = targetData[offsets[1] + i * targetStep];
        const picked = data[offsets[3] + i * step + target * classStep];
        outData[offsets[0] + i * outStep] = target === ignored ? 0 : -picked * weightData[offsets[2] + i * weightStep];
      }
    } while (cursor.next());
  };
}

export function nllLossGradient(
  out: Tensor,
  dim: number,
  gradient: Tensor,
  targets: Tensor,
  weights: Tensor,
  ignored: number,
): Kernel {
  const cursor = new RowCursor(targets.shape, [atFirst(out, dim), targets, weights, gradient]);
  const { length, offsets } = cursor;
  const [outStep, targetStep, weightStep, step] = cursor.steps;
  const classStep = out.strides[dim];
  const { offset, elements } = out;
  return () => {
    const outData = out.storage.data;
    const targetData = targets.storage.data;
    const weightData = weights.storage.data;
    const upstream = gradient.storage.data;
    outData.fill(0, offset, offset + elements);
    cursor.reset();
    do {
      for (let i = 0; i < length; i++) {
        const target = targetData[offsets[1] + i * targetStep];
        if (target === ignored) continue;
        const passed = -upstream[offsets[3] + i * step] * weightData[offsets[2] + i * weightStep];
        outData[offsets[0] + i * outStep + target * classStep] = passed;
      }
    } while (cursor.next());
  };
}

export function maskIgnored(out: Tensor, x: Tensor, targets: Tensor, ignored: number): Kernel {
  const cursor = new RowCursor(out.shape, [out, x, targets]);
  const { length, offsets } = cursor;
  const [outStep, step, targetStep] = cursor.steps;
  return () => {
    const outData = out.storage.data;
    const data = x.storage.data;
    const targetData = targets.storage.data;
    cursor.reset();
    do {
      for (let i = 0; i < length; i++) {
        const isIgnored = targetData[offsets[2] + i * targetStep] === ignored;
        outData[offsets[0] + i * outStep] = isIgnored ? 0 : data[offsets[1] + i * step];
      }
    } while (cursor.next());
  };
}
