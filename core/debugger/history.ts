import type { LossHistory, UpdateHistory } from '../protocol/answers';
import { type BlockFold, maximumOf, minimumOf, sumOf } from './block-fold';
import { buckets, StepRows } from './step-rows';

/** The notebook smooths 200,000 losses by means of 1,000. */
const longestSmoothing = 1000;
/** Part of the shown steps that a smoothed point averages. */
const smoothingFraction = 0.05;

/** What every step gave: nothing of it is ever dropped. */
export class History {
  readonly #losses = new StepRows(1);
  /** The row that is pushed, so that a step makes no array. */
  readonly #loss = new Float64Array(1);
  readonly #least = minimumOf((step) => this.#losses.get(step));
  readonly #largest = maximumOf((step) => this.#losses.get(step));
  readonly #logarithms = sumOf((step) => this.#logarithmAt(step));
  readonly #finiteLogarithms = sumOf((step) =>
    Number.isFinite(this.#logarithmAt(step)) ? this.#logarithmAt(step) : 0,
  );
  readonly #finite = sumOf((step) => Number(Number.isFinite(this.#logarithmAt(step))));
  readonly #updates: StepRows;
  /** Sums of the update ratios, parameter by parameter. */
  readonly #ratios: readonly BlockFold[];
  /** How many parameters' update ratios it keeps. */
  readonly parameters: number;

  constructor(parameters: number) {
    this.parameters = parameters;
    this.#updates = new StepRows(parameters);
    this.#ratios = Array.from({ length: parameters }, (_, column) => sumOf((step) => this.#updates.get(step, column)));
  }

  /** The losses of the steps from `start` up to, but without, `end`. */
  lossColumn(start: number, end: number): Float32Array {
    return this.#losses.slice(start, end);
  }

  /** The update ratios of these steps, row by row. */
  updateRows(start: number, end: number): Float32Array {
    return this.#updates.slice(start, end);
  }

  /** Goes on with these losses and, row by row, these update ratios. */
  append(losses: ArrayLike<number>, updates: Float32Array): void {
    const { parameters } = this;
    for (let step = 0; step < losses.length; step++) this.pushLoss(losses[step]);
    for (let at = 0; at < updates.length; at += parameters) this.pushUpdates(updates.subarray(at, at + parameters));
  }

  /** Steps whose loss is known. */
  get length(): number {
    return this.#losses.length;
  }

  /** The loss of one step. */
  lossAt(step: number): number {
    return this.#losses.get(step);
  }

  /** A history that has all of this one up to `step`, whose update is still to come. */
  upTo(step: number): History {
    const history = new History(this.parameters);
    history.append(this.lossColumn(0, step + 1), this.updateRows(0, step));
    return history;
  }

  /** Loss of the next step, counted from 0. */
  pushLoss(loss: number): void {
    this.#loss[0] = loss;
    this.#losses.push(this.#loss);
  }

  /** log10 update:data of every parameter, at the update of the next step. */
  pushUpdates(ratios: ArrayLike<number>): void {
    this.#updates.push(ratios);
  }

  #logarithmAt(step: number): number {
    return Math.log10(this.#losses.get(step));
  }

  losses(): number[] {
    return Array.from({ length: this.#losses.length }, (_, step) => this.#losses.get(step));
  }

  /** Steps whose update is known. */
  get updates(): number {
    return this.#updates.length;
  }

  /** The ratios recorded at one step. */
  updatesAt(step: number): number[] {
    return Array.from({ length: this.parameters }, (_, column) => this.#updates.get(step, column));
  }

  /** Mean log10 update:data of a parameter over the last `count` updates before `step`. */
  meanUpdateRatio(step: number, count: number, column: number): number {
    const end = Math.min(step, this.updates);
    const start = Math.max(0, end - count);
    let sum = 0;
    for (let at = start; at < end; at++) sum += this.#updates.get(at, column);
    return sum / (end - start);
  }

  /** The largest of them. */
  largestUpdateRatio(step: number, count: number, column: number): number {
    const end = Math.min(step, this.updates);
    let largest = Number.NEGATIVE_INFINITY;
    for (let at = Math.max(0, end - count); at < end; at++) largest = Math.max(largest, this.#updates.get(at, column));
    return largest;
  }

  /** Losses thinned to at most `points` buckets of equally many steps. */
  lossHistory(points: number): LossHistory {
    const { count, stepsOf } = buckets(this.#losses.length, points);
    const steps = new Float64Array(count);
    const minimum = new Float64Array(count);
    const maximum = new Float64Array(count);
    const log10 = new Float64Array(count);
    const smoothed = new Float64Array(count);
    for (let bucket = 0; bucket < count; bucket++) {
      const { start, end } = stepsOf(bucket);
      steps[bucket] = start;
      minimum[bucket] = this.#least.over(start, end);
      maximum[bucket] = this.#largest.over(start, end);
      log10[bucket] = this.#logarithms.over(start, end) / (end - start);
      smoothed[bucket] = this.#smoothedAt(start);
    }
    return { steps, minimum, maximum, log10, smoothed };
  }

  /** Update ratios thinned likewise, by their means. */
  updateHistory(points: number): UpdateHistory {
    const { count, stepsOf } = buckets(this.#updates.length, points);
    const steps = Float64Array.from({ length: count }, (_, bucket) => stepsOf(bucket).start);
    const ratios = this.#ratios.map((column) =>
      Float64Array.from({ length: count }, (_, bucket) => {
        const { start, end } = stepsOf(bucket);
        return column.over(start, end) / (end - start);
      }),
    );
    return { steps, ratios };
  }

  /** The mean of log10 loss over the steps around one. A loss that is not finite leaves a gap; it swallows nothing. */
  #smoothedAt(step: number): number {
    const { length } = this.#losses;
    const window = Math.min(longestSmoothing, Math.max(1, Math.round(length * smoothingFraction)));
    const start = Math.max(0, step - (window >> 1));
    const end = Math.min(length, step + (window >> 1) + 1);
    return this.#finiteLogarithms.over(start, end) / this.#finite.over(start, end);
  }
}
