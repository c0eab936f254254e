import { beforeAll, describe, expect, it } from 'vitest';
import { loadJson } from '../../../fixtures/load';
import { startPython, type TestPython } from '../python';

/** What PyTorch gave, and what this torch gives, packed alike by the fixture's script. */
type Packed =
  | { readonly kind: 'float' | 'int64' | 'bool'; readonly shape: readonly number[]; readonly values: readonly Value[] }
  | { readonly kind: 'list'; readonly values: readonly Packed[] }
  | { readonly kind: 'error'; readonly type: string; readonly message: string }
  | { readonly kind: 'str' | 'int' | 'NoneType' | 'tuple'; readonly value: Value };
type Value = number | boolean | string | null;

interface Case {
  readonly code: string;
  readonly result: Packed;
}

const fixture = loadJson<{ setup: string; groups: Record<string, Case[]> }>('torch-surface.json');

/** Evaluates a case as the fixture's script does. */
const evaluator = `
def pack(value):
    if isinstance(value, torch.Tensor):
        kind = "float" if value.is_floating_point() else str(value.dtype).removeprefix("torch.")
        return {"kind": kind, "shape": list(value.shape), "values": [number(x) for x in value.reshape(-1).tolist()]}
    if isinstance(value, (tuple, list)):
        return {"kind": "list", "values": [pack(item) for item in value]}
    return {"kind": type(value).__name__, "value": number(value)}

def number(value):
    return repr(value) if isinstance(value, float) and (value != value or abs(value) == float("inf")) else value

def is_statement(code):
    try:
        compile(code, "", "eval")
    except SyntaxError:
        return True
    return False

def evaluate_case(code):
    namespace = {"torch": torch, "F": F}
    exec(setup, namespace)
    *statements, last = code.split("; ")
    try:
        exec("\\n".join(statements), namespace)
        if is_statement(last):
            exec(last, namespace)
            return pack(namespace["z"])
        return pack(eval(last, namespace))
    except Exception as error:
        return {"kind": "error", "type": type(error).__name__, "message": str(error)}
`;

let python: TestPython;

beforeAll(async () => {
  python = await startPython();
  python.run(evaluator);
  python.run(`setup = ${JSON.stringify(fixture.setup)}`);
});

function evaluate(code: string): Packed {
  return python.evaluate(`evaluate_case(${JSON.stringify(code)})`);
}

/** @param tolerance Of floats: relative, and absolute below 1. */
function expectSame(actual: Packed, expected: Packed, tolerance: number): void {
  if (expected.kind === 'list' && actual.kind === 'list') {
    expect(actual.values.length).toBe(expected.values.length);
    for (const [index, value] of expected.values.entries()) expectSame(actual.values[index]!, value, tolerance);
    return;
  }
  if (!('values' in expected) || !('values' in actual) || expected.kind !== 'float') {
    expectNear(actual, expected, tolerance);
    return;
  }
  expect({ ...actual, values: null }).toEqual({ ...expected, values: null });
  for (const [index, value] of expected.values.entries()) expectNear(actual.values[index], value, tolerance);
}

function expectNear(actual: unknown, expected: unknown, tolerance: number): void {
  if (typeof actual === 'number' && typeof expected === 'number') {
    expect(Math.abs(actual - expected)).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(expected)));
  } else if (isFloat(actual) && isFloat(expected)) {
    expectNear(actual.value, expected.value, tolerance);
  } else expect(actual).toEqual(expected);
}

function isFloat(value: unknown): value is { readonly kind: 'float'; readonly value: number } {
  return typeof value === 'object' && value !== null && 'value' in value && typeof value.value === 'number';
}

const { errors, ...results } = fixture.groups;

describe.each(Object.entries(results))('%s', (_, cases) => {
  it.each(cases)('$code', ({ code, result }) => {
    python.run('torch._set_float("float64")');
    expectSame(evaluate(code), result, 1e-13);
    python.run('torch._set_float("float32")');
    expectSame(evaluate(code), result, 3e-6);
  });
});

/** Where a newer PyTorch than the fixture's says it otherwise, or this torch has less to say it of. */
const ownErrors: Readonly<Record<string, { readonly type: string; readonly message: string }>> = {
  'a @ torch.ones(5)': { type: 'RuntimeError', message: 'size mismatch, got input (3), mat (3x4), vec (5)' },
  'a @ i.T': {
    type: 'RuntimeError',
    message: 'expected m1 and m2 to have the same dtype, but got: Double != Long',
  },
  'a[1.5]': {
    type: 'IndexError',
    message:
      'only integers, slices (`:`), ellipsis (`...`), None, ranges, lists and long or bool tensors are valid indices (got float)',
  },
  "a['x']": {
    type: 'IndexError',
    message:
      'only integers, slices (`:`), ellipsis (`...`), None, ranges, lists and long or bool tensors are valid indices (got str)',
  },
  's[0]': {
    type: 'IndexError',
    message: 'invalid index of a 0-dim tensor. Use `tensor.item()` in Python to convert a 0-dim tensor to a number',
  },
  'a.item()': { type: 'RuntimeError', message: 'a Tensor with 12 elements cannot be converted to Scalar' },
  'float(a)': { type: 'RuntimeError', message: 'a Tensor with 12 elements cannot be converted to Scalar' },
  'int(a)': { type: 'RuntimeError', message: 'a Tensor with 12 elements cannot be converted to Scalar' },
};

describe('errors', () => {
  it.each(errors!)('$code', ({ code, result }) => {
    python.run('torch._set_float("float64")');
    const expected = { ...result, ...ownErrors[code] };
    const actual = evaluate(code);
    if (expected.kind !== 'error' || actual.kind !== 'error') throw new Error(`${code} gave no error.`);
    expect(actual.type).toBe(expected.type);
    // PyTorch's words, after which the shapes may follow.
    expect(actual.message.slice(0, expected.message.length)).toBe(expected.message);
  });
});
