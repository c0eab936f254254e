import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileCondition, compileText } from '../../../../core/debugger/conditions/compile';
import { ConditionError } from '../../../../core/debugger/conditions/condition-error';
import type { Facts, Names } from '../../../../core/debugger/conditions/vocabulary';

const names: Names = {
  nodes: ['W1', 'h', 'bnvar', 'loss'],
  parameters: ['W1'],
  layers: [{ index: 3, label: 'layer 3 (Tanh)', node: 'h' }],
};

const moments = { mean: 0.5, std: 2, minimum: -3, maximum: 4 };
const facts: Facts = {
  step: 2000,
  loss: 3.5,
  learningRate: 0.1,
  value: () => moments,
  gradient: () => ({ mean: 0.25, std: 0.04, minimum: -1, maximum: 1 }),
  elements: () => 5,
  saturation: (node) => ({ saturated: node === 'h' ? 0.3 : 0, dead: 2 }),
  isNaN: (node) => node === 'W1',
  verdict: (node) => (node === 'bnvar' ? 'wrong' : null),
};

const holds = (source: string) => compileCondition(source, names)(facts);
const errorOf = (source: string): ConditionError => {
  try {
    compileCondition(source, names);
  } catch (error) {
    if (error instanceof ConditionError) return error;
    throw error;
  }
  throw new Error(`“${source}” was accepted.`);
};

describe('a condition', () => {
  const held: readonly [string, boolean][] = [
    ['loss > 4', false],
    ['loss > 3', true],
    ['loss >= 3.5 and loss <= 3.5', true],
    ['loss < 3.5', false],
    ['loss != 3.5', false],
    ['step % 1000 == 0', true],
    ['step % 1000 == 1', false],
    ['saturated("layer 3") > 0.2', true],
    ["saturated('layer 3 (Tanh)') > 0.4", false],
    ['saturated("h") > 0.2', true],
    ['dead("layer 3") == 2', true],
    ['updateRatio("W1") > -2', false],
    ['updateRatio("W1") > -3', true],
    ['gradToData("W1") == 0.02', true],
    ['isNaN(any)', false],
    ['isNaN("W1")', true],
    ['verdict("bnvar") == wrong', true],
    ['verdict("bnvar") != exact', true],
    ['verdict("h") == wrong', false],
    ['mean("h") == 0.5 and std("h") == 2 and min("h") == -3 and max("h") == 4', true],
    ['gradMean("h") == .25 and gradStd("h") == 4e-2 and gradMin("h") == -1 and gradMax("h") == 1', true],
    ['norm("h") * norm("h") - 17.25 < 1e-9', true],
    ['abs(gradNorm("h") - 0.5647) < 1e-4', true],
    ['not loss > 4', true],
    ['not not loss > 4', false],
    ['abs(-3) == 3 and log10(1000) == 3', true],
    ['- -3 == 3', true],
    ['2 + 3 * 4 == 14', true],
    ['(2 + 3) * 4 == 20', true],
    ['10 - 3 - 2 == 5', true],
    ['8 / 4 / 2 == 1', true],
    ['1 == 2 or 1 == 1 and 2 == 3', false],
    ['(1 == 2 or 1 == 1) and 2 == 2', true],
    ['loss > learningRate', true],
  ];
  it.each(held)('%s is %s', (source, expected) => expect(holds(source)).toBe(expected));

  it('does not hold of NaN, except for !=', () => {
    const nan = { ...facts, loss: Number.NaN };
    for (const operator of ['<', '>', '<=', '>=', '==']) {
      expect(compileCondition(`loss ${operator} loss`, names)(nan)).toBe(false);
    }
    expect(compileCondition('loss != loss', names)(nan)).toBe(true);
  });

  it('evaluates the second side of and, or only where it decides', () => {
    const asked: string[] = [];
    const value = (node: string) => {
      asked.push(node);
      return moments;
    };
    const watching = { ...facts, value };
    compileCondition('loss > 4 and std("h") > 1', names)(watching);
    compileCondition('loss > 3 or std("h") > 1', names)(watching);
    expect(asked).toEqual([]);
  });

  const refused: readonly [string, number, string][] = [
    ['', 1, 'Write a condition'],
    ['loss', 1, 'not a condition'],
    ['loss = 4', 6, '=='],
    ['loss > 4 && step > 3', 10, '`and`'],
    ['loss > 4 || step > 3', 10, '`or`'],
    ['!isNaN(any)', 1, '`not`'],
    ['loss >', 7, 'not the end'],
    ['loss > 4 4', 10, 'Expected `and`'],
    ['1 < loss < 4', 10, 'do not chain'],
    ['std(h) > 1', 5, 'quotation marks'],
    ['std("hh") > 1', 5, 'no node "hh"'],
    ['updateRatio("h") > 1', 13, 'no parameter "h"'],
    ['saturated("layer 9") > 1', 11, '"layer 3 (Tanh)"'],
    ['h > 1', 1, 'std("h")'],
    ['lss > 1', 1, 'learningRate'],
    ['std > 1', 5, '`(`'],
    ['loss(3) > 1', 5, 'takes nothing'],
    ['(loss > 1', 10, 'column 1'],
    ['"h" > 1', 1, 'std("h")'],
    ['std("h > 1', 5, 'closing quotation mark'],
    ['verdict("h") > wrong', 14, '`==` or `!=`'],
    ['verdict("h") == 1', 14, 'cannot be compared'],
    ['loss and step', 6, 'Compare it first'],
    ['not loss', 1, 'Compare it first'],
    ['-wrong == exact', 1, 'needs numbers'],
    ['loss # 4', 6, 'no meaning'],
    ['constructor > 1', 1, 'not known'],
    [`${'('.repeat(5000)}1`, 101, 'parentheses'],
  ];
  it.each(refused)('%s is refused at column %i', (source, column, words) => {
    const error = errorOf(source);
    expect(error.column).toBe(column);
    expect(error.message).toContain(words);
  });

  it('whatever is written: a condition, or an error that names a column of it', () => {
    const piece = fc.constantFrom(
      ...[
        'loss',
        'step',
        '>',
        '==',
        'and',
        'or',
        'not',
        '(',
        ')',
        '4',
        '"h"',
        'std',
        'isNaN',
        'any',
        '-',
        '%',
        'wrong',
      ],
    );
    const source = fc.oneof(
      fc.string(),
      fc.array(piece).map((pieces) => pieces.join(' ')),
    );
    fc.assert(
      fc.property(source, (text) => {
        try {
          expect(typeof compileCondition(text, names)(facts)).toBe('boolean');
        } catch (error) {
          if (!(error instanceof ConditionError)) throw error;
          expect(error.column).toBeGreaterThanOrEqual(1);
          expect(error.column).toBeLessThanOrEqual(text.length + 1);
        }
      }),
      { numRuns: 3000 },
    );
  });

  it('computes as JavaScript does, for any arithmetic', () => {
    const term = fc.letrec<{ term: string }>((tie) => ({
      term: fc.oneof(
        { maxDepth: 5 },
        fc.nat(99).map(String),
        fc
          .tuple(tie('term'), fc.constantFrom('+', '-', '*', '/', '%'), tie('term'))
          .map(([a, operator, b]) => `(${a} ${operator} ${b})`),
        tie('term').map((inner) => `-${inner}`),
      ),
    })).term;
    fc.assert(
      fc.property(term, (source) => {
        // -- is an operator of JavaScript's.
        const expected = new Function(`return ${source.replaceAll('-', ' - ')}`)() as number;
        expect(compileCondition(`${source} == loss`, names)({ ...facts, loss: expected })).toBe(
          !Number.isNaN(expected),
        );
      }),
    );
  });
});

describe('a text to show', () => {
  it('rounds what is not whole to four digits', () => {
    const text = (source: string) => compileText(source, names)({ ...facts, loss: 2.345678 });
    expect(text('loss')).toBe('2.346');
    expect(text('step')).toBe('2000');
    expect(text('isNaN(any)')).toBe('false');
    expect(text('verdict("bnvar")')).toBe('wrong');
  });
});
