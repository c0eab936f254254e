import { createDataset } from '../../core/data/dataset';
import { Session } from '../../core/debugger/session';
import type { NamedDataset } from '../../core/debugger/session-parts';
import { type Arithmetic, defaultSettings, type Settings } from '../../core/programs/settings';
import { Engine } from '../../electron/engine/engine';
import { builtInNames } from '../../electron/worker/built-in-names';
import { median, quartiles } from './median';
import { Torch } from './torch';

interface Workload {
  /** What one step is. */
  readonly meaning: string;
  readonly settings: Settings;
  /** Whether updates use the fused backward by hand, and autograd is left out. */
  readonly byHand?: boolean;
  /** Whether every step measures every layer. */
  readonly measures?: boolean;
  /** Steps a round. */
  readonly steps: number;
  /** PyTorch's best number of threads. */
  readonly torchThreads: number;
}

const decomposed: Settings = { ...defaultSettings('decomposed-mlp'), hiddenSize: 200 };
const stack = defaultSettings('deep-stack');
const normed: Settings = { ...stack, batchNorm: true, gain: 1 };
const usual = { steps: 80, torchThreads: 1 };

const workloads: Readonly<Record<string, Workload>> = {
  W1: { meaning: 'decomposed MLP, everything retained', settings: decomposed, ...usual },
  W2: { meaning: 'fused backward by hand (PyTorch: dC in a loop)', settings: decomposed, byHand: true, ...usual },
  W2v: { meaning: 'fused backward by hand (PyTorch: index_add_)', settings: decomposed, byHand: true, ...usual },
  W3: { meaning: 'deep stack', settings: stack, ...usual },
  W3bn: { meaning: 'deep stack, batch norm', settings: normed, ...usual },
  W4: { meaning: 'deep stack, all statistics', settings: stack, measures: true, ...usual },
  W4bn: { meaning: 'deep stack, batch norm, all statistics', settings: normed, measures: true, ...usual },
  W5: {
    meaning: 'hidden 1024, batch 256',
    settings: { ...stack, hiddenSize: 1024, batchSize: 256 },
    steps: 1,
    torchThreads: 2,
  },
};
export const workloadNames = Object.keys(workloads);

/** Ways to compute one: reference, one thread or two. */
const variants: readonly { readonly name: string; readonly arithmetic: Arithmetic | null; readonly threads: number }[] =
  [
    { name: 'reference', arithmetic: null, threads: 1 },
    { name: 'plain', arithmetic: 'reproducible', threads: 1 },
    { name: 'plain, 2 threads', arithmetic: 'reproducible', threads: 2 },
    { name: 'relaxed', arithmetic: 'fast', threads: 1 },
    { name: 'relaxed, 2 threads', arithmetic: 'fast', threads: 2 },
  ];
/** Short and many: a shared machine's speed changes from second to second, by as much as a half. */
const rounds = 40;
/** Rounds to warm up in. */
const warming = 4;

export interface WorkloadRow {
  readonly workload: string;
  readonly kernels: string;
  readonly 'µs a step': number;
  readonly 'steps/s': number;
  /** How many times PyTorch's speed in the same round, the median of all; null where there is no PyTorch, and for itself. */
  readonly 'of PyTorch': number | null;
  /** The quartiles of that, from the lower to the upper. */
  readonly 'middle half': string | null;
}

/** Whoever can make steps of a workload and say how long each took, in microseconds. */
interface Runner {
  readonly name: string;
  run(steps: number): number[] | Promise<number[]>;
}

/**
 * Times the workloads, all ways to compute one in turn, round after round, so that what else the machine does hits all of
 * them alike.
 * @param script PyTorch's side.
 */
export async function measureWorkloads(names: readonly string[], script: string): Promise<WorkloadRow[]> {
  const data = { dataset: createDataset(builtInNames()), name: 'built-in names', builtIn: true };
  const rows: WorkloadRow[] = [];
  for (const name of names) {
    const workload = workloads[name];
    if (workload === undefined) continue;
    const engines: Engine[] = [];
    // A step of the largest takes the plain loops seconds.
    const chosen = variants.filter(({ arithmetic }) => arithmetic !== null || name !== 'W5');
    const runners: Runner[] = chosen.map(({ name: kernels, arithmetic, threads }) => {
      const engine = new Engine({ threads, onlyReference: arithmetic === null });
      engines.push(engine);
      return { name: kernels, run: stepsOf(workload, engine, arithmetic ?? 'reproducible', data) };
    });
    const torch = await Torch.start(script, data.dataset, workload.torchThreads);
    if (torch !== null) runners.push({ name: torch.version, run: (steps) => torch.run(name, steps) });
    const times = new Map(runners.map(({ name: kernels }) => [kernels, [] as number[]]));
    for (let round = 0; round < rounds; round++) {
      for (const runner of runners) {
        const isSlow = runner.name === 'reference';
        if (isSlow && round > warming + 3) continue;
        const taken = await runner.run(isSlow ? Math.ceil(workload.steps / 10) : workload.steps);
        if (round >= warming) times.get(runner.name)?.push(median(taken));
      }
    }
    const peer = times.get(torch?.version ?? '') ?? [];
    for (const [kernels, ofRounds] of times) {
      const microseconds = median(ofRounds);
      const isCompared = torch !== null && kernels !== torch.version;
      const ratios = ofRounds.map((own, round) => (peer[round] ?? Number.NaN) / own);
      const [lower, upper] = quartiles(ratios).map((ratio) => ratio.toFixed(2));
      rows.push({
        workload: `${name} ${workload.meaning}`,
        kernels,
        'µs a step': Number(microseconds.toFixed(1)),
        'steps/s': Math.round(1e6 / microseconds),
        'of PyTorch': isCompared ? Number(median(ratios).toFixed(2)) : null,
        'middle half': isCompared ? `${lower} to ${upper}` : null,
      });
    }
    torch?.close();
    await Promise.all(engines.map((engine) => engine.close()));
  }
  return rows;
}

/** A session of the workload, and what times steps of it. */
export function sessionOf(
  name: string,
  engine: Engine,
  arithmetic: Arithmetic,
  data: NamedDataset,
): { readonly session: Session; readonly step: () => void } {
  const workload = workloads[name];
  if (workload === undefined) throw new Error(`There is no workload ${name}.`);
  return begin(workload, engine, arithmetic, data);
}

function begin({ settings, byHand, measures }: Workload, engine: Engine, arithmetic: Arithmetic, data: NamedDataset) {
  const { kernels, description: kernelDescription, newArena } = engine.begin(arithmetic);
  const session = new Session({ kernels, kernelDescription, newArena, data, settings: { ...settings, arithmetic } });
  if (byHand === true) {
    session.chooseBackward('fused', null);
    session.trainByBuiltIn(true);
  }
  const step = () => {
    session.advance();
    if (measures === true) session.measureLayers();
  };
  return { session, step };
}

function stepsOf(workload: Workload, engine: Engine, arithmetic: Arithmetic, data: NamedDataset) {
  const { step } = begin(workload, engine, arithmetic, data);
  return (steps: number) =>
    Array.from({ length: steps }, () => {
      const start = performance.now();
      step();
      return (performance.now() - start) * 1000;
    });
}
