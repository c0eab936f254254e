import { beforeAll, describe, expect, test } from 'vitest';
import type { PythonError } from '../../../core/protocol/answers';
import { type LabPython, startLabPython } from './lab-python';

/** What `lab.run` answers. */
interface RunAnswer {
  readonly error: PythonError | null;
  readonly output: string;
  readonly gradients: Readonly<Record<string, { handle: number; shape: number[]; lines: number[] }>>;
  readonly names: readonly { readonly name: string; readonly shape: readonly number[] }[];
  readonly statements: readonly {
    readonly line: number;
    readonly endLine: number;
    readonly source: string;
    readonly writes: readonly string[];
  }[];
}

let python: LabPython;
beforeAll(async () => {
  python = await startLabPython();
});

const nodes = ['a', 'b', 'c'];
/** A program of three nodes [2, 2]: everything else is theirs times a number. */
const scope = { a: [1, 2, 3, 4], b: [10, 20, 30, 40], c: [2, 2, 2, 2] };
/** Autograd's gradients, unlike anything that the codes below compute by themselves. */
const autograd = { a: [100, 100, 100, 100], b: [200, 200, 200, 200], c: [300, 300, 300, 300] };

function handles(values: Record<string, number[]>, dtype: 'float32' | 'float64' = 'float32'): Record<string, number> {
  const created = Object.entries(values).map(([name, of]) => [name, python.table.create(dtype, [2, 2], of)]);
  return Object.fromEntries(created);
}

interface Options {
  readonly corrected?: boolean;
  readonly dtype?: 'float32' | 'float64';
}

function run(code: string, { corrected = false, dtype = 'float32' }: Options = {}): RunAnswer {
  const request = {
    code,
    dtype,
    scope: handles(scope, dtype),
    numbers: { n: 2, vocab_size: 27 },
    notebook: {
      numbers: { n_embd: 1, block_size: 1 },
      tensors: {},
      parameters: ['a'],
      labels: null,
      words: null,
      generator: null,
    },
    replace: corrected ? handles(autograd, dtype) : null,
    nodes,
  };
  return JSON.parse(python.runtime.call('run', JSON.stringify(request)));
}

function valuesOf(answer: RunAnswer): Record<string, number[]> {
  const entries = Object.entries(answer.gradients);
  return Object.fromEntries(entries.map(([node, { handle }]) => [node, [...python.table.read(handle).values]]));
}

function formula(node: string): number[] | PythonError {
  const answer = JSON.parse(python.runtime.call('run_formula', JSON.stringify({ node, edit: null })));
  return answer.error ?? [...python.table.read(answer.handle).values];
}

/** Nodes written, statement by statement. */
const writes = (code: string) => run(code).statements.map((statement) => statement.writes);

describe('a plain run', () => {
  test('gives every gradient that was written, its shape and its lines, and the names in sight', () => {
    const answer = run('da = a * n\ndb = (b +\n  da)\ndb += 1\nhelper = da.sum(0)\n');
    expect(answer.error).toBeNull();
    expect(valuesOf(answer)).toEqual({ a: [2, 4, 6, 8], b: [13, 25, 37, 49] });
    expect(answer.gradients.b).toMatchObject({ shape: [2, 2], lines: [2, 4] });
    expect(answer.names).toContainEqual({ name: 'helper', shape: [2] });
    expect(answer.names).toContainEqual({ name: 'a', shape: [2, 2] });
    expect(answer.statements[1]).toEqual({ line: 2, endLine: 3, source: 'db = (b +\n  da)', writes: ['b'] });
  });

  test('begins with a scope of its own: neither values nor names of another run are there', () => {
    run('a += 1000\nleft_over = 1\nda = a\n');
    expect(valuesOf(run('da = a\n'))).toEqual({ a: scope.a });
    expect(run('left_over\n').error?.type).toBe('NameError');
  });

  test('computes in float64 where it is asked to', () => {
    const third = valuesOf(run('da = torch.zeros(2, 2) + 1/3\n', { dtype: 'float64' })).a?.[0];
    expect(third).toBe(1 / 3);
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
    ['a with block', 'with torch.no_grad():\n  da = a\n  db = b', [['a', 'b']]],
    ['a branch', 'if n == 2:\n  da = a\nelse:\n  db = b', [['a']]],
    ['a function with global', 'def f():\n  global da\n  da = a\nf()', [[], ['a']]],
    ['a function that changes it in place', 'da = a.clone()\ndef f(x):\n  x += 1\nf(da)', [['a'], [], ['a']]],
    ["a function's own name", 'def f():\n  da = a\nf()', [[], []]],
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
    expect(valuesOf(run(code, { corrected: true }))).toEqual({
      a: [5, 10, 15, 20],
      b: [200, 200, 200, 200],
      c: [300, 300, 300, 300],
    });
  });

  test('replaces a gradient only after its last statement, wherever that stands', () => {
    const code = 'da = a.clone()\ndb = da * 1\nda += db\ndc = da * 1\n';
    const values = valuesOf(run(code, { corrected: true }));
    // db saw the unfinished da; da then added autograd's db; dc saw autograd's da.
    expect(values.b).toEqual(scope.a);
    expect(values.a).toEqual([201, 202, 203, 204]);
    expect(values.c).toEqual(autograd.a);
  });

  test('replaces after a loop, not in it', () => {
    const code = 'da = torch.zeros_like(a)\nfor i in range(3):\n  da += 1\ndb = da * 1\n';
    const values = valuesOf(run(code, { corrected: true }));
    expect(values.a).toEqual([3, 3, 3, 3]);
    expect(values.b).toEqual(autograd.a);
  });

  test('does not mistake a branch that is not taken for the last write', () => {
    const code = 'da = a * 2\ndb = da * 1\nif n == 3:\n  da = b\n';
    expect(valuesOf(run(code, { corrected: true })).b).toEqual(autograd.a);
  });
});

describe('a formula run again', () => {
  test('gives what the corrected run gave', () => {
    run('da = a * 5\nt = da * 2\ndb = t + 1\ndb += t\n', { corrected: true });
    expect(formula('b')).toEqual([401, 401, 401, 401]);
    expect(formula('a')).toEqual([5, 10, 15, 20]);
    // Once more: what it changed in place is as it was.
    expect(formula('b')).toEqual([401, 401, 401, 401]);
  });

  test('sees a gradient as it was, though a later statement changed it in place', () => {
    run('da = a.clone()\ndb = da * 1\nda += 1000\n', { corrected: true });
    expect(formula('b')).toEqual(scope.a);
  });

  test('carries helpers and functions along', () => {
    run('def double(x):\n  return x * factor\nfactor = 2\nda = double(a)\nfactor = 3\ndb = double(da)\n', {
      corrected: true,
    });
    expect(formula('a')).toEqual([2, 4, 6, 8]);
    expect(formula('b')).toEqual([300, 300, 300, 300]);
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
    expect(answer.statements.map((statement) => statement.writes)).toEqual([['a'], ['b'], [], ['b']]);
  });
});

describe('output', () => {
  test('is what the code prints', () => {
    expect(run('print("shape", da.shape if "da" in globals() else None)\nprint(1, 2, sep="-")\n').output).toBe(
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
