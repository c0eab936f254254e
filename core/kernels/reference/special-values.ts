import type { Tensor } from '../../tensor/tensor';
import type { Kernel } from '../kernels';
import { RowCursor } from '../loops';
import type { Tolerance } from '../reductions';

/** Plans `visit` of every element: its places in each operand. */
function overElements(out: Tensor, operands: readonly Tensor[], visit: (places: Int32Array) => void): Kernel {
  const cursor = new RowCursor(out.shape, [out, ...operands]);
  const places = new Int32Array(operands.length + 1);
  return () => {
    cursor.reset();
    do {
      for (let i = 0; i < cursor.length; i++) {
        for (let at = 0; at < places.length; at++) places[at] = cursor.offsets[at] + i * cursor.steps[at];
        visit(places);
      }
    } while (cursor.next());
  };
}

export function isClose(out: Tensor, a: Tensor, b: Tensor, { rtol, atol, equalNan }: Tolerance): Kernel {
  return overElements(out, [a, b], (places) => {
    const one = a.storage.data[places[1]];
    const other = b.storage.data[places[2]];
    const isSame = one === other || (equalNan && Number.isNaN(one) && Number.isNaN(other));
    const difference = Math.abs(one - other);
    const isNear = difference <= atol + rtol * Math.abs(other) && Number.isFinite(difference);
    out.storage.data[places[0]] = Number(isSame || isNear);
  });
}

export function divideOrZero(out: Tensor, a: Tensor, b: Tensor): Kernel {
  return overElements(out, [a, b], (places) => {
    const divisor = b.storage.data[places[2]];
    out.storage.data[places[0]] = divisor === 0 ? 0 : a.storage.data[places[1]] / divisor;
  });
}

export function infiniteToZero(out: Tensor, x: Tensor): Kernel {
  return overElements(out, [x], (places) => {
    const value = x.storage.data[places[1]];
    out.storage.data[places[0]] = Math.abs(value) === Number.POSITIVE_INFINITY ? 0 : value;
  });
}
