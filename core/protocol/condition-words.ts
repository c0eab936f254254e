/** What a function of the condition language is asked of. */
export type ConditionArgument = 'node' | 'parameter' | 'layer' | 'node or any' | 'number';

/** A word of the condition language, for help and for completion. */
export interface ConditionWord {
  /** Null for a plain name. */
  readonly argument: ConditionArgument | null;
  readonly meaning: string;
}

/** Every name and function that a condition may use. */
export const conditionWords = {
  step: { argument: null, meaning: 'the step, counted from 0' },
  loss: { argument: null, meaning: 'loss of the step’s minibatch' },
  learningRate: { argument: null, meaning: 'what the step’s update will use' },
  mean: { argument: 'node', meaning: 'mean of the node’s values' },
  std: { argument: 'node', meaning: 'standard deviation of the node’s values' },
  min: { argument: 'node', meaning: 'least of the node’s values' },
  max: { argument: 'node', meaning: 'largest of the node’s values' },
  norm: { argument: 'node', meaning: 'Euclidean norm of the node’s values' },
  gradMean: { argument: 'node', meaning: 'mean of the node’s gradient' },
  gradStd: { argument: 'node', meaning: 'standard deviation of the node’s gradient' },
  gradMin: { argument: 'node', meaning: 'least of the node’s gradient' },
  gradMax: { argument: 'node', meaning: 'largest of the node’s gradient' },
  gradNorm: { argument: 'node', meaning: 'Euclidean norm of the node’s gradient' },
  saturated: { argument: 'layer', meaning: 'part of the layer’s outputs with |t| > 0.97, 0 to 1' },
  dead: { argument: 'layer', meaning: 'units saturated for every example of the batch' },
  gradToData: { argument: 'parameter', meaning: 'std(grad) / std(data)' },
  updateRatio: {
    argument: 'parameter',
    meaning: 'log10 of std(lr · grad) / std(data); −3 is healthy',
  },
  isNaN: { argument: 'node or any', meaning: 'whether a value or a gradient is not a number' },
  verdict: { argument: 'node', meaning: 'the check’s word on the node; checks at every step' },
  abs: { argument: 'number', meaning: 'absolute value' },
  log10: { argument: 'number', meaning: 'logarithm to base 10' },
} as const satisfies Readonly<Record<string, ConditionWord>>;

export type ConditionWordName = keyof typeof conditionWords;
