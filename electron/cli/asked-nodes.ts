import { exerciseNodes, exerciseNumbers } from '../../core/protocol/exercises';
import { UsageError } from './host';
import { nearest } from './nearest';
import { choiceOf, type GivenOptions, type Option, textOf } from './options';

/** The options that say which gradients are asked for. */
export const askedOptions: readonly Option[] = [
  {
    name: 'exercise',
    value: 'N',
    description: 'ask only for what the lecture’s exercise asks for: 1 all, 2 logits, 3 hprebn, 4 the parameters',
  },
  {
    name: 'only',
    value: 'NODES',
    description: 'ask only for the gradients of these nodes, with commas between: logits,hprebn',
  },
];

const numbers = exerciseNumbers.map(String);

/**
 * The nodes that are asked for; null where all are.
 * @param compared every node that can be asked for.
 * @throws UsageError where both options are given, and for a node that is none of them.
 */
export function askedNodes(given: GivenOptions, compared: readonly string[]): readonly string[] | null {
  const exercise = choiceOf(given, 'exercise', numbers);
  const only = textOf(given, 'only');
  if (exercise !== null && only !== null) throw new UsageError('Give --exercise or --only, not both.');
  const number = exerciseNumbers.find((candidate) => `${candidate}` === exercise);
  if (number !== undefined) return exerciseNodes[number];
  if (only === null) return null;
  const nodes = new Set(only.split(',').map((node) => node.trim()));
  for (const node of nodes) if (!compared.includes(node)) refuse(node, compared);
  return [...nodes];
}

function refuse(node: string, compared: readonly string[]): never {
  const suggestion = nearest(node, compared);
  const hint = suggestion === null ? `The nodes are ${compared.join(', ')}.` : `Did you mean ${suggestion}?`;
  throw new UsageError(`--only: There is no node '${node}' whose gradient is compared. ${hint}`);
}
