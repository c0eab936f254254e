import { beforeAll, describe, expect, it } from 'vitest';
import { startPython, type TestPython } from '../python';

describe('smoke', () => {
  let python: TestPython;
  beforeAll(async () => {
    python = await startPython();
  });
  it('adds', () => {
    expect(python.evaluate('x = torch.tensor([[1.0, 2], [3, 4]])\n(x @ x + 1).tolist()')).toEqual([[8, 11], [16, 23]]);
    console.log(python.evaluate('repr(torch.randn(3,4, generator=torch.Generator().manual_seed(2147483647)))'));
  });
});
