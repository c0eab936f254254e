import { expect, test } from 'vitest';
import { defaultSettings } from '../../../core/protocol/settings';
import { graphSvg } from '../../../renderer/panels/graph/graph-picture';
import { boxSize, layOut } from '../../../renderer/panels/graph/layout';
import { newSession } from '../../core/sessions';
import { describeSession } from '../fake/program';

const programs = [
  describeSession(defaultSettings('decomposed-mlp')),
  newSession({ program: 'decomposed-mlp', hiddenSize: 4, batchSize: 4 }).describe(),
  newSession({ program: 'deep-stack', hiddenSize: 4, batchSize: 4, batchNorm: true }).describe(),
];

test.each(programs)(
  'every op stands below what it reads, and no two boxes lie over each other ($settings.program)',
  (program) => {
    const { boxes, edges } = layOut(program);
    const at = new Map(boxes.map((box) => [box.tensor, box]));
    for (const { inputs, output } of program.ops) {
      for (const input of inputs) {
        expect(at.get(input)!.y + boxSize.height).toBeLessThan(at.get(output)!.y);
        const edge = edges.find(({ id }) => id === `${input} → ${output}`)!;
        expect(edge).toMatchObject({ from: input, to: output });
        // It ends at both boxes, and its figures lie over none.
        for (const [point, box] of [
          [edge.points.at(0)!, at.get(input)!],
          [edge.points.at(-1)!, at.get(output)!],
        ] as const) {
          expect(Math.abs(point.x - box.x - boxSize.width / 2)).toBeLessThan(boxSize.width / 2 + 1);
          expect(Math.abs(point.y - box.y - boxSize.height / 2)).toBeLessThan(boxSize.height / 2 + 1);
        }
        for (const { x, y } of boxes) {
          const isInside =
            edge.label.x > x &&
            edge.label.x < x + boxSize.width &&
            edge.label.y > y &&
            edge.label.y < y + boxSize.height;
          expect(isInside).toBe(false);
        }
      }
    }
    for (const one of boxes) {
      for (const other of boxes) {
        const apart = Math.abs(one.x - other.x) >= boxSize.width || Math.abs(one.y - other.y) >= boxSize.height;
        expect(one === other || apart).toBe(true);
      }
    }
  },
);

test('the picture of the graph has every box and both figures of an edge, and no markup of names', () => {
  const program = {
    nodes: [],
    ops: [{ op: 'tanh', inputs: ['<x> & "y"'], output: 'h' }],
  };
  const { boxes, edges } = layOut(program);
  const moments = { mean: 0, std: 0.5, minimum: 0, maximum: 1 };
  const tensor = { name: '<x> & "y"', shape: [2], value: moments, gradient: { ...moments, std: 0.25 } };
  const theme = { background: '#fff', text: '#000', muted: '#555', line: '#ccc', danger: '#c00', font: 'a, "b"' };
  const { svg, width, height } = graphSvg(boxes, edges, new Map([[tensor.name, tensor]]), theme);
  expect(svg.match(/<rect/g)).toHaveLength(3);
  for (const words of ['&lt;x&gt; &amp; &quot;y&quot;', 'tanh', 'σ 0.5', 'σ 0.25']) expect(svg).toContain(words);
  expect(svg).not.toContain('<x>');
  expect(width).toBeGreaterThan(boxSize.width);
  expect(height).toBeGreaterThan(2 * boxSize.height);
});

test('a box says what it is: an op, a parameter, an input; and whether it can be selected', () => {
  const { boxes } = layOut(programs[1]!);
  const box = (tensor: string) => boxes.find((candidate) => candidate.tensor === tensor);
  expect(box('W1')).toMatchObject({ op: null, title: 'parameter', isNode: true });
  expect(box('Xb')).toMatchObject({ op: null, title: 'input', isNode: false });
  expect(box('h')).toMatchObject({ title: 'tanh', isNode: true });
  expect(boxes.filter(({ isNode, op }) => !isNode && op !== null).length).toBeGreaterThan(0);
});
