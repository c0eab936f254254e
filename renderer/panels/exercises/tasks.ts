import type { ExerciseNumber } from '../../../core/protocol/exercises';

interface Task {
  readonly title: string;
  /** What to do, in a few sentences. */
  readonly task: string;
}

/** The lecture's exercises as they are told to a person. */
export const tasks: Readonly<Record<ExerciseNumber, Task>> = {
  1: {
    title: 'All 26, one by one',
    task: 'Go backwards through the forward pass, line by line. For each node write its gradient: dlogprobs first, dC last. Where a node is used twice, what comes back along both ways is added.',
  },
  2: {
    title: 'Cross entropy in one formula',
    task: 'Find dlogits from logits and Yb at once. Differentiate the loss on paper as one function of the logits; most of it cancels.',
  },
  3: {
    title: 'Batch norm in one formula',
    task: 'Find dhprebn from dhpreact at once, with bngain, bnvar_inv, bnraw and n, but without the gradients in between.',
  },
  4: {
    title: 'Train with your own backward',
    task: 'Write the gradients of the seven parameters, switch “Train with my gradients” on and run 1,000 steps. The line below shows how far the losses drift from those of a twin that trains with autograd’s.',
  },
};
