import { Graph, layout } from '@dagrejs/dagre';
import type { SessionDescription } from '../../../core/protocol/answers';

/** A box of the graph: a parameter or an input, or an op with the tensor it makes. */
export interface GraphBox {
  /** The tensor's name. */
  readonly tensor: string;
  /** Its number in forward order; null for what no op makes. */
  readonly op: number | null;
  /** "matmul"; "parameter" or "input" for what no op makes. */
  readonly title: string;
  /** Whether the program names the tensor, so that it can be selected. */
  readonly isNode: boolean;
  /** Upper left corner, in pixels. */
  readonly x: number;
  readonly y: number;
}

/** From the box of a tensor to that of the op that reads it. */
export interface GraphEdge {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  /** The way from box to box, past all others. */
  readonly points: readonly GraphPoint[];
  /** The middle of the room that is left for its figures. */
  readonly label: GraphPoint;
}

export interface GraphPoint {
  readonly x: number;
  readonly y: number;
}

export const boxSize = { width: 148, height: 42 } as const;
/** Room for both figures of an edge, one above the other. */
const labelSize = { width: 64, height: 26 } as const;

/** Of each program, once: placing takes longer than drawing. */
const placed = new WeakMap<object, ReturnType<typeof place>>();

/** Places the ops of a program from top to bottom, each below what it reads. */
export function layOut(program: Pick<SessionDescription, 'ops' | 'nodes'>): ReturnType<typeof place> {
  const known = placed.get(program) ?? place(program);
  placed.set(program, known);
  return known;
}

function place({ ops, nodes }: Pick<SessionDescription, 'ops' | 'nodes'>): {
  readonly boxes: readonly GraphBox[];
  readonly edges: readonly GraphEdge[];
} {
  const made = new Map(ops.map(({ output }, index) => [output, index]));
  const parameters = new Set(nodes.filter(({ kind }) => kind === 'parameter').map(({ name }) => name));
  const named = new Set(nodes.map(({ name }) => name));
  const tensors = new Set(ops.flatMap(({ inputs, output }) => [...inputs, output]));
  const links = ops.flatMap(({ inputs, output }) =>
    [...new Set(inputs)].map((from) => ({ id: `${from} → ${output}`, from, to: output })),
  );

  const graph = new Graph();
  graph.setGraph({ rankdir: 'TB', nodesep: 20, edgesep: 12, ranksep: 40 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const tensor of tensors) graph.setNode(tensor, { ...boxSize });
  for (const { from, to } of links) graph.setEdge(from, to, { ...labelSize, labelpos: 'c' });
  layout(graph);
  const edges = links.map((link): GraphEdge => {
    const { points = [], x = 0, y = 0 } = graph.edge(link.from, link.to);
    return { ...link, points, label: { x, y } };
  });

  const boxes = [...tensors].map((tensor): GraphBox => {
    const op = made.get(tensor) ?? null;
    const { x = 0, y = 0 } = graph.node(tensor);
    return {
      tensor,
      op,
      title: op === null ? (parameters.has(tensor) ? 'parameter' : 'input') : (ops[op]?.op ?? ''),
      isNode: named.has(tensor),
      x: x - boxSize.width / 2,
      y: y - boxSize.height / 2,
    };
  });
  return { boxes, edges };
}
