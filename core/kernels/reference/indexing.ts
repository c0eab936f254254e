import { outOfBounds, type Place, type Selection } from '../../tensor/selection';
import type { Tensor } from '../../tensor/tensor';
import type { Kernel } from '../kernels';
import { RowCursor } from '../loops';

/** @throws RangeError naming the kernel, with the position that is outside of its dimension as the cause. */
export function refusePosition(kernel: string, position: number, { dim, size }: Place): never {
  const cause = outOfBounds(position, dim, size);
  throw new RangeError(`${kernel}: ${cause.message}.`, { cause });
}

/** Walks a selection beside another tensor of its shape, row by row. */
class SelectionWalk {
  readonly cursor: RowCursor;
  readonly #kernel: string;
  readonly #selection: Selection;
  /** Of each place, its positions' numbers: the memory may have grown since the last run. */
  readonly #positions: ArrayLike<number>[];

  constructor(kernel: string, selection: Selection, other: Tensor) {
    const { base, places } = selection;
    this.cursor = new RowCursor(base.shape, [other, base, ...places.map(({ positions }) => positions)]);
    this.#kernel = kernel;
    this.#selection = selection;
    this.#positions = places.map(({ positions }) => positions.storage.data);
  }

  begin(): void {
    const { places } = this.#selection;
    for (let place = 0; place < places.length; place++) this.#positions[place] = places[place].positions.storage.data;
    this.cursor.reset();
  }

  /** Where the `i`th element of the present row stands. @throws RangeError for a position outside its dimension. */
  elementAt(i: number): number {
    const { offsets, steps } = this.cursor;
    const { places } = this.#selection;
    let at = offsets[1] + i * steps[1];
    for (let index = 0; index < places.length; index++) {
      const { size, stride, wraps } = places[index];
      const given = this.#positions[index][offsets[index + 2] + i * steps[index + 2]];
      const position = given < 0 && wraps ? given + size : given;
      if (!(position >= 0 && position < size)) refusePosition(this.#kernel, given, places[index]);
      at += position * stride;
    }
    return at;
  }
}

export function gather(out: Tensor, selection: Selection): Kernel {
  const walk = new SelectionWalk('gather', selection, out);
  const { cursor } = walk;
  const step = cursor.steps[0];
  return () => {
    const outData = out.storage.data;
    const data = selection.base.storage.data;
    walk.begin();
    do {
      const to = cursor.offsets[0];
      for (let i = 0; i < cursor.length; i++) outData[to + i * step] = data[walk.elementAt(i)];
    } while (cursor.next());
  };
}

export function scatter(selection: Selection, x: Tensor, accumulate: boolean): Kernel {
  const walk = new SelectionWalk('scatter', selection, x);
  const { cursor } = walk;
  const step = cursor.steps[0];
  return () => {
    const data = selection.base.storage.data;
    const xData = x.storage.data;
    walk.begin();
    do {
      const from = cursor.offsets[0];
      for (let i = 0; i < cursor.length; i++) {
        const value = xData[from + i * step];
        if (accumulate) data[walk.elementAt(i)] += value;
        else data[walk.elementAt(i)] = value;
      }
    } while (cursor.next());
  };
}
