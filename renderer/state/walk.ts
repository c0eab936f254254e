import type { SessionDescription } from '../../core/protocol/answers';
import type { State } from './store';

const none: readonly string[] = [];

/** The op that the graph shows: the one at which the session stands, else the one that was chosen. */
export const shownOp = ({ position, chosenOp }: Pick<State, 'position' | 'chosenOp'>) => position?.op ?? chosenOp;

/**
 * The nodes that the op at which the session stands belongs to: the one it makes, backwards those it passes a gradient to.
 * A tensor without a name counts towards the node that is made of it.
 */
export function currentNodes({ position, session }: Pick<State, 'position' | 'session'>): readonly string[] {
  const op = position?.op == null ? undefined : session?.ops[position.op];
  if (op === undefined || session === null) return none;
  const tensors = position?.phase === 'backward' ? op.inputs : [op.output];
  return tensors.flatMap((tensor) => nodeMadeOf(session, tensor) ?? []);
}

function nodeMadeOf(session: SessionDescription, tensor: string): string | null {
  if (session.nodes.some(({ name }) => name === tensor)) return tensor;
  const next = session.ops.find(({ inputs }) => inputs.includes(tensor));
  return next === undefined ? null : nodeMadeOf(session, next.output);
}

/** Whether the step within which the session stands has not come to this node's value. */
export function isNotComputed({ position, session }: Pick<State, 'position' | 'session'>, node: string): boolean {
  if (position === null || session === null || position.phase === 'backward' || position.phase === 'loss') return false;
  const made = session.ops.findIndex(({ output }) => output === node);
  return made > (position.op ?? -1);
}
