import * as v from 'valibot';

/** A number that a rule compares with; it can be changed. */
interface RuleThreshold {
  readonly value: number;
  readonly minimum: number;
  readonly maximum: number;
  /** What it counts. */
  readonly unit: string;
}

/** One thing that can be wrong with a run. */
export interface RuleDescription {
  readonly title: string;
  /** Null where there is nothing to set. */
  readonly threshold: RuleThreshold | null;
  /** Where the default comes from. */
  readonly source: string;
  /** The view that shows it. */
  readonly view: 'activations' | 'gradients' | 'weights' | 'updates' | 'saturation' | 'loss' | 'samples';
}

export const findingRules = {
  nonFinite: {
    title: 'Non-finite value',
    threshold: null,
    source: 'IEEE 754: NaN and infinity never go away again',
    view: 'loss',
  },
  vanishingGradient: {
    title: 'Vanishing gradient',
    threshold: { value: 0.1, minimum: 0, maximum: 1, unit: '× first / last layer' },
    source:
      'the lecture’s gradient histograms: the five layers of a healthy stack lie within a factor of 2 of each other',
    view: 'gradients',
  },
  explodingGradient: {
    title: 'Exploding gradient',
    threshold: { value: 10, minimum: 1, maximum: 1e6, unit: '× first / last layer' },
    source: 'the same, the other way round',
    view: 'gradients',
  },
  saturatedLayer: {
    title: 'Saturated layer',
    threshold: { value: 0.35, minimum: 0, maximum: 1, unit: 'of outputs with |t| > 0.97' },
    source: 'the lecture has 20 % in a first layer it lets pass, and over 40 % where the gain is 3',
    view: 'saturation',
  },
  deadUnit: {
    title: 'Dead unit',
    threshold: { value: 10, minimum: 1, maximum: 1000, unit: 'looks, 100 steps apart, all saturated' },
    source: 'a unit saturated for every example of ten batches passes on under 6 % of any gradient',
    view: 'saturation',
  },
  updateRatio: {
    title: 'Update:data ratio',
    threshold: { value: 1, minimum: 0.1, maximum: 5, unit: 'decades around −3' },
    source: 'the lecture: about −3 on the log plot is right; 1e-4 … 1e-2 is a decade around it',
    view: 'updates',
  },
  initialLoss: {
    title: 'Initial loss',
    threshold: { value: 1, minimum: 0, maximum: 100, unit: 'above −log(1 / vocabulary)' },
    source: 'the lecture: before training every character is equally likely, so that the loss is −log(1/27) = 3.30',
    view: 'loss',
  },
  frozenStatistics: {
    title: 'Running statistics never move',
    threshold: null,
    source: 'momentum 0.1 moves them at every step; ones that stay are not updated at all',
    view: 'samples',
  },
  driftingStatistics: {
    title: 'Running statistics differ from the batch’s',
    threshold: { value: 1, minimum: 0.1, maximum: 100, unit: 'standard deviations, mean over units' },
    source: 'a mean of 32 examples is within 0.2 standard deviations of the true one; 1 is no chance',
    view: 'samples',
  },
  neverUpdated: {
    title: 'Parameter never updated',
    threshold: { value: -7, minimum: -30, maximum: 0, unit: 'log10 update:data' },
    source: 'float32 keeps 24 bits: an update under 6e-8 of the number is rounded away',
    view: 'updates',
  },
  degenerateBatchNorm: {
    title: 'Degenerate batch norm',
    threshold: { value: 4, minimum: 2, maximum: 1024, unit: 'examples at least' },
    source: 'Ioffe and Szegedy, 2015: of 2 or 3 examples, a normalised unit knows little but their order',
    view: 'activations',
  },
  rateNotDropped: {
    title: 'Learning-rate change not reached',
    threshold: { value: 0.01, minimum: 0, maximum: 1, unit: 'better in 10,000 steps' },
    source: 'the lecture lowers the rate where the loss has become flat',
    view: 'loss',
  },
  lossSpike: {
    title: 'Loss spike',
    threshold: { value: 8, minimum: 3, maximum: 100, unit: 'standard deviations' },
    source: 'losses of healthy runs of 10,000 steps stay within 5 of the 100 before',
    view: 'loss',
  },
} as const satisfies Readonly<Record<string, RuleDescription>>;

export type RuleName = keyof typeof findingRules;
export const ruleNames = Object.keys(findingRules).filter((name): name is RuleName => name in findingRules);
/** Whether a rule can be set to this. */
export function acceptsThreshold(rule: RuleName, value: number): boolean {
  const { threshold } = findingRules[rule];
  return threshold !== null && value >= threshold.minimum && value <= threshold.maximum;
}

export const ruleNameSchema = v.picklist(ruleNames);

/** A rule that fired. */
export interface Finding {
  readonly rule: RuleName;
  /** Null where it is about no node. */
  readonly node: string | null;
  /** Where it fired first, and on which branch. */
  readonly step: number;
  readonly branch: number;
  readonly measured: number;
  /** Null where the rule has none. */
  readonly threshold: number | null;
  /** In one sentence. */
  readonly reason: string;
}

/** All that was found so far. */
export interface Findings {
  readonly findings: readonly Finding[];
  /** Those that are not the defaults. */
  readonly thresholds: Readonly<Partial<Record<RuleName, number>>>;
}
