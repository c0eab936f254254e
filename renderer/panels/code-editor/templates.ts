import type { NodeDescription } from '../../../core/protocol/answers';
import { nodewiseSolution } from '../exercises/hints';

/** What a person can begin with. */
export const templates = [
  { name: 'empty', title: 'an empty page' },
  { name: 'outline', title: 'the forward lines, as comments' },
  { name: 'lecture', title: 'the lecture’s solution' },
] as const;

export type TemplateName = (typeof templates)[number]['name'];

/** The code of a template. @param comparedNodes in the order in which their gradients are computed. */
export function codeOf(
  template: TemplateName,
  nodes: readonly NodeDescription[],
  comparedNodes: readonly string[],
): string {
  switch (template) {
    case 'empty':
      return '';
    case 'outline':
      return comparedNodes.map((name) => `${outlineOf(name, nodes)}\n`).join('\n');
    case 'lecture':
      return nodewiseSolution;
    default:
      return template satisfies never;
  }
}

/** The node's gradient and the forward lines that use the node, since these are what has to be differentiated. */
function outlineOf(name: string, nodes: readonly NodeDescription[]): string {
  const uses = nodes.filter(({ formula }) => new RegExp(`\\b${name}\\b`).test(formula.replace(/^\w+\s*=/, '')));
  return [`# d${name}`, ...uses.map(({ formula }) => `#   ${formula}`)].join('\n');
}
