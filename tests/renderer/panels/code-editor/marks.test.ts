import { describe, expect, test } from 'vitest';
import { marksOf } from '../../../../renderer/panels/code-editor/marks';
import { codeCheckWith } from '../../../core/check-rows';
import { checkOfCode } from '../../fake/code-check';

const markOf = (code: string, line: number) =>
  marksOf(checkOfCode(code), code.split('\n').length).find((mark) => mark.line === line);

describe('marksOf', () => {
  test('puts a verdict where a gradient is written last, and only there', () => {
    const code = 'dcounts = 1\n# nothing\ndcounts += 2';
    expect(markOf(code, 1)).toMatchObject({ nodes: ['counts'], verdicts: [] });
    expect(markOf(code, 2)).toBeUndefined();
    expect(markOf(code, 3)).toMatchObject({ nodes: ['counts'], verdicts: [{ node: 'counts', verdict: 'exact' }] });
  });

  test('explains the line that is to blame, and not those that inherit', () => {
    const code = 'dlogprobs = 1\ndprobs = WRONG\ndcounts = 1';
    expect(markOf(code, 2)?.explanations).toEqual(['line 2 divides by n; the forward pass divided by n−1']);
    expect(markOf(code, 3)).toMatchObject({
      explanations: [],
      verdicts: [{ node: 'counts', verdict: 'inherited' }],
    });
  });

  test('marks masked and copied gradients, and says at the line what is to be mended', () => {
    const code = 'dlogits = MASKED\ndhpreact = COPIED';
    expect(markOf(code, 1)).toMatchObject({
      verdicts: [{ node: 'logits', verdict: 'masked' }],
      explanations: [expect.stringMatching(/^dlogits is masked: Leaves out/)],
    });
    expect(markOf(code, 2)).toMatchObject({
      verdicts: [{ node: 'hpreact', verdict: 'copied' }],
      explanations: ['dhpreact is copied: Changes with the numbers in .grad.'],
    });
  });

  test('puts each of several answers at its own line', () => {
    const answers = [
      { line: 1, verdict: 'masked', reason: 'Leaves out logit_maxes.' },
      { line: 3, verdict: 'exact', reason: 'Bit for bit the same.' },
    ] as const;
    const check = codeCheckWith([{ node: 'logits', verdict: 'masked', line: 1, answers }]);
    expect(marksOf(check, 3)).toMatchObject([
      { line: 1, verdicts: [{ node: 'logits', verdict: 'masked' }], explanations: [expect.any(String)] },
      { line: 3, verdicts: [{ node: 'logits', verdict: 'exact' }], explanations: [] },
    ]);
  });

  test('repeats Python’s own error at its line', () => {
    expect(markOf('dlogprobs = 1\nERROR', 2)).toMatchObject({
      nodes: [],
      error: "NameError: name 'ERROR' is not defined. Did you mean: 'EOFError'?",
    });
  });

  test('leaves out lines that the code does not have', () => {
    const check = checkOfCode('dlogprobs = 1\ndprobs = WRONG');
    expect(marksOf(check, 1).map(({ line }) => line)).toEqual([1]);
    expect(marksOf({ ...check, error: { type: 'MemoryError', message: '', line: null } }, 2)).toHaveLength(2);
  });

  test('comes in the order of the lines', () => {
    const lines = marksOf(checkOfCode('dC = 1\nERROR\ndlogprobs = 1'), 3).map(({ line }) => line);
    expect(lines).toEqual([1, 2]);
  });
});
