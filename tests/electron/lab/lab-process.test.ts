import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LabCheck } from '../../../core/python/lab-service';
import type { LabClient } from '../../../electron/lab/lab-client';
import { type BuiltLab, buildLab, inputs, labProcesses, mostMemory, rightCode, startLab } from './built-lab';

let built: BuiltLab;
/** With the app's own limits. */
let client: LabClient;
/** Impatient. */
let hasty: LabClient;
const hastyStates: string[] = [];
/** With the same limit, and all the time there is to end by itself. */
let patient: LabClient;
const patientStates: string[] = [];

beforeAll(async () => {
  built = await buildLab();
  client = startLab(built);
  hasty = startLab(built, { limitMilliseconds: 1000, graceMilliseconds: 100 });
  hasty.onState((state) => hastyStates.push(state));
  patient = startLab(built, { limitMilliseconds: 1000, graceMilliseconds: 30_000 });
  patient.onState((state) => patientStates.push(state));
});
afterAll(async () => {
  await client.close();
  await hasty.close();
  await patient.close();
  built.remove();
});

const isLinux = process.platform === 'linux';
const check = (code: string) => client.check(inputs, code, 'brief');
const checkHastily = (code: string) => hasty.check(inputs, code, 'brief');
const checkPatiently = (code: string) => patient.check(inputs, code, 'brief');
const isRight = (answer: LabCheck) => answer.check.error === null && answer.check.rows.every(({ exact }) => exact);

test('right code is right', async () => {
  const answer = await check(rightCode);
  expect(answer.check).toMatchObject({ backward: 'python', step: 3, error: null, rootCauses: [] });
  expect(answer.check.rows.map(({ node, exact, line }) => ({ node, exact, line }))).toEqual([
    { node: 'logprobs', exact: true, line: 1 },
    { node: 'probs', exact: true, line: 2 },
  ]);
  const known = inputs.nodes.find(({ name }) => name === 'probs')!;
  const given = answer.gradients.get('probs')!;
  expect(given.shape).toEqual(known.shape);
  // Zero of either sign is zero.
  expect(Array.from(given.values, (value) => value + 0)).toEqual(Array.from(known.gradient, (value) => value + 0));
});

test('gradients alone are one plain run', async () => {
  const { error, gradients } = await client.gradients(inputs, 'db1 = torch.ones_like(b1) * n\n');
  expect(error).toBeNull();
  expect([...gradients].map(([node, { shape, values }]) => [node, shape, Array.from(values)])).toEqual([
    ['b1', [5], [4, 4, 4, 4, 4]],
  ]);
});

describe('code that does not end', () => {
  test('is stopped by Stop', async () => {
    let isStopped = false;
    client.onState((state) => {
      if (state !== 'busy' || isStopped) return;
      isStopped = true;
      setTimeout(() => client.stop(), 100);
    });
    const { error } = (await check('db1 = torch.ones_like(b1)\nwhile True:\n  pass\n')).check;
    expect(error).toMatchObject({ type: 'KeyboardInterrupt', message: 'The code was stopped.' });
    expect(isRight(await check(rightCode))).toBe(true);
  });

  test.runIf(isLinux)(
    'is stopped by Stop at once: nobody waits for it to end by itself, and nothing of it stays',
    async () => {
      // It might end by itself in 60 s, and would be given 60 s more.
      const states: string[] = [];
      const slow = startLab(built, { limitMilliseconds: 60_000, graceMilliseconds: 60_000 });
      const others = labProcesses(built);
      slow.onState((state) => {
        states.push(state);
        if (states.length === 3) setTimeout(() => slow.stop(), 200);
      });
      const { error } = (await slow.check(inputs, 'sum(range(10**15))\n', 'brief')).check;
      expect(error?.type).toBe('KeyboardInterrupt');
      expect(states).toEqual(['starting', 'ready', 'busy', 'starting']);
      await slow.close();
      await expect.poll(() => labProcesses(built).filter((pid) => !others.includes(pid))).toEqual([]);
    },
    30_000,
  );

  test('is stopped by the limit, in the same Python', async () => {
    await checkPatiently(rightCode);
    patientStates.length = 0;
    const { error, rows } = (await checkPatiently('x = 1\nwhile True:\n  pass\n')).check;
    expect(patientStates).toEqual(['busy', 'ready']);
    expect(error?.type).toBe('TimeoutError');
    expect([2, 3]).toContain(error?.line);
    expect(error?.message).toBe('The code ran longer than 1 s and was stopped. Does a loop never end?');
    expect(rows.map(({ verdict }) => verdict)).toEqual(['missing', 'missing']);
  });

  test('in one call of C, where nobody ends its process: it ends by itself', async () => {
    const began = performance.now();
    expect((await checkPatiently('sum(range(10**15))\n')).check.error?.type).toBe('TimeoutError');
    expect(performance.now() - began).toBeLessThan(25_000);
    expect(isRight(await checkPatiently(rightCode))).toBe(true);
  }, 60_000);

  test.each([
    ['that catches everything', 'while True:\n  try:\n    while True: pass\n  except BaseException: pass\n'],
    ['in one call of C', 'sum(range(10**15))\n'],
    ['that sleeps', 'import time\nwhile True:\n  try: time.sleep(1000)\n  except BaseException: pass\n'],
  ])('%s: Python is started anew', async (_, code) => {
    expect((await checkHastily(code)).check.error?.type).toBe('TimeoutError');
    hastyStates.length = 0;
    const { error } = (await checkHastily('1 +\n')).check;
    expect(error).toMatchObject({ type: 'SyntaxError', message: 'invalid syntax', line: 1 });
    expect(hastyStates.slice(-2)).toEqual(['busy', 'ready']);
  });
});

describe('code that breaks things', () => {
  test.each([
    ['a function', 'def f(): return f()\nf()\n'],
    ['attributes', 'class A:\n  def __getattr__(self, name): return getattr(self, name + "x")\nA().x\n'],
    ['a deep list', 'x = []\nfor _ in range(10**6): x = [x]\nrepr(x)\n'],
    ['comparisons', 'x, y = [], []\nfor _ in range(10**6): x, y = [x], [y]\nx == y\n'],
  ])(
    'by recursion of %s',
    async (_, code) => {
      const { error } = (await check(code)).check;
      // Where C itself recurses too deep, nothing but a new Python helps.
      expect(error?.type).toMatch(/^(RecursionError|SystemError)$/);
      expect(isRight(await check(rightCode))).toBe(true);
    },
    30_000,
  );

  test.each([
    ['bytes', 'bytearray(2**31 - 1)\n'],
    ['a list', 'x = [0] * 10**9\n'],
    ['a tensor', 'torch.zeros(10**5, 10**5)\n'],
    ['many tensors', 'kept = [torch.zeros(5000, 5000) for _ in range(100)]\n'],
    ['text', 'x = "x" * 1000\nwhile True: x += x\n'],
    ['numbers of a tensor', 'x = torch.ones(60_000_000).tolist()\n'],
    ['numbers and tensors', 'x = torch.ones(10**8)\ny = bytearray(500 * 2**20)\nz = torch.ones(5 * 10**7)\n'],
    ['tensors beside bytes', 'x = bytearray(700 * 2**20)\ny = [torch.ones(10**7) for _ in range(50)]\n'],
  ])(
    'by memory for %s',
    async (_, code) => {
      const memory = watchMemory();
      expect((await check(code)).check.error?.type).toBe('MemoryError');
      expect(memory.stop()).toBeLessThan(1.4 * 2 ** 30);
      expect(isRight(await check(rightCode))).toBe(true);
    },
    60_000,
  );

  test('what one check takes is not taken from the next', async () => {
    const code = `x = bytearray(600 * 2**20)\n${rightCode}`;
    const tensors = `x = torch.ones(10**8)\n${rightCode}`;
    for (const taking of [code, tensors, code]) expect(isRight(await check(taking))).toBe(true);
  }, 60_000);

  test('by recursion without a limit', async () => {
    const deep = 'import random\nrandom._os.sys.setrecursionlimit(10**9)\ndef f(): return f()\nf()\n';
    // It goes on until there is no memory, or no time.
    expect((await check(deep)).check.error?.type).toMatch(/^(RecursionError|SystemError|MemoryError|TimeoutError)$/);
    expect(isRight(await check(rightCode))).toBe(true);
  }, 30_000);

  test.runIf(isLinux)(
    'by the end of its process, whenever it comes',
    async () => {
      await check(rightCode);
      const answer = check('while True:\n  pass\n');
      for (const pid of labProcesses(built)) process.kill(pid, 'SIGKILL');
      expect((await answer).check.error).toEqual({
        type: 'SystemError',
        message: 'The code broke Python (its process was ended by SIGKILL), which was started anew.',
        line: null,
      });
      expect(isRight(await check(rightCode))).toBe(true);
    },
    30_000,
  );

  test('by a hard exit: Python is started anew, and says so', async () => {
    const { error } = (await check('import random\nrandom._os._exit(3)\n')).check;
    expect(error?.type).toBe('SystemError');
    expect(error?.message).toContain('was started anew');
    expect(isRight(await check(rightCode))).toBe(true);
  }, 30_000);
});

/** Watches how much memory the lab's processes have had at most. Where there is no /proc to be read it is nothing. */
function watchMemory(): { stop(): number } {
  let most = 0;
  const look = () => {
    if (isLinux) most = Math.max(most, ...labProcesses(built).map(mostMemory));
  };
  const timer = setInterval(look, 50);
  return {
    stop() {
      look();
      clearInterval(timer);
      return most;
    },
  };
}
