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
}, 60_000);

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
  'a[0, torch.tensor([7])]': { type: 'IndexError', message: 'index 7 is out of bounds for dimension 1 with size 4' },
  "a.add('x')": { type: 'TypeError', message: "add(): argument 'other' must be Tensor, not str" },
  "a.mul('x')": { type: 'TypeError', message: "mul(): argument 'other' must be Tensor, not str" },
  'a.matmul(3)': { type: 'TypeError', message: "matmul(): argument 'other' must be Tensor, not int" },
  'torch.matmul(a, 3)': { type: 'TypeError', message: "matmul(): argument 'other' must be Tensor, not int" },
  "torch.arange('x')": { type: 'TypeError', message: "arange(): argument 'end' must be Number, not str" },
  'a.permute(0, 1, 2)': { type: 'RuntimeError', message: 'permute(): number of dimensions in the tensor input' },
  'a.permute(1)': { type: 'RuntimeError', message: 'permute(): number of dimensions in the tensor input' },
  "torch.einsum('ij,kj->ik', a, i)": { type: 'RuntimeError', message: 'expected m1 and m2 to have the same dtype' },
  'torch.tensordot(a, i.T, 1)': { type: 'RuntimeError', message: 'expected m1 and m2 to have the same dtype' },
  'torch.mv(a, v[:2])': { type: 'RuntimeError', message: 'size mismatch, got input (3), mat (3x4), vec (2)' },
  'a.masked_fill(a, 0)': {
    type: 'RuntimeError',
    message: 'masked_fill_ only supports boolean masks, but got mask with dtype torch.',
  },
  's[0]': {
    type: 'IndexError',
    message: 'invalid index of a 0-dim tensor. Use `tensor.item()` in Python to convert a 0-dim tensor to a number',
  },
  'a.item()': { type: 'RuntimeError', message: 'a Tensor with 12 elements cannot be converted to Scalar' },
  'float(a)': { type: 'RuntimeError', message: 'a Tensor with 12 elements cannot be converted to Scalar' },
  'int(a)': { type: 'RuntimeError', message: 'a Tensor with 12 elements cannot be converted to Scalar' },
};

describe('a name that is missing', () => {
  const messageOf = (code: string) => {
    const packed = evaluate(code);
    return packed.kind === 'error' ? `${packed.type}: ${packed.message}` : packed.kind;
  };

  it.each([
    // Of PyTorch itself, in its words, with the nearest there is.
    ['torch.cosch', "AttributeError: module 'torch' has no attribute 'cosch'. Did you mean: 'cosh'?"],
    ['torch.zzz', "AttributeError: module 'torch' has no attribute 'zzz'"],
    ['a.summ', "AttributeError: 'Tensor' object has no attribute 'summ'. Did you mean: 'sum'?"],
    [
      'F.softmaxx',
      "AttributeError: module 'torch.nn.functional' has no attribute 'softmaxx'. Did you mean: 'softmax'?",
    ],
    ['torch.cuda.zzz', "AttributeError: module 'torch.cuda' has no attribute 'zzz'"],
    // Of this lab alone.
    ['torch.fft', 'AttributeError: torch.fft is not in this lab, though PyTorch has it'],
    ['a.numpy()', 'AttributeError: Tensor.numpy is not in this lab, though PyTorch has it'],
    ['F.pad', 'AttributeError: torch.nn.functional.pad is not in this lab, though PyTorch has it'],
    ['torch.nn.Linear', 'AttributeError: torch.nn.Linear is not in this lab, though PyTorch has it'],
    // What the code is to do itself.
    [
      'a.sum().backward()',
      "AttributeError: Tensor.backward is not in this lab: autograd's gradients are what this code is to derive by hand",
    ],
  ])('%s', (code, message) => {
    expect(messageOf(code)).toBe(message);
  });

  it('has no suggestion of Python’s own added to it', () => {
    python.run('import traceback\ntry:\n    torch.e_\nexcept AttributeError as error:\n    raised = error');
    const printed = python.evaluate<string>('traceback.format_exception_only(raised)[-1]');
    expect(printed).toBe("AttributeError: module 'torch' has no attribute 'e_'. Did you mean: 'e'?\n");
  });
});

describe('decorators of autograd’s modes', () => {
  it.each(['no_grad', 'no_grad()', 'enable_grad', 'inference_mode', 'inference_mode(False)', 'set_grad_enabled(True)'])(
    '@torch.%s leaves the function as it is',
    (decorator) => {
      python.run(`@torch.${decorator}\ndef doubled(x):\n    return x * 2`);
      expect(python.evaluate('doubled(torch.tensor([1.5, -2.0])).tolist()')).toEqual([3, -4]);
    },
  );

  it.each(['no_grad()', 'enable_grad()', 'inference_mode()', 'set_grad_enabled(False)'])('with torch.%s:', (mode) => {
    python.run(`with torch.${mode} as nothing:\n    tripled = torch.tensor([1.0]) * 3`);
    expect(python.evaluate('[tripled.tolist(), nothing]')).toEqual([[3], null]);
  });
});

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
