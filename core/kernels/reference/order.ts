import { Tensor } from '../../tensor/tensor';
import type { Kernel } from '../kernels';
import { RowCursor } from '../loops';
import { keptAlong, ReductionPlan } from './reduction-plan';

/** Whether a number comes before another in ascending order; what is not a number comes last. */
function comesBefore(a: number, b: number): boolean {
  return a < b || (Number.isNaN(b) && !Number.isNaN(a));
}

/** By merging, which keeps equals in their order and allocates nothing; the compiled builds use this loop, too. */
export function argsort(out: Tensor, x: Tensor, dim: number, isDescending: boolean): Kernel {
  const plan = new ReductionPlan(keptAlong(x.shape, dim), [], [x, out]);
  const { offsets, steps, length } = plan.reduced;
  let sorted = new Int32Array(length);
  let merged = new Int32Array(length);
  /** Merges two runs of `sorted`, [first, middle) and [middle, end), into `merged`: of equals, the first run's come first. */
  const merge = (first: number, middle: number, end: number) => {
    const data = x.storage.data;
    const from = offsets[0];
    const step = steps[0];
    let left = first;
    let right = middle;
    for (let to = first; to < end; to++) {
      let takesRight = left === middle;
      if (left < middle && right < end) {
        const one = data[from + sorted[left] * step];
        const other = data[from + sorted[right] * step];
        takesRight = isDescending ? comesBefore(one, other) : comesBefore(other, one);
      }
      merged[to] = takesRight ? sorted[right++] : sorted[left++];
    }
  };
  const visit = () => {
    for (let i = 0; i < length; i++) sorted[i] = i;
    for (let run = 1; run < length; run *= 2) {
      for (let first = 0; first < length; first += 2 * run) {
        merge(first, Math.min(first + run, length), Math.min(first + 2 * run, length));
      }
      const spare = sorted;
      sorted = merged;
      merged = spare;
    }
    for (let i = 0; i < length; i++) out.storage.data[offsets[1] + i * steps[1]] = sorted[i];
  };
  return () => plan.forEach(visit);
}

export function searchSorted(out: Tensor, sorted: Tensor, values: Tensor, isRight: boolean): Kernel {
  const last = values.shape.length - 1;
  const size = sorted.shape[sorted.shape.length - 1];
  const kept = keptAlong(values.shape, last);
  const lines = [values, out, sorted.expand([...values.shape.slice(0, -1), size])];
  const cursor = new RowCursor(
    kept,
    lines.map(({ storage, strides, offset }) => new Tensor(storage, kept, strides, offset)),
  );
  const [from, to, edge] = lines.map(({ strides }) => strides[last]);
  const length = values.shape[last];
  const find = (value: number, start: number) => {
    const data = sorted.storage.data;
    let low = 0;
    let high = size;
    while (low < high) {
      const middle = (low + high) >> 1;
      const present = data[start + middle * edge];
      if (isRight ? !comesBefore(value, present) : comesBefore(present, value)) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return () => {
    const data = values.storage.data;
    const outData = out.storage.data;
    const { offsets, steps } = cursor;
    cursor.reset();
    do {
      for (let row = 0; row < cursor.length; row++) {
        const start = offsets[2] + row * steps[2];
        for (let i = 0; i < length; i++) {
          const value = data[offsets[0] + row * steps[0] + i * from];
          outData[offsets[1] + row * steps[1] + i * to] = find(value, start);
        }
      }
    } while (cursor.next());
  };
}
