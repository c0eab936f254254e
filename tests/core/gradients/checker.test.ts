import { describe, expect, it } from 'vitest';
import type { Session } from '../../../core/debugger/session';
import { comparedNodes, nodewise } from '../../../core/programs/decomposed-mlp/backward';
import { mistakes } from '../../../core/programs/decomposed-mlp/mistakes';
import { NotFoundError } from '../../../core/programs/network';
import type { Check, CheckRow, Verdict } from '../../../core/protocol/answers';
import { compiledSpace } from '../engine';
import { advanced, newSession } from '../sessions';

const verdictOf = (check: Check | null, node: string) => check!.rows.find((row) => row.node === node)!.verdict;
const having = (check: Check | null, ...verdicts: Verdict[]) =>
  check!.rows.filter(({ verdict }) => verdicts.includes(verdict)).map(({ node }) => node);
const red = (check: Check | null) => having(check, 'masked', 'wrong', 'inherited', 'copied', 'missing', 'shape');

/** The nodes whose manual gradient is computed, through however many lines, from that of `node`. */
function downstreamOf(node: string): Set<string> {
  const reached = new Set([node]);
  for (const statement of nodewise) {
    const [, formula = ''] = statement.formula.split('=', 2).length === 2 ? statement.formula.split(/=(.*)/s) : [];
    const reads = [...formula.matchAll(/\bd(\w+)/g)].map(([, name]) => name!);
    if (reads.some((name) => reached.has(name))) reached.add(statement.node);
  }
  return reached;
}

describe('the correct backward, node by node', () => {
  const exactRow: Partial<CheckRow> = { exact: true, approximate: true, maxdiff: 0, maxUlp: 0, verdict: 'exact' };
  const expectAllExact = (session: Session) => {
    const { rows, step } = session.check()!;
    expect(step).toBe(session.step);
    expect(rows.map(({ node }) => node)).toEqual(comparedNodes);
    expect(rows).toHaveLength(26);
    for (const row of rows) expect(row).toMatchObject(exactRow);
  };

  it('is judged by its terms in the memory that kernels share, however it grows meanwhile', () => {
    for (const arithmetic of ['reproducible', 'fast'] as const) {
      const session = newSession({ batchSize: 32, hiddenSize: 200, arithmetic }, undefined, compiledSpace(arithmetic));
      expect(having(session.check(), 'exact', 'rounding')).toHaveLength(26);
      expect(having(session.chooseBackward('fused', null), 'exact', 'rounding')).toHaveLength(26);
    }
  });

  it('is exact at all 26 nodes, as the lecture printed, and after some steps', () => {
    const session = newSession({ batchSize: 32, hiddenSize: 64, initialisation: 'ninja' });
    expectAllExact(session);
    expectAllExact(advanced(session, 7));
  });

  const sizes = [3, 10, 17, 32].flatMap((batchSize) => [1, 42, 2147483647].map((seed) => ({ batchSize, seed })));
  it.each(sizes)('is exact for $batchSize examples and seed $seed', ({ batchSize, seed }) => {
    for (const initialisation of ['ninja', 'seed'] as const) {
      const session = newSession({ batchSize, hiddenSize: 13, seed, initialisation });
      expectAllExact(session);
      expectAllExact(advanced(session, 5));
    }
  });
});

describe('the fused backward', () => {
  it.each([3, 10, 32])('differs by rounding only, for %i examples', (batchSize) => {
    const session = newSession({ batchSize, hiddenSize: 64 });
    for (const steps of [0, 3]) {
      const check = advanced(session, steps).chooseBackward('fused', null);
      expect(red(check)).toEqual([]);
      for (const node of ['logits', 'hprebn']) {
        const row = check.rows.find((candidate) => candidate.node === node)!;
        expect(row, node).toMatchObject({ verdict: 'rounding', exact: false, approximate: true });
        expect(row.maxdiff).toBeLessThan(1e-7);
      }
      expect(having(check, 'exact')).toContain('logprobs');
    }
  });
});

const setups = [
  { batchSize: 32, hiddenSize: 64, steps: 0 },
  { batchSize: 5, hiddenSize: 8, steps: 20 },
];
describe.each(setups)('with $batchSize examples, $hiddenSize hidden units, at step $steps,', ({ steps, ...sizes }) => {
  const session = advanced(newSession(sizes), steps);

  it.each(mistakes.map(({ name, node }) => ({ name, node })))(
    '$name turns $node red, and only what inherits from it',
    ({ name, node }) => {
      const check = session.chooseBackward('nodewise', name);
      expect(check.mistake).toBe(name);
      const expected: Verdict =
        name === 'logit-maxes-forgotten' ? 'missing' : name === 'dw2-not-transposed' ? 'shape' : 'wrong';
      expect(verdictOf(check, node)).toBe(expected);
      expect(having(check, 'wrong', 'missing', 'shape')).toEqual([node]);
      const downstream = downstreamOf(node);
      for (const inheriting of having(check, 'inherited')) expect(downstream).toContain(inheriting);
      // Nothing can come of it where nothing reads it; elsewhere its neighbours must be seen to inherit.
      if (downstream.size > 1 && expected === 'wrong') expect(having(check, 'inherited')).not.toEqual([]);
      session.chooseBackward('nodewise', null);
      expect(red(session.check())).toEqual([]);
    },
  );

  it.each(mistakes.map(({ name, node }) => ({ name, node })))(
    '$name in the fused backward is seen at $node, or refused',
    ({ name, node }) => {
      const before = session.chooseBackward('fused', null);
      const refused = name === 'dlogits-overwritten';
      if (refused) {
        expect(() => session.chooseBackward('fused', name)).toThrow(/cannot be planted in the fused backward/);
        expect(session.check()).toEqual(before);
      } else {
        expect(having(session.chooseBackward('fused', name), 'wrong', 'missing', 'shape')).toEqual([node]);
      }
    },
  );
});

describe('choosing', () => {
  it('offers at least the eight classic errors, each marked in the listing where it stands', () => {
    expect(mistakes.length).toBeGreaterThanOrEqual(8);
    const session = newSession({ hiddenSize: 8 });
    for (const { name, node } of mistakes) {
      const marked = session.chooseBackward('nodewise', name).statements.filter(({ mistaken }) => mistaken);
      expect(
        marked.map((line) => line.node),
        name,
      ).toEqual(name === 'logit-maxes-forgotten' ? [] : [node]);
    }
  });

  it('refuses an unknown mistake, naming those there are, and keeps the old choice', () => {
    const session = newSession({ hiddenSize: 8 });
    const before = session.chooseBackward('nodewise', 'gain-forgotten');
    expect(() => session.chooseBackward('nodewise', 'typo')).toThrow(NotFoundError);
    expect(() => session.chooseBackward('nodewise', 'typo')).toThrow(/'typo'.*loss-sign.*dc-overwritten/);
    expect(session.check()).toEqual(before);
    expect(session.describe().backward!.mistake).toBe('gain-forgotten');
  });

  it('lists lines whose formula names what they write', () => {
    for (const { backward, statements } of [newSession({ hiddenSize: 8 }).check()!]) {
      expect(backward).toBe('nodewise');
      expect(statements.map(({ line }) => line)).toEqual(statements.map((_, index) => index + 1));
      for (const { node, formula } of statements) expect(formula).toMatch(new RegExp(`^d${node} \\+?= `));
    }
  });

  it('refuses a program without a backward by hand', () => {
    const session = newSession({ program: 'deep-stack', depth: 1, hiddenSize: 8 });
    expect(session.check()).toBeNull();
    expect(() => session.chooseBackward('nodewise', null)).toThrow(/deep-stack has no hand-written backward/);
  });
});

describe('figures of a red row', () => {
  it('are absent where shapes differ, and the reason names both shapes', () => {
    const session = newSession({ hiddenSize: 8 });
    const row = session.chooseBackward('nodewise', 'dw2-not-transposed').rows.find(({ node }) => node === 'W2')!;
    expect(row).toMatchObject({ exact: false, approximate: false, maxdiff: null, maxUlp: null, worstIndex: null });
    expect(row.reason).toContain('(17, 8)');
    expect(row.reason).toContain('(8, 17)');
  });

  it('tell a missing transpose by its numbers where the matrix is square', () => {
    const check = newSession({ hiddenSize: 17 }).chooseBackward('nodewise', 'dw2-not-transposed');
    expect(having(check, 'wrong')).toEqual(['W2']);
  });

  it('point at the element that differs most', () => {
    const session = newSession({ hiddenSize: 8 });
    const { rows } = session.chooseBackward('nodewise', 'gain-forgotten');
    const { worstIndex, maxdiff, maxUlp, shape } = rows.find(({ node }) => node === 'bnraw')!;
    const [row, column] = worstIndex as [number, number];
    const { difference, ulp } = session.inspect('bnraw', 0, 0);
    const at = row * shape[1]! + column;
    expect(Math.abs(difference!.cells[at]!)).toBeCloseTo(maxdiff!, 7);
    expect(Math.max(...difference!.cells.map(Math.abs))).toBe(Math.abs(difference!.cells[at]!));
    expect(Math.max(...ulp!)).toBe(maxUlp);
  });
});

it('nothing is judged of a run that has diverged', () => {
  const session = advanced(newSession({ hiddenSize: 64, learningRate: 10 }), 20);
  expect(session.loss).toBeNaN();
  const check = session.check()!;
  expect(check.rows).toEqual([]);
  expect(check.unjudged).not.toBeNull();
});
