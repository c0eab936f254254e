import { beforeAll, describe, expect, it } from 'vitest';
import { startPython, type TestPython } from '../python';

let python: TestPython;
beforeAll(async () => {
  python = await startPython();
}, 60_000);

/** What the code raises, as Python prints it. */
const raised = (code: string) =>
  python.evaluate<string>(`
def raised():
    try: exec(${JSON.stringify(code)}, dict(scope))
    except Exception as error: return f"{type(error).__name__}: {error}"
scope = {"torch": torch, "x": torch.zeros(2, 3)}
raised()`);

describe('.data', () => {
  it('is changed in place, for every name that the tensor has', () => {
    expect(
      python.evaluate(`
p = torch.tensor([1.0, 2.0])
same, view = p, p.view(2, 1)
p.data += -0.5 * torch.ones(2)
p.data *= 2
[p.tolist(), same.tolist(), view.tolist(), p is same]`),
    ).toEqual([[1, 3], [1, 3], [[1], [3]], true]);
  });

  it('set, shares the numbers of the other tensor, of whatever shape and type; views keep the old ones', () => {
    expect(
      python.evaluate(`
x = torch.zeros(2)
view, z = x.view(2), torch.ones(3, dtype=torch.long)
x.data = z
z += 1
[x.tolist(), list(x.shape), str(x.dtype), view.tolist()]`),
    ).toEqual([[2, 2, 2], [3], 'torch.int64', [0, 0]]);
  });

  it.each([
    ['x.data = 3', 'TypeError: Variable data has to be a tensor, but got int'],
    ['x.data = None', 'TypeError: Variable data has to be a tensor, but got NoneType'],
  ])('%s is refused in the words of PyTorch', (code, error) => {
    expect(raised(code)).toBe(error);
  });
});

describe('.grad', () => {
  it('is what was set, until it is set to None', () => {
    expect(
      python.evaluate(`
p, g = torch.zeros(2), torch.ones(2)
p.grad = g
read = [p.grad is g, p.grad.tolist()]
p.grad += 1
p.data += -1.0 * p.grad
read += [g.tolist(), p.tolist()]
p.grad = None
read + [p.grad]`),
    ).toEqual([true, [1, 1], [2, 2], [-2, -2], null]);
  });

  it.each([
    ['x.grad = 3', 'TypeError: assigned grad expected to be a Tensor or None but got grad of type int'],
    ['x.grad = torch.zeros(5)', 'RuntimeError: assigned grad has data of a different size'],
    ['x.grad = torch.zeros(5, dtype=torch.float64)', 'RuntimeError: assigned grad has data of a different type'],
    ['x.grad = x', "RuntimeError: can't assign Variable as its own grad"],
  ])('%s is refused in the words of PyTorch', (code, error) => {
    expect(raised(code)).toBe(error);
  });
});
