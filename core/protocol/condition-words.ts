/** What a function of the condition language is asked of. */
export type ConditionArgument = 'node' | 'parameter' | 'layer' | 'node or any' | 'number';

/** A word of the condition language, for help and for completion. */
export interface ConditionWord {
  /** Null for a plain name. */
  readonly argument: ConditionArgument | null;
  readonly result: 'number' | 'truth' | 'verdict';
  readonly meaning: string;
}

/** Every name and function that a condition may use. */
export const conditionWords = {
  step: { argument: null, result: 'number', meaning: 'the step, counted from 0' },
  loss: { argument: null, result: 'number', meaning: 'loss of the step’s minibatch' },
  learningRate: { argument: null, result: 'number', meaning: 'what the step’s update will use' },
  mean: { argument: 'node', result: 'number', meaning: 'mean of the node’s values' },
  std: { argument: 'node', result: 'number', meaning: 'standard deviation of the node’s values' },
  min: { argument: 'node', result: 'number', meaning: 'least of the node’s values' },
  max: { argument: 'node', result: 'number', meaning: 'largest of the node’s values' },
  norm: { argument: 'node', result: 'number', meaning: 'Euclidean norm of the node’s values' },
  gradMean: { argument: 'node', result: 'number', meaning: 'mean of the node’s gradient' },
  gradStd: { argument: 'node', result: 'number', meaning: 'standard deviation of the node’s gradient' },
  gradMin: { argument: 'node', result: 'number', meaning: 'least of the node’s gradient' },
  gradMax: { argument: 'node', result: 'number', meaning: 'largest of the node’s gradient' },
  gradNorm: { argument: 'node', result: 'number', meaning: 'Euclidean norm of the node’s gradient' },
  saturated: { argument: 'layer', result: 'number', meaning: 'part of the layer’s outputs with |t| > 0.97, 0 to 1' },
  dead: { argument: 'layer', result: 'number', meaning: 'units saturated for every example of the batch' },
  gradToData: { argument: 'parameter', result: 'number', meaning: 'std(grad) / std(data)' },
  updateRatio: {
    argument: 'parameter',
    result: 'number',
    meaning: 'log10 of std(lr · grad) / std(data); −3 is healthy',
  },
  isNaN: { argument: 'node or any', result: 'truth', meaning: 'whether a value or a gradient is not a number' },
  verdict: { argument: 'node', result: 'verdict', meaning: 'the check’s word on the node; checks at every step' },
  abs: { argument: 'number', result: 'number', meaning: 'absolute value' },
  log10: { argument: 'number', result: 'number', meaning: 'logarithm to base 10' },
} as const satisfies Readonly<Record<string, ConditionWord>>;

export type ConditionWordName = keyof typeof conditionWords;
