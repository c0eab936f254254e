import { ulpDistance } from '../gradients/ulp';
import { histogram } from '../kernels/reference/histogram';
import { moments } from '../kernels/reference/moments';
import type { NodeDetail, Quantity } from '../protocol/answers';
import { inspectWindow } from '../protocol/commands';
import type { ManualGradient } from '../python/lab-service';
import { type Shape, sameShape } from '../tensor/shape';
import type { Tensor } from '../tensor/tensor';

/** What a node holds at one step. */
export interface NodeTensors {
  readonly node: string;
  readonly step: number;
  readonly value: Tensor;
  readonly gradient: Tensor;
  /** The gradient by hand, where there is one. */
  readonly manual: ManualGradient | null;
}

/** A node's numbers, with the cells of a window that begins at (row, column) of its 2-D fold, moved inside the fold. */
export function nodeDetail(
  { node, step, value, gradient, manual }: NodeTensors,
  row: number,
  column: number,
): NodeDetail {
  const { rows, columns } = fold(value.shape);
  const window = {
    row: Math.max(0, Math.min(row, rows - inspectWindow)),
    column: Math.max(0, Math.min(column, columns - inspectWindow)),
    rows: Math.min(rows, inspectWindow),
    columns: Math.min(columns, inspectWindow),
  };
  const cellsOf = (values: ArrayLike<number>) => cut(values, columns, window);
  const quantity = (values: ArrayLike<number>): Quantity => ({
    cells: cellsOf(values),
    moments: moments(values),
    histogram: histogram(values),
  });
  const byHand = manual !== null && sameShape(manual.shape, value.shape) ? manual.values : null;
  const autograd = gradient.values();
  return {
    node,
    step,
    shape: value.shape,
    rows,
    columns,
    window,
    value: quantity(value.values()),
    gradient: quantity(autograd),
    manual: byHand === null ? null : quantity(byHand),
    difference: byHand === null ? null : quantity(Float32Array.from(autograd, (expected, i) => byHand[i] - expected)),
    ulp:
      byHand === null ? null : cellsOf(Float32Array.from(autograd, (expected, i) => ulpDistance(byHand[i], expected))),
  };
}

/** Leading dimensions × the last one. */
function fold(shape: Shape): { rows: number; columns: number } {
  const columns = shape.at(-1) ?? 1;
  return { rows: shape.slice(0, -1).reduce((product, size) => product * size, 1), columns };
}

function cut(values: ArrayLike<number>, columns: number, window: NodeDetail['window']): Float32Array {
  const cells = new Float32Array(window.rows * window.columns);
  for (let row = 0; row < window.rows; row++) {
    for (let column = 0; column < window.columns; column++) {
      cells[row * window.columns + column] = values[(window.row + row) * columns + window.column + column];
    }
  }
  return cells;
}
