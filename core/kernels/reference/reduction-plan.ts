import type { Shape } from '../../tensor/shape';
import { Tensor } from '../../tensor/tensor';
import { RowCursor } from '../loops';

/** The shape of `x` with every dimension as 1 that `out` has as 1 or lacks at the front. */
export function keptOf(out: Shape, x: Shape): Shape {
  const lead = x.length - out.length;
  return x.map((size, dim) => (dim < lead || out[dim - lead] === 1 ? 1 : size));
}

/** The shape with one dimension as 1. */
export function keptAlong(shape: Shape, dim: number): Shape {
  return shape.map((size, index) => (index === dim ? 1 : size));
}

/** Visits, for every element of a reduced shape, the elements of the full tensors that it is made of, or that it spreads to. */
export class ReductionPlan {
  /** Over the elements of the full tensors that one element takes, relative to the first. */
  readonly reduced: RowCursor;
  /** How many these are. */
  readonly count: number;
  /** Of the element that is visited, its place in each of the small tensors. */
  readonly places: Int32Array;
  /** Over the small tensors, then the full ones at the first of the elements to reduce. */
  readonly #kept: RowCursor;
  /** Of the element that is visited, the first place in each of the full tensors. */
  readonly #bases: Int32Array;

  /**
   * @param kept The full tensors' shape with each reduced dimension as 1.
   * @param small Contiguous, of as many elements.
   */
  constructor(kept: Shape, small: readonly Tensor[], full: readonly Tensor[]) {
    const [{ shape }] = full;
    const reducedShape = shape.map((size, dim) => (kept[dim] === size ? 1 : size));
    this.#kept = new RowCursor(kept, [
      ...small.map((tensor) => tensor.view(kept)),
      ...full.map(({ storage, strides, offset }) => new Tensor(storage, kept, strides, offset)),
    ]);
    this.reduced = new RowCursor(
      reducedShape,
      full.map(({ storage, strides }) => new Tensor(storage, reducedShape, strides, 0)),
    );
    this.count = reducedShape.reduce((product, size) => product * size, 1);
    this.places = new Int32Array(small.length);
    this.#bases = new Int32Array(full.length);
  }

  /** Visits every element of the reduced shape, `places` and `reduced` set to it. */
  forEach(visit: () => void): void {
    const kept = this.#kept;
    const { offsets, steps, length } = kept;
    const smalls = this.places.length;
    kept.reset();
    do {
      for (let i = 0; i < length; i++) {
        for (let at = 0; at < smalls; at++) this.places[at] = offsets[at] + i * steps[at];
        for (let at = smalls; at < offsets.length; at++) this.#bases[at - smalls] = offsets[at] + i * steps[at];
        this.restart();
        visit();
      }
    } while (kept.next());
  }

  /** Sets `reduced` to the first of the elements again. */
  restart(): void {
    this.reduced.reset(this.#bases);
  }
}
