import { blockSize } from '../../data/dataset';
import type { Network } from '../../programs/network';
import type { Finding, RuleName } from '../../protocol/findings';
import type { Tensor } from '../../tensor/tensor';
import { isCancelled, statisticsOf } from '../batch-norms';
import type { StepFacts } from '../conditions/facts';
import type { Session } from '../session';
import type { DeadUnits } from './dead-units';
import { type LossCourse, plateauSteps } from './losses';

/** What rules look at: the step at which the session stands, whole. */
export interface RuleInputs {
  readonly session: Session;
  /** Fresh for this step. */
  readonly facts: StepFacts;
  readonly losses: LossCourse;
  readonly deadUnits: DeadUnits;
}

/** What a rule saw. */
type Sighting = Pick<Finding, 'node' | 'measured' | 'reason'>;

/** A rule: when it is asked, and what it sees. */
export interface Rule {
  /** Asked at every step that this divides… */
  readonly every: number;
  /** …from this one on. */
  readonly from: number;
  look(inputs: RuleInputs, threshold: number): readonly Sighting[];
}

/** What is measured is looked at this often: seldom enough to cost nothing, often enough to be of use. */
export const lookSteps = 100;
const everyLook = { every: lookSteps, from: 0 } as const;
/** The first steps of a run are unlike the rest: output layers settle, zeros become numbers. */
const settledSteps = 1000;

const none: readonly Sighting[] = [];
const percent = (fraction: number) => `${(100 * fraction).toFixed(0)} %`;
const short = (value: number) => String(Number(value.toPrecision(3)));

export const rules: Readonly<Record<RuleName, Rule>> = {
  nonFinite: {
    every: 1,
    from: 0,
    look({ session, facts }) {
      const isDue = session.step % lookSteps === 0;
      if (Number.isFinite(session.loss) && !(isDue && facts.isNaN(null))) return none;
      const { node, part } = firstNonFinite(session.network);
      const cause = part === 'parameter' ? `, by the update of step ${session.step - 1}` : '';
      const what = part === 'gradient' ? `d${node}` : node;
      return [{ node, measured: session.loss, reason: `The first that is not a finite number is ${what}${cause}.` }];
    },
  },
  vanishingGradient: {
    ...everyLook,
    look(inputs, threshold) {
      const spread = gradientSpread(inputs);
      // What is not a number has neither vanished nor exploded.
      if (spread === null || !(spread.ratio < threshold || spread.first < 1e-10)) return [];
      const reason = `The gradient’s deviation is ${short(spread.first)} at the first Tanh layer and ${short(spread.last)} at the last.`;
      return [{ node: spread.node, measured: spread.ratio, reason }];
    },
  },
  explodingGradient: {
    ...everyLook,
    look(inputs, threshold) {
      const spread = gradientSpread(inputs);
      if (spread === null || !(spread.ratio > threshold || spread.first > 10)) return [];
      const reason = `The gradient’s deviation is ${short(spread.last)} at the last Tanh layer and has grown to ${short(spread.first)} at the first.`;
      return [{ node: spread.node, measured: spread.ratio, reason }];
    },
  },
  saturatedLayer: {
    ...everyLook,
    look: ({ session, facts }, threshold) =>
      session.network.layers.flatMap(({ node, label }) => {
        const { saturated } = facts.saturation(node);
        const reason = `${percent(saturated)} of the outputs of ${label} are beyond ±0.97, where the gradient is under 6 %.`;
        return saturated > threshold ? [{ node, measured: saturated, reason }] : [];
      }),
  },
  deadUnit: {
    ...everyLook,
    look: ({ session, deadUnits }, threshold) =>
      deadUnits.look(session).flatMap(({ node, label, longest, units }) => {
        const dead = units.filter((looks) => looks >= threshold).length;
        if (dead === 0) return [];
        const reason = `${dead} of the ${units.length} units of ${label} were saturated for every example of the last ${longest} batches looked at.`;
        return [{ node, measured: longest, reason }];
      }),
  },
  updateRatio: {
    every: lookSteps,
    from: settledSteps,
    look: ({ session }, threshold) =>
      session.network.parameters.flatMap(({ name, shape }, index) => {
        // Biases and gains begin at 0 or 1 with no deviation to compare with; the notebook plots the matrices only.
        if (shape.length !== 2 || shape[0] === 1) return [];
        const ratio = session.history.meanUpdateRatio(session.step, lookSteps, index);
        // One that is not updated at all is another rule's.
        if (Math.abs(ratio + 3) <= threshold || !(ratio > -7)) return [];
        const side = ratio > -3 ? 'more' : 'less';
        const reason = `An update changes ${name} by 10^${ratio.toFixed(1)} of its deviation, ${side} than is usual; the learning rate is ${short(session.learningRate)}.`;
        return [{ node: name, measured: ratio, reason }];
      }),
  },
  initialLoss: {
    every: Number.POSITIVE_INFINITY,
    from: 0,
    look({ session }, threshold) {
      const expected = Math.log(session.data.dataset.vocabulary.labels.length);
      const first = session.history.lossAt(0);
      if (!(first - expected > threshold)) return [];
      const reason = `The loss begins at ${short(first)}; one that knows nothing has ${short(expected)}: the first logits are too sure of themselves.`;
      return [{ node: 'loss', measured: first - expected, reason }];
    },
  },
  frozenStatistics: {
    every: lookSteps,
    from: lookSteps,
    look: ({ session }) =>
      session.network.batchNorms.flatMap((batchNorm) => {
        if (!batchNorm.isKept || !isAtBeginning(batchNorm.runningMean, batchNorm.runningVariance)) return [];
        const reason = `The running mean and variance of ${batchNorm.node} are still those of the beginning, 0 and 1, after ${session.step} steps.`;
        return [{ node: batchNorm.node, measured: 0, reason }];
      }),
  },
  driftingStatistics: {
    every: lookSteps,
    from: lookSteps,
    look: ({ session }, threshold) =>
      session.network.batchNorms.flatMap((batchNorm) => {
        const { node, runningMean, runningVariance, isKept } = batchNorm;
        if (!isKept || isAtBeginning(runningMean, runningVariance)) return [];
        const distance = statisticsOf(batchNorm).distance;
        const reason = `The running statistics of ${node} are ${short(distance)} standard deviations from the batch’s: predictions use others than training does.`;
        return distance > threshold ? [{ node, measured: distance, reason }] : [];
      }),
  },
  neverUpdated: {
    every: lookSteps,
    from: lookSteps,
    look: ({ session }, threshold) =>
      session.network.parameters.flatMap(({ name }, index) => {
        const ratio = session.history.largestUpdateRatio(session.step, lookSteps, index);
        if (!(ratio < threshold)) return [];
        const most =
          ratio === Number.NEGATIVE_INFINITY ? 'at all' : `by more than 10^${ratio.toFixed(1)} of its deviation`;
        const cause = isCancelled(session.network, name) ? ': the batch norm behind it takes it away again' : '';
        const reason = `No update of the last ${lookSteps} changed ${name} ${most}${cause}.`;
        return [{ node: name, measured: ratio, reason }];
      }),
  },
  degenerateBatchNorm: {
    every: Number.POSITIVE_INFINITY,
    from: 0,
    look({ session }, threshold) {
      const { batchSize } = session.settings;
      const [first] = session.network.batchNorms;
      if (first === undefined || batchSize >= threshold) return [];
      const reason = `A batch of ${batchSize} is too small to normalise by: the variance of ${batchSize} examples is hardly known.`;
      return [{ node: first.node, measured: batchSize, reason }];
    },
  },
  rateNotDropped: {
    every: 1000,
    from: 2 * plateauSteps,
    look({ session, losses }, threshold) {
      const { learningRateDropStep, learningRate, droppedLearningRate } = session.settings;
      if (learningRateDropStep <= session.step || droppedLearningRate >= learningRate) return [];
      const gained = losses.improvement(session.history, session.step);
      if (!(gained < threshold)) return [];
      const reason = `The loss has become ${short(100 * gained)} % better in ${plateauSteps} steps; the learning rate is not lowered before step ${learningRateDropStep}.`;
      return [{ node: null, measured: gained, reason }];
    },
  },
  lossSpike: {
    every: 1,
    from: lookSteps,
    look({ session, losses }, threshold) {
      const { mean, deviation } = losses.before(session.history, session.step);
      const distance = (session.loss - mean) / deviation;
      if (!(distance > threshold)) return none;
      const reason = `The loss is ${short(session.loss)} after ${short(mean)} on average, most of it by ${worstExamples(session)}.`;
      return [{ node: 'loss', measured: distance, reason }];
    },
  },
};

/** The first value in forward order, or else the first gradient in backward order, that is not finite. */
function firstNonFinite({ nodes, tape }: Network): { node: string; part: 'parameter' | 'value' | 'gradient' } {
  const isBad = (tensor: Tensor) => tensor.values().some((value) => !Number.isFinite(value));
  const value = nodes.find(({ tensor }) => isBad(tensor));
  if (value !== undefined) return { node: value.name, part: value.kind === 'parameter' ? 'parameter' : 'value' };
  const gradient = nodes.findLast(({ tensor }) => isBad(tape.gradientOf(tensor)));
  return { node: gradient?.name ?? 'loss', part: 'gradient' };
}

/** Deviations of the outputs' gradients at both ends of a stack; null where there is but one layer. */
function gradientSpread({ session, facts }: RuleInputs) {
  const { layers } = session.network;
  if (layers.length < 2) return null;
  const first = facts.gradient(layers[0].node).std;
  const last = facts.gradient(layers[layers.length - 1].node).std;
  return { node: layers[0].node, first, last, ratio: first / last };
}

const isAtBeginning = (mean: Tensor, variance: Tensor) =>
  mean.values().every((value) => value === 0) && variance.values().every((value) => value === 1);

/** The three examples of the batch with the largest losses: ".em → z (9.1)". */
function worstExamples(session: Session): string {
  const { contexts, targets, tape } = session.network;
  const { labels } = session.data.dataset.vocabulary;
  const picked = tape.entries.findLast(({ op, inputs }) => op === 'index' && inputs.includes(targets));
  if (picked === undefined) return 'the batch';
  const losses = Array.from(picked.output.values(), (logProbability, row) => ({ row, loss: -logProbability }));
  const tokens = contexts.values();
  return losses
    .toSorted((a, b) => b.loss - a.loss)
    .slice(0, 3)
    .map(({ row, loss }) => {
      const context = Array.from(tokens.subarray(row * blockSize, (row + 1) * blockSize), (token) => labels[token]);
      return `${context.join('')} → ${labels[targets.values()[row]]} (${short(loss)})`;
    })
    .join(', ');
}
