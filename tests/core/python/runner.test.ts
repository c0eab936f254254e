import { beforeAll, describe, expect, test } from 'vitest';
import { defaultSettings } from '../../../core/programs/settings';
import type { LabInputs } from '../../../core/python/lab-inputs';
import { Runner } from '../../../core/python/runner';
import { Trial } from '../../../core/python/trial';
import { type LabPython, startLabPython } from './lab-python';

let python: LabPython;
let runner: Runner;
beforeAll(async () => {
  python = await startLabPython();
  runner = new Runner(python.reading, python.running, python.table);
}, 60_000);

/** A program of three nodes [2, 2]. */
const scope = { a: [1, 2, 3, 4], b: [10, 20, 30, 40], c: [2, 2, 2, 2] };
/** Autograd's gradients, unlike anything that the codes below compute by themselves. */
const autograd = { a: [100, 100, 100, 100], b: [200, 200, 200, 200], c: [300, 300, 300, 300] };
const nodes = ['a', 'b', 'c'] as const;

const inputs: LabInputs = {
  step: 0,
  arithmetic: 'reproducible',
  n: 2,
  vocabularySize: 27,
  contexts: new Int32Array(6),
  targets: new Int32Array(2),
  settings: defaultSettings('decomposed-mlp'),
  examples: new Int32Array(2),
  loss: 0,
  doubleLoss: 0,
  parameters: ['a'],
  data: { splitEnds: [0, 0], labels: null, words: null, tensors: [], generator: null },
  nodes: nodes.map((name) => ({
    name,
    shape: [2, 2],
    formula: '',
    value: Float32Array.from(scope[name]),
    gradient: Float32Array.from(autograd[name]),
    doubleValue: Float64Array.from(scope[name]),
    doubleGradient: Float64Array.from(autograd[name]),
  })),
  comparedNodes: nodes,
  askedNodes: nodes,
  unjudged: null,
};

const trialOf = (code: string) => new Trial({ runner, table: python.table, inputs, program: runner.analyse(code) });

/** What a plain run of the code came to. */
function run(code: string) {
  const program = runner.analyse(code);
  if (program.error !== null) return { error: program.error, output: '', gradients: {}, names: [], statements: [] };
  const trial = trialOf(code);
  const { error, output } = trial.run;
  const gradients: Record<string, { shape: readonly number[]; values: number[]; line: number | null }> = {};
  for (const answer of trial.answers)
    gradients[answer.node] = { shape: answer.shape, values: [...answer.values], line: trial.lineOf(answer) };
  return { error, output, gradients, names: trial.names, statements: program.statements };
}

function valuesOf({ gradients }: ReturnType<typeof run>): Record<string, number[]> {
  return Object.fromEntries(Object.entries(gradients).map(([node, { values }]) => [node, values]));
}

/** What the code gives where every gradient is autograd's once the code has completed it. */
function corrected(code: string, dtype: 'float32' | 'float64' = 'float32'): Record<string, number[]> {
  const trial = trialOf(code);
  const captured = trial.atTheStep(dtype, new Set(nodes));
  return Object.fromEntries(trial.answers.map(({ key, node }) => [node, [...captured.get(key)!.values]]));
}

/** What the code gives in float64, as it stands. */
function inDouble(code: string): Record<string, number[]> {
  const trial = trialOf(code);
  const captured = trial.atTheStep('float64', new Set());
  return Object.fromEntries(trial.answers.map(({ key, node }) => [node, [...captured.get(key)!.values]]));
}

/** Statement by statement, the nodes whose gradients it was seen to write. */
function writes(code: string): string[][] {
  const trial = trialOf(code);
  const written = trial.program.statements.map(() => new Set<string>());
  for (const { place, changes } of trial.holdings) {
    const node = nodes.find((name) => place === `d${name}`);
    if (node !== undefined) for (const { statement } of changes) written[statement]!.add(node);
  }
  return written.map((names) => [...names].toSorted());
}

describe('a plain run', () => {
  test('gives every gradient that was written, its shape and its lines, and the names in sight', () => {
    const answer = run('da = a * n\ndb = (b +\n  da)\ndb += 1\nhelper = da.sum(0)\n');
    expect(answer.error).toBeNull();
    expect(valuesOf(answer)).toEqual({ a: [2, 4, 6, 8], b: [13, 25, 37, 49] });
    expect(answer.gradients.b).toMatchObject({ shape: [2, 2], line: 4 });
    expect(answer.names).toContainEqual({ name: 'helper', shape: [2] });
    expect(answer.names).toContainEqual({ name: 'a', shape: [2, 2] });
    expect(answer.statements[1]).toMatchObject({
      line: 2,
      endLine: 3,
      source: 'db = (b +\n  da)',
      reads: ['b', 'da'],
      writes: ['db'],
    });
  });

  test('begins with a scope of its own: neither values nor names of another run are there', () => {
    run('a += 1000\nleft_over = 1\nda = a\n');
    expect(valuesOf(run('da = a\n'))).toEqual({ a: scope.a });
    expect(run('left_over\n').error?.type).toBe('NameError');
  });

  test('computes in float64 where it is asked to', () => {
    expect(inDouble('da = torch.zeros(2, 2) + 1/3\n').a?.[0]).toBe(1 / 3);
    expect(valuesOf(run('da = torch.zeros(2, 2) + 1/3\n')).a?.[0]).toBe(Math.fround(1 / 3));
  });

  test("knows the notebook's own comparison, and leaves comparing to the table", () => {
    const answer = run("da = a * 2\ncmp('a', da, a)\n");
    expect(answer).toMatchObject({ error: null, output: '' });
  });

  test.each([
    'import torch.nn.functional as F2\nda = F2.softmax(a, 1)',
    'from torch.nn import functional as F2\nda = F2.softmax(a, 1)',
    'import math, random, itertools, functools, collections.abc\nda = a * math.pi',
    'from math import *\nda = a * pi',
    'import torch\nda = torch.exp(a)',
  ])('lets the code import %j', (code) => {
    expect(run(code)).toMatchObject({ error: null, gradients: { a: { shape: [2, 2] } } });
  });

  test('takes a number for a gradient of no dimension, and leaves out what is no number', () => {
    const answer = run('da = 0.5\ndb = None\ndc = [1, 2]\n');
    expect(answer.gradients.a?.shape).toEqual([]);
    expect(Object.keys(answer.gradients)).toEqual(['a']);
  });
});

describe('what a statement writes', () => {
  test.each([
    ['assignment', 'da = a', [['a']]],
    ['tuple assignment', 'da, (db, *rest) = a, (b, c)', [['a', 'b']]],
    ['addition in place', 'da = a.clone()\nda += 1', [['a'], ['a']]],
    ['index assignment', 'da = a.clone()\nda[0] = 1', [['a'], ['a']]],
    ['a method in place', 'da = a.clone()\nda.add_(1)', [['a'], ['a']]],
    ['a view in place', 'da = a.clone()\nda.view(-1)[0] += 1', [['a'], ['a']]],
    ['an alias', 'da = a.clone()\nalias = da\nalias += 1', [['a'], [], ['a']]],
    ['a loop', 'da = torch.zeros_like(a)\nfor i in range(2):\n  row = da[i]\n  row += 1', [['a'], ['a']]],
    [
      'a block that sets a mode, which stands for its statements',
      'with torch.no_grad():\n  da = a\n  db = b',
      [['a'], ['b']],
    ],
    ['a branch', 'if n == 2:\n  da = a\nelse:\n  db = b', [['a']]],
    ['a function with global', 'def f():\n  global da\n  da = a\nf()', [[], ['a']]],
    ['a function that changes it in place', 'da = a.clone()\ndef f(x):\n  x += 1\nf(da)', [['a'], [], ['a']]],
    ["a function's own name, when it is called", 'def f():\n  da = a\nf()', [[], ['a']]],
    ['a function that is not called', 'def f():\n  da = a', [[]]],
    ['globals()', 'globals()["da"] = a', [['a']]],
    ['a comprehension', '[da for da in range(3)]', [[]]],
    ['a walrus', 'print(da := a)', [['a']]],
    ['reading', 'da = a\ndb = da * 2', [['a'], ['b']]],
  ])('%s', (_, code, expected) => {
    expect(writes(code)).toEqual(expected);
  });
});

describe('a corrected run', () => {
  test('judges every formula on right inputs, and keeps what it gave', () => {
    const code = 'da = a * 5\ndb = da * 2\ndc = db + da\n';
    expect(corrected(code)).toEqual({
      a: [5, 10, 15, 20],
      b: [200, 200, 200, 200],
      c: [300, 300, 300, 300],
    });
  });

  test('replaces a gradient only after its last statement, wherever that stands', () => {
    const values = corrected('da = a.clone()\ndb = da * 1\nda += db\ndc = da * 1\n');
    // db saw the unfinished da; da then added autograd's db; dc saw autograd's da.
    expect(values.b).toEqual(scope.a);
    expect(values.a).toEqual([201, 202, 203, 204]);
    expect(values.c).toEqual(autograd.a);
  });

  test('replaces after a loop that adds to it, not in it', () => {
    const values = corrected('da = torch.zeros_like(a)\nfor i in range(3):\n  da += 1\ndb = da * 1\n');
    expect(values.a).toEqual([3, 3, 3, 3]);
    expect(values.b).toEqual(autograd.a);
  });

  test('replaces within a loop what is complete there', () => {
    const values = corrected('for i in range(2):\n  da = a * 3\n  db = da * 1\n');
    expect(values.a).toEqual([3, 6, 9, 12]);
    expect(values.b).toEqual(autograd.a);
  });

  test('replaces within a function, and what it hands back is complete already', () => {
    const values = corrected('def f():\n  da = a * 3\n  db = da * 1\n  return da, db\nda, db = f()\ndc = db * 1\n');
    expect(values).toEqual({ a: [3, 6, 9, 12], b: autograd.a, c: autograd.b });
  });

  test('does not mistake a branch that is not taken for the last write', () => {
    expect(corrected('da = a * 2\ndb = da * 1\nif n == 3:\n  da = b\n').b).toEqual(autograd.a);
  });

  test('captures two gradients that one tensor is before either is replaced', () => {
    const values = corrected('da = a * 3\ndb = da\ndb += 1\ndc = db * 1\n');
    expect(values).toEqual({ a: [4, 7, 10, 13], b: [4, 7, 10, 13], c: autograd.b });
  });

  test('gives in float64 what the code gives in float64', () => {
    expect(corrected('da = a / 3\ndb = da / 3\n', 'float64').a?.[0]).toBe(1 / 3);
  });
});

describe('errors', () => {
  test.each([
    ['da = a\n\ndb = upstream\n', { type: 'NameError', message: "name 'upstream' is not defined", line: 3 }],
    ['da = a\nfor i in range(3):\n  x = 1/0\n', { type: 'ZeroDivisionError', message: 'division by zero', line: 3 }],
    ['def f():\n  return [][1]\n\nf()\n', { type: 'IndexError', message: 'list index out of range', line: 2 }],
    ['da = (a\n', { type: 'SyntaxError', message: "'(' was never closed", line: 1 }],
    ['if n:\nda = a\n', { type: 'IndentationError', line: 2 }],
    ['return 1\n', { type: 'SyntaxError', message: "'return' outside function", line: 1 }],
    ['raise SystemExit\n', { type: 'SystemExit', message: '', line: 1 }],
    ['raise KeyError("x")\n', { type: 'KeyError', message: "'x'", line: 1 }],
    ['class E(Exception):\n  def __str__(self): return 1/0\nraise E\n', { type: 'E', line: 3 }],
    ['def f(): f()\nf()\n', { type: 'RecursionError', line: 1 }],
    ['da = a\x00', { type: 'SyntaxError' }],
    [`da = ${'('.repeat(5000)}`, { type: 'SyntaxError', message: 'too many nested parentheses' }],
  ])('%j', (code, expected) => {
    expect(run(code).error).toMatchObject(expected);
  });

  test("suggest a name as CPython's own do", () => {
    expect(run('dlogits = a\nda = dlogit\n').error?.message).toBe(
      "name 'dlogit' is not defined. Did you mean: 'dlogits'?",
    );
  });

  test('of shapes give both shapes and the names', () => {
    const { error } = run('da = torch.zeros(3, 4)\ndb = b @ da\n');
    expect(error).toMatchObject({ type: 'RuntimeError', line: 2 });
    expect(error?.message).toContain('(b is [2, 2], da is [3, 4])');
  });

  test('leave what was finished before', () => {
    const answer = run('da = a\ndb = torch.zeros_like(b)\nx = 1/0\ndb += 1\n');
    expect(Object.keys(answer.gradients)).toEqual(['a']);
    expect(answer.error).toMatchObject({ type: 'ZeroDivisionError', line: 3 });
    expect(answer.statements.map((statement) => statement.writes)).toEqual([['da'], ['db'], ['x'], ['db']]);
  });
});

describe('output', () => {
  test('is what the code prints', () => {
    expect(run('print("shape", dx.shape if "dx" in globals() else None)\nprint(1, 2, sep="-")\n').output).toBe(
      'shape None\n1-2\n',
    );
  });

  test('is cut', () => {
    const { output } = run('for i in range(10000): print("0123456789")\n');
    expect(output.length).toBeLessThan(20_200);
    expect(output).toContain('cut after 20,000 characters of 110,000');
  });

  test('comes with an error', () => {
    expect(run('print("before")\n1/0\n').output).toBe('before\n');
  });
});
