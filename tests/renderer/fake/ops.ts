import type { SessionDescription } from '../../../core/protocol/answers';
import type { Flow, OpDetail, TensorSummary } from '../../../core/protocol/ops';

const summaryOf = (name: string, step: number): TensorSummary => {
  const moments = { mean: 0.01 * name.length, std: 0.5 + 0.01 * step, minimum: -1, maximum: 1 };
  return { name, shape: [4, 10], value: moments, gradient: name === 'Xb' ? null : { ...moments, std: 0.001 } };
};

export function opDetailAt({ ops }: SessionDescription, op: number, step: number): OpDetail {
  const { inputs, output } = ops[op]!;
  const { value } = summaryOf(output, step);
  return {
    step,
    op,
    inputs: inputs.map((name) => summaryOf(name, step)),
    output: summaryOf(output, step),
    contributions: inputs.map((to) => ({ to, contribution: value, part: 1, parts: 1 })),
  };
}

export function flowAt({ ops }: SessionDescription, step: number): Flow {
  const names = new Set(ops.flatMap(({ inputs, output }) => [...inputs, output]));
  return { step, tensors: [...names].map((name) => summaryOf(name, step)) };
}
