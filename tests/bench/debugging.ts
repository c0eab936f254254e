import { createDataset } from '../../core/data/dataset';
import { compileCondition } from '../../core/debugger/conditions/compile';
import { FindingList } from '../../core/debugger/findings/findings';
import { Session } from '../../core/debugger/session';
import { defaultSnapshotBudget } from '../../core/debugger/time-travel/snapshot-store';
import { defaultSettings, type Settings } from '../../core/programs/settings';
import { Engine } from '../../electron/engine/engine';
import { packSession, readSession } from '../../electron/session-file/session-file';
import { autosaveSnapshotBytes } from '../../electron/worker/archive';
import { builtInNames } from '../../electron/worker/built-in-names';
import { median } from './median';

interface DebuggingRow {
  readonly program: string;
  readonly what: string;
  /** Microseconds, or milliseconds where it says so. */
  readonly median: number;
  readonly unit: 'µs' | 'ms';
  /** Of a step; null where it is not of one. */
  readonly 'of a step, %': number | null;
}

const programs: readonly { readonly name: string; readonly settings: Settings }[] = [
  { name: 'decomposed-mlp', settings: defaultSettings('decomposed-mlp') },
  { name: 'deep-stack, batch norm', settings: { ...defaultSettings('deep-stack'), batchNorm: true } },
];
const steps = 12_000;
const jumps = 12;

/** What watching a run costs, by condition and rule; and what going back, trying out, saving and reading take. */
export function measureDebugging(): DebuggingRow[] {
  return programs.flatMap(({ name, settings }) => measureProgram(name, settings));
}

function measureProgram(program: string, settings: Settings): DebuggingRow[] {
  const data = { dataset: createDataset(builtInNames()), name: 'built-in names', builtIn: true };
  const { kernels, description: kernelDescription, newArena } = new Engine({ threads: 1 }).begin(settings.arithmetic);
  const session = new Session({ kernels, kernelDescription, newArena, data, settings });
  const facts = session.facts(() => session.check());
  const findings = new FindingList(session, facts);
  const { network } = session;
  const names = {
    nodes: network.nodes.map(({ name }) => name),
    parameters: network.parameters.map(({ name }) => name),
    layers: network.layers,
  };
  const [{ node: layer } = { node: '' }] = network.layers;
  const [, weight = ''] = names.parameters;
  for (let step = 0; step < steps; step++) session.advance();

  const step = microseconds(() => session.advance());
  const row = (what: string, cost: number): DebuggingRow => ({
    program,
    what,
    median: Number(cost.toFixed(2)),
    unit: 'µs',
    'of a step, %': Number(((100 * cost) / step).toFixed(2)),
  });
  const slow = (what: string, cost: number): DebuggingRow => ({
    program,
    what,
    median: Number((cost / 1000).toFixed(1)),
    unit: 'ms',
    'of a step, %': null,
  });
  const conditions = [
    'loss > 400',
    'step % 1000 == 1001',
    `saturated("${layer}") > 1.2`,
    `updateRatio("${weight}") > 9`,
    'isNaN(any)',
  ].map((source) => {
    const condition = compileCondition(source, names);
    const check = () => {
      facts.begin();
      condition(facts);
    };
    return row(`condition ${source}`, microseconds(check, 100));
  });
  const rules = mean(1000, () => {
    session.advance();
    facts.begin();
    findings.atStep();
  });
  const alone = mean(1000, () => session.advance());
  const around = {
    breakpoints: { isActive: true, states: [], stop: null },
    findings: findings.describe(),
    progress: null,
  };
  const whole = { snapshotBytes: defaultSnapshotBudget, apart: null };
  const file = packSession(session, around, whole).bytes;
  const nameOf = (branch: number, part: number) => `0-${branch}-${part}`;
  const { needs } = packSession(session, around, { snapshotBytes: 1, apart: { nameOf, kept: new Set() } });
  const autosave = { snapshotBytes: autosaveSnapshotBytes, apart: { nameOf, kept: new Set(needs) } };
  const jump = () => {
    const target = session.head - Math.floor(Math.random() * 10_000);
    for (const _ of session.goTo(target));
  };
  return [
    row('a step', step),
    ...conditions,
    row('all rules, mean of 1,000 steps', Math.max(0, rules - alone)),
    slow('go to a step of the last 10,000', microseconds(jump, 1, jumps)),
    slow(
      'what if',
      microseconds(() => session.whatIf({ gain: 2, initScale: 1, learningRate: 0.1 }), 1, 40),
    ),
    slow(
      'its history for a view',
      microseconds(() => session.history.lossHistory(500), 1, 40),
    ),
    slow(
      `pack ${(file.length / 2 ** 20).toFixed(1)} MiB of ${session.head} steps`,
      microseconds(() => packSession(session, around, whole), 1, 5),
    ),
    slow(
      'pack an autosave',
      microseconds(() => packSession(session, around, autosave), 1, 5),
    ),
    slow(
      'read it again',
      microseconds(() => readSession(file, [], []), 1, 5),
    ),
  ];
}

/** Median of what one call takes, timed so many at once. */
function microseconds(work: () => unknown, atOnce = 1, rounds = 300): number {
  const times = Array.from({ length: rounds }, () => {
    const start = performance.now();
    for (let call = 0; call < atOnce; call++) work();
    return ((performance.now() - start) * 1000) / atOnce;
  });
  return median(times);
}

function mean(count: number, work: () => void): number {
  const start = performance.now();
  for (let call = 0; call < count; call++) work();
  return ((performance.now() - start) * 1000) / count;
}
