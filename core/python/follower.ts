import { broadcastsTo } from '../tensor/broadcasting';
import { elementCount, type Shape, sameShape, unravelIndex } from '../tensor/shape';
import { writeElements } from './calls/types';
import { comparingSite, Moments, numberTensor } from './recorder';
import type { Held, RunObserver } from './run-observer';
import type { TensorTable, TypedTensor } from './tensor-table';
import { bytesOf, valuesOf } from './tensor-table';

/** An answer to be captured when it is complete. */
export interface Planned {
  /** Of the node, as the caller knows it. */
  readonly key: number;
  readonly node: string;
  /** Where it is written; null where only a comparison knows it. */
  readonly place: string | null;
  readonly statement: number;
  /** The moment at which it is complete: see `Moment`; null for what its place holds in the end. */
  readonly hook: string | null;
}

/** What an answer came to in one run. */
export interface Captured {
  readonly shape: Shape;
  readonly values: Float64Array;
  /** Nodes whose gradients it was computed from, as far as tensors tell. */
  readonly reads: ReadonlySet<string>;
  /** The same, and those whose numbers Python had seen by then: it may have computed with them. */
  readonly mayRead: ReadonlySet<string>;
}

/** What is to stand in the place of a node's gradient once it is complete: numbers of the node's shape. */
export interface Replacement {
  readonly shape: Shape;
  readonly values: Float64Array;
}

export interface FollowerParts {
  readonly table: TensorTable;
  readonly planned: readonly Planned[];
  /** By node; a node without one keeps its own. */
  readonly replacements: ReadonlyMap<string, Replacement>;
  /** What `.grad` of a forward value is to the code. */
  readonly gradOf: (tensor: TypedTensor) => TypedTensor | null;
}

/**
 * Follows a run of code that was recorded before: captures every answer at the moment at which it was complete then, and puts
 * other numbers in its place, by which all that follows is judged.
 */
export class Follower implements RunObserver {
  readonly captured = new Map<number, Captured>();
  readonly #parts: FollowerParts;
  readonly #planned = new Map<string, Planned[]>();
  readonly #current = new Map<string, TypedTensor>();
  readonly #graded = new Set<TypedTensor['block']>();
  readonly #moments = new Moments();

  constructor(parts: FollowerParts) {
    this.#parts = parts;
    for (const planned of parts.planned) {
      const moment = momentKey(planned);
      this.#planned.set(moment, [...(this.#planned.get(moment) ?? []), planned]);
    }
  }

  statement(index: number): void {
    this.#moments.begin(index);
  }

  bound(site: number, place: string, held: Held): TypedTensor | null {
    const { table } = this.#parts;
    const typed = typeof held === 'string' ? numberTensor(table, held) : held;
    this.#keep(place, typed);
    let instead: TypedTensor | null = null;
    for (const { planned, complete } of this.#completedAt(site, place)) {
      const replacement = this.#replacementOf(planned, complete);
      if (replacement === null) continue;
      if (planned.place !== place) this.#writeOver(complete, replacement);
      else instead = replacement;
    }
    if (instead !== null) this.#keep(place, instead);
    return instead;
  }

  moved(place: string, typed: TypedTensor): void {
    if (this.#current.has(place)) this.#keep(place, typed);
  }

  lost(site: number, place: string): void {
    this.#moments.next(site, place);
  }

  wrote(site: number): void {
    for (const { planned, complete } of this.#completedAt(site, '')) {
      const replacement = this.#replacementOf(planned, complete);
      if (replacement !== null) this.#writeOver(complete, replacement);
    }
  }

  compared(label: string, gradient: Held): void {
    const typed = typeof gradient === 'string' ? numberTensor(this.#parts.table, gradient) : gradient;
    for (const planned of this.#plannedAt(comparingSite, label)) this.#capture(planned, typed);
  }

  comparedByHand(one: TypedTensor, other: TypedTensor): void {
    for (const [mine, theirs] of [
      [one, other],
      [other, one],
    ])
      if (this.#graded.has(theirs.block)) this.compared('', mine);
  }

  grad(tensor: TypedTensor): TypedTensor | null {
    const gradient = this.#parts.gradOf(tensor);
    if (gradient !== null) this.#graded.add(gradient.block);
    return gradient;
  }

  /** Lets go of what it held. What was planned and has not been captured is what its place holds in the end. */
  finish(): void {
    for (const planned of this.#parts.planned) {
      const last = planned.place === null ? undefined : this.#current.get(planned.place);
      if (!this.captured.has(planned.key) && last !== undefined) this.#capture(planned, last);
    }
    for (const typed of this.#current.values()) this.#parts.table.drop(typed);
    this.#current.clear();
  }

  /** What was planned for this moment, which is then over. */
  #plannedAt(site: number, what: string): readonly Planned[] {
    return this.#planned.get(momentKey(this.#moments.next(site, what))) ?? [];
  }

  /** The answers that are complete at this moment, all captured: two may be one tensor, which is then written over. */
  #completedAt(site: number, what: string): readonly { readonly planned: Planned; readonly complete: TypedTensor }[] {
    const completed = this.#plannedAt(site, what).flatMap((planned) => {
      const complete = planned.place === null ? undefined : this.#current.get(planned.place);
      return complete === undefined ? [] : [{ planned, complete }];
    });
    for (const { planned, complete } of completed) this.#capture(planned, complete);
    return completed;
  }

  #keep(place: string, typed: TypedTensor): void {
    const { table } = this.#parts;
    const before = this.#current.get(place);
    table.hold(typed);
    if (before !== undefined) table.drop(before);
    this.#current.set(place, typed);
  }

  /** What is to stand in an answer's place; null where it is to stay. */
  #replacementOf(planned: Planned, typed: TypedTensor): TypedTensor | null {
    const { table, replacements } = this.#parts;
    const replacement = replacements.get(planned.node);
    if (replacement === undefined) return null;
    // One that does not fit the node is replaced by one that does: what follows is judged as if it had been right.
    const own = typed.tensor.shape;
    const shape = broadcastsTo(own, replacement.shape) ? own : replacement.shape;
    const instead = table.allocate(table.floatType, shape);
    instead.tensor.values().set(reducedTo(replacement, shape));
    table.mark(instead, table.sets.of(planned.node), true);
    return instead;
  }

  #capture(planned: Planned, typed: TypedTensor): void {
    const { table } = this.#parts;
    table.memory.take(bytesOf(typed) + typed.tensor.elements * 8);
    const { shape, values } = valuesOf(typed);
    const sources = table.sourcesOf(typed);
    this.captured.set(planned.key, {
      shape,
      values: Float64Array.from(values),
      reads: table.sets.members(sources),
      mayRead: table.sets.members(table.sets.join(sources, table.escaped)),
    });
  }

  #writeOver(target: TypedTensor, source: TypedTensor): void {
    const { table } = this.#parts;
    if (!sameShape(target.tensor.shape, source.tensor.shape)) return;
    writeElements(target, source);
    table.mark(target, table.sourcesOf(source), true);
  }
}

const momentKey = ({ statement, hook }: Pick<Planned, 'statement' | 'hook'>) => `${statement} ${hook}`;

/** Of numbers that are the same along every axis that `shape` has not, those that it has. */
function reducedTo({ shape: whole, values }: Replacement, shape: Shape): Float64Array {
  const count = elementCount(shape);
  if (count === values.length) return values;
  const lead = whole.length - shape.length;
  return Float64Array.from({ length: count }, (_, position) => {
    const index = unravelIndex(position, shape);
    let at = 0;
    for (const [dim, size] of whole.entries()) at = at * size + (dim < lead ? 0 : (index[dim - lead] ?? 0));
    return values[at] ?? Number.NaN;
  });
}
