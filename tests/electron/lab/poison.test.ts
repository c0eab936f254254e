import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LabClient } from '../../../electron/lab/lab-client';
import { type BuiltLab, buildLab, inputs, rightCode, startLab } from './built-lab';

/*
 * Files that are graded one after the other: whatever one does to Python, the next one is judged as if it were the first, for
 * better and for worse.
 */
let built: BuiltLab;
let client: LabClient;
beforeAll(async () => {
  built = await buildLab();
  client = startLab(built, { isGrading: true });
}, 60_000);
afterAll(async () => {
  await client.close();
  built.remove();
});

const wrongCode = rightCode.replace('(1.0 / probs)', '(2.0 / probs)');
const reach = `
import dataclasses, math
sys = dataclasses.sys
modules = sys.modules
real = print.__self__
def halve(frame):
    for name in ('dlogprobs', 'dprobs'):
        value = frame.f_globals.get(name)
        if torch.is_tensor(value): value.div_(2)
`;

const poisons: readonly (readonly [string, string])[] = [
  ['an audit hook', 'sys.addaudithook(lambda event, arguments: halve(sys._getframe(1)) if event == "exec" else None)'],
  [
    'sys.monitoring',
    'sys.monitoring.use_tool_id(3, "x")\nsys.monitoring.set_events(3, sys.monitoring.events.LINE)\nsys.monitoring.register_callback(3, sys.monitoring.events.LINE, lambda code, line: halve(sys._getframe(1)))',
  ],
  ['settrace and setprofile', 'sys.settrace(lambda *a: halve(a[0]))\nsys.setprofile(lambda *a: halve(a[0]))'],
  [
    'the builtins',
    'real.type = lambda x: torch.Tensor\nreal.isinstance = lambda *a: True\nreal.exec = lambda *a: None',
  ],
  [
    'torch',
    'torch.Tensor.__mul__ = torch.Tensor.__truediv__ = lambda self, other: self\ntorch.ones_like = torch.zeros_like',
  ],
  ['the engine’s call', 'modules["torch._call"].call.__code__ = (lambda name, *parameters: 0).__code__'],
  ['the hooks', 'modules["running.hooks"].Hooks._bound = lambda self, site, place, value: value'],
  [
    'the memory of state.py',
    'modules["running.state"]._remembered.clear()\nmodules["running.state"].restore = lambda: None\nmodules["running.run"].run.__code__ = (lambda request: "null").__code__',
  ],
  ['what is kept in math', 'math.__dict__["dprobs"] = [0.5]\nmath.log = None'],
  ['the limits', 'sys.setrecursionlimit(10 ** 9)'],
  ['all modules', 'modules.clear()'],
];

describe.each(poisons)('after a file that changes %s', (_, poison) => {
  test('right code is right, and wrong code is wrong', async () => {
    await client.check(inputs, `${reach}${poison}\n`, 'brief').catch(() => {});
    const { check: right } = await client.check(inputs, rightCode, 'brief');
    expect(right.error).toBeNull();
    expect(right.rows.map(({ verdict }) => verdict)).toEqual(['exact', 'exact']);
    await client.check(inputs, `${reach}${poison}\n`, 'brief').catch(() => {});
    const { check: wrong } = await client.check(inputs, wrongCode, 'brief');
    expect(wrong.error).toBeNull();
    expect(wrong.rows.map(({ verdict }) => verdict)).toEqual(['exact', 'wrong']);
  }, 30_000);
});

test('numbers that one file keeps are not there for the next', async () => {
  const keep = 'import math\nmath.__dict__["kept"] = [logprobs.tolist()]\nprint(len(math.kept))\n';
  const use = 'import math\nprint(math.__dict__.get("kept"))\n';
  expect((await client.check(inputs, keep, 'brief')).check.output).toBe('1\n');
  expect((await client.check(inputs, use, 'brief')).check.output).toBe('None\n');
});
