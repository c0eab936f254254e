import type { LossHistory, UpdateHistory } from '../protocol/answers';
import { buckets, StepRows } from './step-rows';
import { ColumnSums, LossStretches } from './stretches';

/** The notebook smooths 200,000 losses by means of 1,000. */
const longestSmoothing = 1000;
/** Part of the shown steps that a smoothed point averages. */
const smoothingFraction = 0.05;

/**
 * What every step gave: nothing of it is ever dropped. Numbers that a damaged file has lost are NaN, until their step is made
 * again.
 */
export class History {
  readonly #losses = new StepRows(1);
  /** The row that is pushed, so that a step makes no array. */
  readonly #loss = new Float64Array(1);
  #stretches = new LossStretches(this.#losses);
  readonly #updates: StepRows;
  #ratios: ColumnSums;
  /** How many parameters' update ratios it keeps. */
  readonly parameters: number;

  constructor(parameters: number) {
    this.parameters = parameters;
    this.#updates = new StepRows(parameters);
    this.#ratios = new ColumnSums(this.#updates, parameters);
  }

  /** What it takes of memory. */
  get bytes(): number {
    return this.#losses.bytes + this.#stretches.bytes + this.#updates.bytes + this.#ratios.bytes;
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
  append(losses: Float32Array, updates: Float32Array): void {
    this.#losses.append(losses);
    this.#updates.append(updates);
  }

  /** Goes on with so many whole steps whose numbers are lost. */
  appendLost(steps: number): void {
    this.append(new Float32Array(steps).fill(Number.NaN), new Float32Array(steps * this.parameters).fill(Number.NaN));
  }

  /** The loss of a step that was made again; changes nothing but where it was lost. */
  recoverLoss(step: number, loss: number): void {
    if (!Number.isNaN(this.lossAt(step)) || Number.isNaN(loss)) return;
    this.#loss[0] = loss;
    this.#losses.replace(step, this.#loss);
    this.#stretches = new LossStretches(this.#losses);
  }

  /** The update ratios of a step that was made again; changes nothing but where all were lost. */
  recoverUpdates(step: number, ratios: ArrayLike<number>): void {
    const isLost = Number.isNaN(this.#updates.get(step)) && this.updatesAt(step).every(Number.isNaN);
    if (!isLost || Array.from(ratios).every(Number.isNaN)) return;
    this.#updates.replace(step, ratios);
    this.#ratios = new ColumnSums(this.#updates, this.parameters);
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
      const stretch = this.#stretches.over(start, end);
      minimum[bucket] = stretch.minimum;
      maximum[bucket] = stretch.maximum;
      log10[bucket] = stretch.finite === end - start ? stretch.logarithms / stretch.finite : Number.NaN;
      smoothed[bucket] = this.#smoothedAt(start);
    }
    return { steps, minimum, maximum, log10, smoothed };
  }

  /** Update ratios thinned likewise, by their means. */
  updateHistory(points: number): UpdateHistory {
    const { count, stepsOf } = buckets(this.#updates.length, points);
    const steps = Float64Array.from({ length: count }, (_, bucket) => stepsOf(bucket).start);
    const ratios = Array.from({ length: this.parameters }, (_, column) =>
      Float64Array.from({ length: count }, (_, bucket) => {
        const { start, end } = stepsOf(bucket);
        return this.#ratios.over(column, start, end) / (end - start);
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
    const { logarithms, finite } = this.#stretches.over(start, end);
    return logarithms / finite;
  }
}
