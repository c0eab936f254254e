import { expect, test } from 'vitest';
import { codeOf } from '../../../../renderer/panels/code-editor/templates';
import { lecture } from '../../../core/python/corpus/correct';
import { checkOfCode, decomposedSession } from '../../fake/code-check';

const compared = checkOfCode('').rows.map(({ node }) => node);
const code = (name: Parameters<typeof codeOf>[0]) => codeOf(name, decomposedSession.nodes, compared);

test('an empty page is empty', () => {
  expect(code('empty')).toBe('');
});

test('the outline names every gradient with the forward lines that use its node, and runs as it is', () => {
  const outline = code('outline');
  expect(outline.split('\n').every((line) => line === '' || line.startsWith('#'))).toBe(true);
  expect(outline).toContain(
    '# dcounts\n#   counts_sum = counts.sum(1, keepdims=True)\n#   probs = counts * counts_sum_inv\n',
  );
  expect(outline.match(/^# d\w+$/gm)).toHaveLength(26);
});

test('the solution is the lecture’s', () => {
  expect(code('lecture').trim().split('\n').sort()).toEqual(lecture.trim().split('\n').sort());
});
