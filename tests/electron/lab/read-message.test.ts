import { beforeAll, describe, expect, test } from 'vitest';
import type { LabCheck } from '../../../core/python/lab-service';
import type { LabTask } from '../../../electron/lab/lab-messages';
import { type Awaited, readMessage } from '../../../electron/lab/read-message';
import { lecture, rewritten } from '../../core/python/corpus/correct';
import { newLab } from '../../core/python/new-lab';
import { advanced, newSession } from '../../core/sessions';
import { mutatedValue, randomOf } from '../../fuzz/mutate';

const session = advanced(newSession({ batchSize: 8, hiddenSize: 5 }), 3);
/** Code whose checks have something everywhere that a check can have something. */
const codes = [
  lecture,
  rewritten({ 'dbndiff2 = (1.0/(n-1))*torch.ones_like(bndiff2) * dbnvar': 'dbndiff2 = (1.0/n) * dbnvar' }),
  rewritten({ 'db2 = dlogits.sum(0)': 'db2 = dlogits\nprint("x" * 30_000)' }),
  `%matplotlib inline\n${lecture}\ndlogits = logits.grad\ncmp("logits", dlogits, logits)\n`,
  `${lecture}\ndlogits = F.softmax(logits, 1)\ndlogits[range(n), Yb] -= 1\ndlogits /= n\ncmp("logits", dlogits, logits)\n1 / 0\n`,
  `globals()["x" * 5000] = torch.ones(3)\nfor i in range(2000): globals()[f"t{i}"] = torch.ones(2)\nraise ValueError("y" * 5000)\n`,
  'exec(compile("\\n" * 5000 + "1/0", "backward.py", "exec"))\n',
  'dlogits = 1 +\n',
  'def f():',
  'dlogits = (',
];

interface Sample {
  readonly task: LabTask;
  readonly message: { readonly kind: string; readonly answer: unknown };
}

let samples: readonly Sample[];
let checks: readonly LabCheck[];
beforeAll(async () => {
  const lab = await newLab();
  const asked = codes.map((code) => ({ code, inputs: session.labInputs(code) }));
  checks = asked.map(({ inputs, code }) => lab.check(inputs, code, 'thorough'));
  samples = asked.flatMap(({ code, inputs }, index): Sample[] => [
    {
      task: { kind: 'check', inputs, code, patience: 'thorough', isFresh: false },
      message: { kind: 'check', answer: checks[index] },
    },
    {
      task: { kind: 'gradients', inputs, code },
      message: { kind: 'gradients', answer: lab.gradients(inputs, code) },
    },
  ]);
}, 60_000);

/** As it comes from another process. */
const sent = <Value>(value: Value): Value => structuredClone(value);
const isRead = (message: unknown, awaited: Awaited) => 'message' in readMessage(message, awaited);

describe('real answers', () => {
  test('are read as they are', () => {
    for (const { task, message } of samples) expect(readMessage(sent(message), task)).toEqual({ message });
  });

  test('have something everywhere that an answer can have something', () => {
    const all = checks.map(({ check }) => check);
    expect(all.some(({ error }) => error?.line === null)).toBe(true);
    expect(all.some(({ error }) => error?.message.endsWith('…'))).toBe(true);
    expect(all.some(({ output }) => output.length > 20_000)).toBe(true);
    expect(all.some(({ names }) => names.length === 1000)).toBe(true);
    expect(all.some(({ notes }) => notes.length > 0)).toBe(true);
    expect(all.some(({ rows }) => rows.some(({ answers }) => answers.length > 1))).toBe(true);
    expect(all.some(({ rootCauses }) => rootCauses.some(({ mistake }) => mistake !== null))).toBe(true);
    const words = new Set(all.flatMap(({ rows }) => rows.map(({ verdict }) => verdict)));
    expect([...words].toSorted()).toEqual(expect.arrayContaining(['copied', 'exact', 'inherited', 'missing', 'shape']));
    expect(checks.some(({ gradients }) => gradients.get('b2')?.values.length === 0)).toBe(true);
  });
});

/** What a value is, as far as whoever draws it can be hurt by it. */
function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'list';
  if (value instanceof Float32Array || value instanceof Float64Array) return 'numbers';
  if (value instanceof Map) return 'map';
  return typeof value;
}

/** Every place of a value, without the indices of lists, with what stands there. */
function* placesOf(value: unknown, path = ''): Generator<readonly [string, unknown]> {
  yield [path, value];
  if (value instanceof Map) for (const inner of value.values()) yield* placesOf(inner, `${path}<>`);
  else if (Array.isArray(value)) for (const inner of value) yield* placesOf(inner, `${path}[]`);
  else if (kindOf(value) === 'object') {
    for (const [key, inner] of Object.entries(value as object)) yield* placesOf(inner, `${path}.${key}`);
  }
}

/** Every kind of value that the real answers have at a place. */
function knownKinds(): ReadonlyMap<string, ReadonlySet<string>> {
  const known = new Map<string, Set<string>>();
  for (const { message } of samples) {
    for (const [path, value] of placesOf(message)) {
      known.set(path, (known.get(path) ?? new Set()).add(kindOf(value)));
    }
  }
  return known;
}

/** Places that may be null though no real answer here has null there. */
const mayBeNull = /\.(maxdiff|bound|maxUlp|worstIndex|line|mistake|unjudged|error)$/;

describe('mutated answers', () => {
  test('are refused, or are of the same form and no larger than an answer may be', () => {
    const known = knownKinds();
    const random = randomOf(14);
    let accepted = 0;
    const rounds = 6000;
    for (let round = 0; round < rounds; round++) {
      const { task, message } = samples[round % samples.length]!;
      const mutant = mutatedValue(sent(message), random);
      const read = readMessage(mutant, task);
      if (!('message' in read)) continue;
      accepted++;
      for (const [path, value] of placesOf(read.message)) {
        const kind = kindOf(value);
        const isKnown = known.get(path)?.has(kind) || (kind === 'null' && mayBeNull.test(path));
        const isOptional = path === '.isSpent' || path === '.line';
        if (!isKnown && !isOptional && read.message.kind !== 'broken') expect(`${path} is ${kind}`).toBe('known');
        if (typeof value === 'string' && value.length > 25_000) expect(path).toBe('short');
        if (Array.isArray(value) && value.length > 1000) expect(path).toBe('short');
      }
    }
    // Most are refused; those that are not differ in a number, a text, or a word for another.
    expect(accepted).toBeGreaterThan(rounds / 300);
    expect(accepted).toBeLessThan(rounds / 2);
  });

  const fields: readonly [string, unknown][] = [
    ['backward', 'nodewise'],
    ['mistake', 'variance-over-n'],
    ['statements', [{ line: 1, node: 'nobody', formula: '', mistaken: false }]],
    ['statements', [{ line: 1000, node: 'logits', formula: '', mistaken: false }]],
    ['step', 4],
    ['unjudged', { reason: 'None.', step: 0 }],
    ['rows', []],
    ['rootCauses', [{ node: 'nobody', line: 1, mistake: null, explanation: '' }]],
    ['rootCauses', [{ node: 'logits', line: 0, mistake: null, explanation: '' }]],
    ['isJudgedByTerms', 'yes'],
    ['judgedAt', [{ seed: -1, batchSize: 4 }]],
    ['search', 'wide'],
    ['notes', ['x'.repeat(2001)]],
    ['notes', Array.from({ length: 1001 }, () => '')],
    ['error', { type: 'E', message: 'm', line: 1000 }],
    ['output', 'x'.repeat(25_001)],
    ['names', [{ name: 'x', shape: [-1] }]],
    ['names', [{ name: 'x', shape: [0.5] }]],
    ['milliseconds', Number.NaN],
    ['milliseconds', Number.POSITIVE_INFINITY],
    ['more', 1],
  ];
  test.each(fields)('a check with other %s is refused', (field, value) => {
    const { task, message } = samples[0]!;
    const { check, ...rest } = message.answer as LabCheck;
    expect(isRead({ ...message, answer: { ...rest, check: { ...check, [field]: value } } }, task)).toBe(false);
  });

  const rowFields: readonly [string, unknown][] = [
    ['node', 'probs'],
    ['shape', [8, 26]],
    ['exact', 1],
    ['approximate', null],
    ['maxdiff', -1],
    ['bound', '0'],
    ['maxUlp', -1],
    ['worstIndex', [0]],
    ['worstIndex', [0, 1000]],
    ['verdict', 'right'],
    ['reason', 7],
    ['line', 1000],
    ['line', 1.5],
    ['notes', [null]],
    ['answers', [{ line: 1000, verdict: 'exact', reason: '' }]],
  ];
  test.each(rowFields)('a row with another %s is refused', (field, value) => {
    const { task, message } = samples[0]!;
    const { check, ...rest } = message.answer as LabCheck;
    const rows = check.rows.map((row, index) => (index === 0 ? { ...row, [field]: value } : row));
    expect(isRead({ ...message, answer: { ...rest, check: { ...check, rows } } }, task)).toBe(false);
  });

  const { shape } = session.labInputs('').nodes.find(({ name }) => name === 'logits')!;
  const count = shape[0]! * shape[1]!;
  test.each<[string, unknown, unknown]>([
    ['of no node', 'nobody', { shape, values: new Float32Array(count) }],
    ['that is too short', 'logits', { shape, values: new Float32Array(count - 1) }],
    ['of numbers that its shape is not for', 'logits', { shape: [count], values: new Float32Array(count) }],
    ['of a list', 'logits', { shape, values: Array.from({ length: count }, () => 0) }],
    ['of bytes', 'logits', { shape, values: new Uint8Array(count) }],
    ['of too many dimensions', 'logits', { shape: Array.from({ length: 65 }, () => 1), values: new Float32Array() }],
  ])('a gradient %s is refused', (_, node, gradient) => {
    const { task, message } = samples[0]!;
    expect(
      isRead({ ...message, answer: { ...(message.answer as LabCheck), gradients: new Map([[node, gradient]]) } }, task),
    ).toBe(false);
  });

  test('numbers that share their memory with more are read as a copy', () => {
    const { task, message } = samples[0]!;
    const values = new Float32Array(new ArrayBuffer(2 ** 20), 0, count);
    const answer = { ...(message.answer as LabCheck), gradients: new Map([['logits', { shape, values }]]) };
    const read = readMessage({ ...message, answer }, task);
    if (!('message' in read) || read.message.kind !== 'check') throw new Error('It is refused.');
    const given = read.message.answer.gradients.get('logits')!.values as Float32Array;
    expect(given.buffer.byteLength).toBe(count * 4);
  });

  test('where it is refused is told, but nothing of what was sent', () => {
    const { task, message } = samples[1]!;
    const gradients = new Map([['\u001b[2J', { shape: [1], values: 'x' }]]);
    expect(readMessage({ ...message, answer: { error: null, gradients } }, task)).toEqual({ refusedAt: null });
    const answer = { error: { type: 'E', message: '\u001b[2J', line: -1 }, gradients: new Map() };
    expect(readMessage({ ...message, answer }, task)).toEqual({ refusedAt: 'answer.error.line' });
  });
});
