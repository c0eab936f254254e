import { expect, test } from 'vitest';
import { defaultSettings } from '../../../core/protocol/settings';
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
        expect(edges).toContainEqual({ id: `${input} → ${output}`, from: input, to: output });
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

test('a box says what it is: an op, a parameter, an input; and whether it can be selected', () => {
  const { boxes } = layOut(programs[1]!);
  const box = (tensor: string) => boxes.find((candidate) => candidate.tensor === tensor);
  expect(box('W1')).toMatchObject({ op: null, title: 'parameter', isNode: true });
  expect(box('Xb')).toMatchObject({ op: null, title: 'input', isNode: false });
  expect(box('h')).toMatchObject({ title: 'tanh', isNode: true });
  expect(boxes.filter(({ isNode, op }) => !isNode && op !== null).length).toBeGreaterThan(0);
});
