import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadJson } from '../../../fixtures/load';
import { startPython, type TestPython } from '../python';

const readme = readFileSync(new URL('../../../../core/python/README.md', import.meta.url), 'utf8');
/** Every name in the table's second column: `torch.zeros`, `.sum`, `F.softmax`. */
const listed = readme
  .split('\n')
  .filter((line) => line.startsWith('| '))
  .flatMap((line) => [...(line.split(' | ')[1] ?? '').matchAll(/`(torch\.|F\.|\.)(\w+)`/g)])
  .map(([, place, name]) => ({ place: place!, name: name! }));

const fixture = loadJson<{ setup: string; groups: Record<string, { code: string }[]> }>('torch-surface.json');
const { errors: _, ...groups } = fixture.groups;
const tried = new Set(
  [fixture.setup, ...Object.values(groups).flatMap((cases) => cases.map(({ code }) => code))].flatMap(
    (code) => code.match(/[A-Za-z_]\w*/g) ?? [],
  ),
);

/** What the fixture does not try: other names of what it tries, and what PyTorch gives no fixed figure for. */
const equivalents: readonly (readonly [string, string])[] = [
  ['a.absolute()', 'abs(a)'],
  ['a.negative()', '-a'],
  ['a.subtract(b)', 'a - b'],
  ['a.multiply(b)', 'a * b'],
  ['a.divide(b)', 'a / b'],
  ['a.true_divide(b)', 'a / b'],
  ['a.floor_divide(p)', 'a // p'],
  ['a.remainder(p)', 'a % p'],
  ['a.clone().subtract_(b)', 'a - b'],
  ['a.clone().multiply_(b)', 'a * b'],
  ['a.clone().divide_(b)', 'a / b'],
  ['a.clone().remainder_(p)', 'a % p'],
  ['a.clone().pow_(2)', 'a**2'],
  ['a.clone().abs_()', 'a.abs()'],
  ['p.clone().log_()', 'p.log()'],
  ['p.clone().sqrt_()', 'p.sqrt()'],
  ['a.clone().relu_()', 'a.relu()'],
  ['a.clone().sigmoid_()', 'a.sigmoid()'],
  ['a.clip(-1, 1)', 'a.clamp(-1, 1)'],
  ['a.ge(b)', 'a >= b'],
  ['a.le(b)', 'a <= b'],
  ['a.ne(b)', 'a != b'],
  ['m.logical_or(row.view(3, 1))', 'm | row.view(3, 1)'],
  ['m.logical_xor(row.view(3, 1))', 'm ^ row.view(3, 1)'],
  ['m.bitwise_and(row.view(3, 1))', 'm & row.view(3, 1)'],
  ['m.bitwise_or(row.view(3, 1))', 'm | row.view(3, 1)'],
  ['m.bitwise_xor(row.view(3, 1))', 'm ^ row.view(3, 1)'],
  ['torch.tensor([1.0, torch.inf, torch.nan]).isfinite()', 'torch.tensor([True, False, False])'],
  ['a.mv(v)', 'a @ v'],
  ['t3.bmm(t3.transpose(1, 2))', 't3 @ t3.transpose(1, 2)'],
  ['a.ravel()', 'a.reshape(-1)'],
  ['a.swapaxes(0, 1)', 'a.T'],
  ['c.broadcast_to(3, 4)', 'c.expand(3, 4)'],
  ['a.view(-1).view_as(b)', 'a'],
  ['a.view(-1).reshape_as(b)', 'a'],
  ['a.new_zeros(2, 3)', 'torch.zeros(2, 3)'],
  ['a.new_ones(2)', 'torch.ones(2)'],
  ['torch.zeros(3, 4).scatter(1, j.view(3, 1), c)', 'F.one_hot(j, 4) * c + 0.0'],
  ['torch.concat([a, b])', 'torch.cat([a, b])'],
  ['torch.concatenate([a, b])', 'torch.cat([a, b])'],
  ['torch.tensor(torch.empty(2, 3).shape)', 'torch.tensor([2, 3])'],
  ['torch.tensor(torch.empty_like(a).shape)', 'torch.tensor(torch.Size([3, 4]))'],
  ['torch.tensor(torch.rand_like(a).shape)', 'torch.tensor([3, 4])'],
  ['torch.tensor(torch.randn_like(a).shape)', 'torch.tensor([3, 4])'],
  ['torch.tensor(sorted(torch.randperm(6).tolist()))', 'torch.arange(6)'],
  ['torch.tensor(torch.pi).cpu()', 'torch.tensor(3.141592653589793)'],
  ['torch.tensor(str(a.device) == "cpu")', 'torch.tensor(True)'],
  ['torch.tensor(a.grad is None)', 'torch.tensor(True)'],
  ['[(torch.no_grad().__enter__(), a)][0][1]', 'a'],
];

let python: TestPython;
beforeAll(async () => {
  python = await startPython();
  python.run(`exec(${JSON.stringify(fixture.setup)}, globals())`);
}, 60_000);

describe('the table of the README', () => {
  it('lists what the module has, and nothing else', () => {
    const public_ = (place: string, own: readonly string[]) =>
      python
        .evaluate<string[]>(`[name for name in dir(${place}) if not name.startswith("_")]`)
        .filter((name) => !own.includes(name));
    const tensor = public_('torch.Tensor', ['broadcast_with', 'kind']);
    const torch = public_('torch', ['functions', 'missing', 'float_', 'nn']);
    const functional = public_('F', ['call', 'functions', 'implied_dim', 'missing', 'wrap']);
    const names = (place: string) => listed.filter((entry) => entry.place === place).map(({ name }) => name);
    expect(names('.').toSorted()).toEqual(tensor.toSorted());
    expect(names('F.').toSorted()).toEqual(functional.toSorted());
    // torch's functions that are methods too stand once, as methods.
    expect(names('torch.').toSorted()).toEqual(
      torch.filter((name) => !names('.').includes(name) || names('torch.').includes(name)).toSorted(),
    );
  });

  it('has a figure for every name', () => {
    const tried_ = new Set([
      ...tried,
      ...equivalents.flatMap((pair) => pair.flatMap((code) => code.match(/\w+/g) ?? [])),
    ]);
    expect(listed.map(({ name }) => name).filter((name) => !tried_.has(name))).toEqual([]);
  });

  it.each(equivalents)('%s is %s', (code, same) => {
    const values = (expression: string) => python.evaluate(`[list((${expression}).shape), (${expression}).tolist()]`);
    expect(values(code)).toEqual(values(same));
  });
});
