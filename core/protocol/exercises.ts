/** The lecture's exercises, by number. */
export const exerciseNumbers = [1, 2, 3, 4] as const;
export type ExerciseNumber = (typeof exerciseNumbers)[number];

/** The nodes whose gradients each exercise asks for; the first one's are all that the notebook compares, in its order. */
export const exerciseNodes: Readonly<Record<ExerciseNumber, readonly string[]>> = {
  1: [
    ...['logprobs', 'probs', 'counts_sum_inv', 'counts_sum', 'counts', 'norm_logits', 'logit_maxes', 'logits', 'h'],
    ...['W2', 'b2', 'hpreact', 'bngain', 'bnbias', 'bnraw', 'bnvar_inv', 'bnvar', 'bndiff2', 'bndiff', 'bnmeani'],
    ...['hprebn', 'embcat', 'W1', 'b1', 'emb', 'C'],
  ],
  2: ['logits'],
  3: ['hprebn'],
  // What an update needs: the parameters.
  4: ['C', 'W1', 'b1', 'W2', 'b2', 'bngain', 'bnbias'],
};
