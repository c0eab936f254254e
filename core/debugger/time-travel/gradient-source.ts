import * as v from 'valibot';
import { builtInBackwards } from '../../protocol/commands';

/** A backward by hand that comes with the program, with the mistake planted in it. */
const builtInSourceSchema = v.strictObject({
  backward: v.picklist(builtInBackwards),
  mistake: v.nullable(v.pipe(v.string(), v.maxLength(64))),
});
export type BuiltInSource = Readonly<v.InferOutput<typeof builtInSourceSchema>>;

/** Where an update's gradients come from; `code` is a person's own, which is not here to be run again. */
export const gradientSourceSchema = v.union([v.picklist(['autograd', 'code']), builtInSourceSchema]);
export type GradientSource = v.InferOutput<typeof gradientSourceSchema>;
/** One that is here to be run again. */
export type KnownSource = Exclude<GradientSource, 'code'>;

/** Whether an update gives the same again by both. That of code is like no other. */
export function isSameSource(a: GradientSource, b: GradientSource): boolean {
  if (typeof a === 'string' || typeof b === 'string') return a === b && a !== 'code';
  return a.backward === b.backward && a.mistake === b.mistake;
}

/** From a step on, another source. */
export interface SourceChange {
  readonly from: number;
  readonly source: GradientSource;
}

/** What every update of a course of training used: where it changed, so that a long run takes no more than a short one. */
export class GradientSources {
  readonly #changes: SourceChange[];

  /** @param changes in the order of their steps, the first of step 0. */
  constructor(changes: readonly SourceChange[] = [{ from: 0, source: 'autograd' }]) {
    this.#changes = [...changes];
  }

  get changes(): readonly SourceChange[] {
    return this.#changes;
  }

  /** What the update of a step used; for one that was not made yet, what the last did. */
  at(step: number): GradientSource {
    let index = this.#changes.length - 1;
    while (index > 0 && this.#changes[index].from > step) index--;
    return this.#changes[index].source;
  }

  /** The update of `step`, which comes after all that were recorded, used this. */
  record(step: number, source: GradientSource): void {
    const last = this.#changes[this.#changes.length - 1];
    // Code is like nothing, not even like itself; a stretch of it is one stretch all the same.
    if (isSameSource(last.source, source) || last.source === source) return;
    if (last.from === step) this.#changes.pop();
    this.#changes.push({ from: step, source });
  }

  /** What the updates before `step` used. */
  upTo(step: number): GradientSources {
    const [first, ...others] = this.#changes;
    return new GradientSources([first, ...others.filter(({ from }) => from < step)]);
  }

  /** The first step from `start` on, before `end`, whose update used what `isSought`; null where none did. */
  first(start: number, end: number, isSought: (source: GradientSource) => boolean): number | null {
    for (const [index, { from, source }] of this.#changes.entries()) {
      const until = Math.min(end, this.#changes[index + 1]?.from ?? end);
      const step = Math.max(start, from);
      if (step < until && isSought(source)) return step;
    }
    return null;
  }
}
