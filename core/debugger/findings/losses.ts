import type { History } from '../history';

/** Over how many steps a loss must not have become better to be called flat. */
export const plateauSteps = 10_000;
/** A loss is compared with so many before it. */
const window = 100;

/** The losses around a step, computed once for every hundred. */
export class LossCourse {
  #before: {
    readonly history: History;
    readonly start: number;
    readonly mean: number;
    readonly deviation: number;
  } | null = null;

  /** Mean and standard deviation of the hundred losses up to the last step that a hundred divides. */
  before(history: History, step: number): { readonly mean: number; readonly deviation: number } {
    const start = Math.floor((step - 1) / window) * window;
    if (this.#before === null || this.#before.start !== start || this.#before.history !== history) {
      const first = Math.max(0, start - window);
      const count = Math.max(start - first, Math.min(window, step));
      let sum = 0;
      let squares = 0;
      for (let at = first; at < first + count; at++) {
        const loss = history.lossAt(at);
        sum += loss;
        squares += loss * loss;
      }
      const mean = sum / count;
      const deviation = Math.sqrt(Math.max(0, (squares - count * mean * mean) / (count - 1)));
      this.#before = { history, start, mean, deviation };
    }
    return this.#before;
  }

  /** By which part the mean loss of the last `plateauSteps` is below that of as many before. */
  improvement(history: History, step: number): number {
    const meanOf = (start: number) => {
      let sum = 0;
      for (let at = start; at < start + plateauSteps; at++) sum += history.lossAt(at);
      return sum / plateauSteps;
    };
    const earlier = meanOf(step + 1 - 2 * plateauSteps);
    return (earlier - meanOf(step + 1 - plateauSteps)) / earlier;
  }
}
