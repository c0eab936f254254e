import type { Session } from '../../../core/debugger/session';

/** Copies of every parameter's numbers and gradient. */
export const parameterRows = ({ network }: Session) =>
  network.parameters.map(({ tensor }) => ({
    value: [...tensor.values()],
    gradient: [...network.tape.gradientOf(tensor).values()],
  }));
