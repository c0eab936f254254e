import { type Shape, sameShape } from '../tensor/shape';
import type { Held, RunObserver } from './run-observer';
import type { Program } from './runner';
import { bytesOf, type TensorTable, type TensorValues, type TypedTensor, valuesOf } from './tensor-table';

/** When something happened in a run. */
export interface Moment {
  readonly statement: number;
  /** Which hook of the code told it, and for the how manieth time in this statement: the same in every run of the code. */
  readonly hook: string;
  /** Its place in the order of all that happened in this run. */
  readonly at: number;
}

/** Counts the moments of a run, by statement and hook. */
export class Moments {
  #statement = 0;
  #at = 0;
  readonly #counts = new Map<string, number>();

  /** A top-level statement begins. */
  begin(statement: number): void {
    this.#statement = statement;
    this.#counts.clear();
  }

  /** @param what of hooks that stand nowhere in the code: what they tell of. */
  next(site: number, what: string): Moment {
    const hook = site < 0 ? `${site} ${what}` : String(site);
    const count = this.#counts.get(hook) ?? 0;
    this.#counts.set(hook, count + 1);
    return { statement: this.#statement, hook: `${hook} ${count}`, at: this.#at++ };
  }
}

/**
 * What one place of the code held, from when it was bound anew to its last change: `dcounts = …` and the `dcounts += …` that
 * follow are one holding; `dlogits = …` of exercise 2, which does not go on from exercise 1's, is another.
 */
export interface Holding {
  readonly id: number;
  /** `dlogits`, `grads['logits']`, `self.dx`. */
  readonly place: string;
  readonly shape: Shape;
  readonly values: TensorValues['values'];
  /** Every change, in order; the last one completes it. */
  readonly changes: readonly Change[];
  /** Holdings that it was computed from, by id, as far as the code has computed with tensors. */
  readonly reads: ReadonlySet<number>;
}

export interface Change extends Moment {
  /** Number of the hook's place in the code; −1 where it was noticed only after the statement. */
  readonly site: number;
}

/** A comparison by `cmp`, or by what does the same. */
export interface Comparing extends Moment {
  /** "logits"; empty where the code compares by itself. */
  readonly label: string;
  readonly node: TypedTensor;
  /** Places that hold the compared tensor at that moment. */
  readonly places: readonly string[];
  /** The holding of the first of them; null where the tensor is at no place. */
  readonly holding: number | null;
  readonly shape: Shape;
  readonly values: TensorValues['values'];
}

/** The site of a comparison, which has no place of its own in the code. */
export const comparingSite = -3;

/** Holdings of one place whose numbers are kept; of a temporary in a long loop only the last ones count. */
const mostHoldingsOfPlace = 8;
/** Holdings of one place that are told apart as sources. */
const mostSourcesOfPlace = 64;

interface Open {
  readonly id: number;
  readonly place: string;
  typed: TypedTensor;
  readonly changes: Change[];
}

/** Records what a run of the person's code computes: which place held what, when, and computed from what. */
export class Recorder implements RunObserver {
  readonly #table: TensorTable;
  readonly #gradOf: (tensor: TypedTensor) => TypedTensor | null;
  readonly #open = new Map<string, Open>();
  readonly #closed: Holding[] = [];
  readonly #counts = new Map<string, number>();
  readonly #lost = new Map<string, Change>();
  readonly #comparings: Comparing[] = [];
  /** Autograd's gradients that the code has read, and of what. */
  readonly #graded: { readonly gradient: TypedTensor; readonly of: TypedTensor }[] = [];
  readonly #moments = new Moments();
  readonly #program: Pick<Program, 'sites' | 'statements'>;
  #nextId = 0;

  /** @param gradOf what `.grad` of a forward value is; null of all else. */
  constructor(
    table: TensorTable,
    program: Pick<Program, 'sites' | 'statements'>,
    gradOf: (tensor: TypedTensor) => TypedTensor | null,
  ) {
    this.#table = table;
    this.#program = program;
    this.#gradOf = gradOf;
  }

  /** Whether the code has read `.grad` of a forward value. */
  get readsGrad(): boolean {
    return this.#graded.length > 0;
  }

  /** Places that no longer hold a tensor or a number in the end, and since when. */
  get lostPlaces(): ReadonlyMap<string, Change> {
    return this.#lost;
  }

  get comparings(): readonly Comparing[] {
    return this.#comparings;
  }

  /** Ends the record. @returns all holdings, in the order in which they were completed. */
  finish(): readonly Holding[] {
    for (const open of this.#open.values()) this.#close(open);
    this.#open.clear();
    return this.#closed.toSorted((one, other) => one.id - other.id);
  }

  statement(index: number): void {
    // The code can call the engine as its hooks do, and say that it is where there is no statement.
    if (this.#program.statements[index] !== undefined) this.#moments.begin(index);
  }

  bound(site: number, place: string, held: Held): TypedTensor | null {
    const change = this.#changeAt(site, place);
    const typed = typeof held === 'string' ? numberTensor(this.#table, held) : held;
    const present = this.#open.get(place);
    const isChanged = this.#noteWritten(change, present);
    if (present !== undefined && this.#goesOn(present, typed)) {
      // Handed on as it is, as by a function that returns its local names, it is complete already.
      const isNew = isChanged(typed) || !isSameTensor(present.typed, typed);
      if (present.typed !== typed) this.#move(present, typed);
      if (isNew) present.changes.push(change);
      return null;
    }
    if (present !== undefined) this.#close(present);
    this.#lost.delete(place);
    this.#begin(place, typed, change);
    return null;
  }

  moved(): void {
    throw new Error('A run that is recorded moves nothing.');
  }

  lost(site: number, place: string): void {
    const change = this.#changeAt(site, place);
    const present = this.#open.get(place);
    if (present !== undefined) this.#close(present);
    this.#open.delete(place);
    this.#lost.set(place, change);
  }

  wrote(site: number): void {
    const change = this.#changeAt(site, '');
    this.#noteWritten(change, undefined);
    const loop = this.#program.sites[site]?.loop;
    if (loop === undefined) return;
    // What a loop changes turn after turn is complete when the loop is: elsewhere it may have other turns.
    for (const { changes } of this.#open.values()) {
      if (changes[changes.length - 1].statement === change.statement && this.#isOverTurns(changes, loop)) {
        changes.push(change);
      }
    }
  }

  /** Whether some place of a loop changed a holding more than once, and not only in a loop within, within one turn. */
  #isOverTurns(changes: readonly Change[], loop: readonly [number, number]): boolean {
    const counts = new Map<number, number>();
    for (const { site } of changes) {
      if (loop[0] <= site && site < loop[1]) counts.set(site, (counts.get(site) ?? 0) + 1);
    }
    const isWithinOneTurn = (repeated: number) =>
      [...counts].some(([site, count]) => {
        const within = this.#program.sites[site]?.loop;
        return count === 1 && within !== undefined && within[0] <= repeated && repeated < within[1];
      });
    return [...counts].some(([site, count]) => count > 1 && !isWithinOneTurn(site));
  }

  compared(label: string, gradient: Held, node: TypedTensor): void {
    const moment = this.#changeAt(comparingSite, label);
    const typed = typeof gradient === 'string' ? numberTensor(this.#table, gradient) : gradient;
    const holders = [...this.#open.values()].filter((open) => isSameTensor(open.typed, typed));
    this.#table.memory.keep(bytesOf(typed));
    const { shape, values } = valuesOf(typed);
    this.#comparings.push({
      ...moment,
      label,
      node,
      places: holders.map(({ place }) => place),
      holding: holders[0]?.id ?? null,
      shape,
      values,
    });
  }

  grad(tensor: TypedTensor): TypedTensor | null {
    const gradient = this.#gradOf(tensor);
    if (gradient !== null) this.#graded.push({ gradient, of: tensor });
    return gradient;
  }

  /** The code compares two tensors by itself: where one is a `.grad` it says whose gradient the other is. */
  comparedByHand(one: TypedTensor, other: TypedTensor): void {
    for (const [mine, theirs] of [
      [one, other],
      [other, one],
    ]) {
      const graded = this.#graded.find(({ gradient }) => gradient.block === theirs.block);
      if (graded !== undefined) this.compared('', mine, graded.of);
    }
  }

  #changeAt(site: number, what: string): Change {
    return { ...this.#moments.next(site, what), site };
  }

  /** Every place whose numbers were changed through another name, or in place, since the last hook. @returns which were. */
  #noteWritten(change: Change, except: Open | undefined): (typed: TypedTensor) => boolean {
    const isChanged = this.#table.takeChanged();
    for (const open of this.#open.values()) if (open !== except && isChanged(open.typed)) open.changes.push(change);
    return isChanged;
  }

  #goesOn({ id, typed }: Open, next: TypedTensor): boolean {
    if (typed.block === next.block) return true;
    return this.#table.sets.members(this.#table.sourcesOf(next)).has(sourceOf(id));
  }

  #begin(place: string, typed: TypedTensor, change: Change): void {
    const count = (this.#counts.get(place) ?? 0) + 1;
    this.#counts.set(place, count);
    const open = { id: this.#nextId++, place, typed, changes: [change] };
    this.#table.hold(typed);
    this.#open.set(place, open);
    if (count <= mostSourcesOfPlace) this.#table.mark(typed, this.#table.sets.of(sourceOf(open.id)));
  }

  #move(open: Open, typed: TypedTensor): void {
    this.#table.hold(typed);
    this.#table.drop(open.typed);
    open.typed = typed;
    this.#table.mark(typed, this.#table.sets.of(sourceOf(open.id)));
  }

  #close({ id, place, typed, changes }: Open): void {
    this.#table.memory.keep(bytesOf(typed));
    const { shape, values } = valuesOf(typed);
    const reads = [...this.#table.sets.members(this.#table.sourcesOf(typed))].map(Number).filter((read) => read !== id);
    this.#table.drop(typed);
    const ofPlace = this.#closed.filter((holding) => holding.place === place);
    if (ofPlace.length >= mostHoldingsOfPlace) {
      this.#closed.splice(this.#closed.indexOf(ofPlace[1]), 1);
      this.#table.memory.giveBack(ofPlace[1].values.byteLength);
    }
    this.#closed.push({ id, place, shape, values, changes, reads: new Set(reads) });
  }
}

const sourceOf = (id: number) => String(id);

/** A number as a tensor of no dimension. */
export function numberTensor(table: TensorTable, literal: string): TypedTensor {
  const typed = table.allocate(table.floatType, []);
  typed.tensor.storage.data[typed.tensor.offset] = Number(literal.replace('inf', 'Infinity'));
  return typed;
}

/** Whether the two are the same elements in the same shape. */
function isSameTensor(one: TypedTensor, other: TypedTensor): boolean {
  const [a, b] = [one.tensor, other.tensor];
  return (
    one.block === other.block && a.offset === b.offset && sameShape(a.shape, b.shape) && sameShape(a.strides, b.strides)
  );
}
