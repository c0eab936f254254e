import { Session as Inspector } from 'node:inspector/promises';
import { createDataset } from '../../core/data/dataset';
import { Tensor } from '../../core/tensor/tensor';
import { Engine } from '../../electron/engine/engine';
import { builtInNames } from '../../electron/worker/built-in-names';
import { median } from './median';
import { sessionOf } from './workloads';

/** Products of the networks: rows, columns, inner; which factor is transposed. */
const shapes = [
  { name: 'embcat @ W1', rows: 32, columns: 200, inner: 30, layout: 'NN' },
  { name: 'h @ W2', rows: 32, columns: 27, inner: 200, layout: 'NN' },
  { name: 'dlogits @ W2.T', rows: 32, columns: 200, inner: 27, layout: 'NT' },
  { name: 'h.T @ dlogits', rows: 200, columns: 27, inner: 32, layout: 'TN' },
  { name: 'deep stack, forward', rows: 32, columns: 100, inner: 100, layout: 'NN' },
  { name: 'deep stack, to x', rows: 32, columns: 100, inner: 100, layout: 'NT' },
  { name: 'deep stack, to weight', rows: 100, columns: 100, inner: 32, layout: 'TN' },
  { name: 'hidden 1024, forward', rows: 256, columns: 1024, inner: 1024, layout: 'NN' },
  { name: 'hidden 1024, to x', rows: 256, columns: 1024, inner: 1024, layout: 'NT' },
  { name: 'hidden 1024, to weight', rows: 1024, columns: 1024, inner: 256, layout: 'TN' },
] as const;

/** GFLOP/s of products by shape, beside what this machine's core can do at most. */
export function measureProducts() {
  const builds = (['reproducible', 'fast'] as const).map((arithmetic) => new Engine({ threads: 1 }).begin(arithmetic));
  const peaks = builds.map(({ functions }) => {
    const rounds = 200_000;
    // Twelve vectors of four, a multiplication and an addition each. The best of several: it is a limit.
    const tries = Array.from({ length: 5 }, () => nanoseconds(() => functions?.multiplyAdds(rounds)));
    return functions === null ? Number.NaN : (rounds * 96) / Math.min(...tries);
  });
  const rows = shapes.map(({ name, rows, columns, inner, layout }) => {
    const speeds = builds.map(({ kernels, newArena }) => {
      const arena = newArena();
      const make = (shape: readonly number[]) => Tensor.zeros(arena, 'float32', shape);
      const a = layout === 'TN' ? make([inner, rows]).transpose() : make([rows, inner]);
      const b = layout === 'NT' ? make([columns, inner]).transpose() : make([inner, columns]);
      const speed = (2 * rows * columns * inner) / nanoseconds(kernels.matmul(make([rows, columns]), a, b));
      arena.reset();
      return speed;
    });
    const [plain = Number.NaN, relaxed = Number.NaN] = speeds;
    return {
      product: name,
      shape: `${rows} × ${columns} × ${inner} ${layout}`,
      'plain, GFLOP/s': Number(plain.toFixed(1)),
      'of peak, %': Math.round((100 * plain) / (peaks[0] ?? Number.NaN)),
      'relaxed, GFLOP/s': Number(relaxed.toFixed(1)),
      'of peak, % ': Math.round((100 * relaxed) / (peaks[1] ?? Number.NaN)),
    };
  });
  return { peaks: { plain: peaks[0], relaxed: peaks[1] }, rows };
}

/** Bytes of JavaScript objects that one step makes, by a sampling heap profile that counts what was collected, too. */
export async function measureAllocations(names: readonly string[]) {
  const data = { dataset: createDataset(builtInNames()), name: 'built-in names', builtIn: true };
  const inspector = new Inspector();
  inspector.connect();
  const rows = [];
  for (const name of names) {
    const { step } = sessionOf(name, new Engine({ threads: 1 }), 'reproducible', data);
    const steps = name === 'W5' ? 20 : 4000;
    for (let i = 0; i < steps / 2; i++) step();
    await inspector.post('HeapProfiler.startSampling', {
      samplingInterval: 256,
      includeObjectsCollectedByMajorGC: true,
      includeObjectsCollectedByMinorGC: true,
    } as object);
    for (let i = 0; i < steps; i++) step();
    const { profile } = await inspector.post('HeapProfiler.stopSampling');
    const total = (node: (typeof profile)['head']): number =>
      node.children.reduce((sum, child) => sum + total(child), node.selfSize);
    rows.push({ workload: name, 'bytes allocated a step': Math.round(total(profile.head) / steps) });
  }
  inspector.disconnect();
  return rows;
}

/** What all statistics of a step cost, measured every step and 30 times a second. */
export function measureStatistics() {
  const data = { dataset: createDataset(builtInNames()), name: 'built-in names', builtIn: true };
  return (['W3', 'W3bn'] as const).map((name) => {
    const { session, step } = sessionOf(name, new Engine({ threads: 1 }), 'reproducible', data);
    for (let i = 0; i < 500; i++) step();
    const alone: number[] = [];
    const measured: number[] = [];
    for (let round = 0; round < 9; round++) {
      alone.push(nanoseconds(step) / 1000);
      measured.push(
        nanoseconds(() => {
          step();
          session.measureLayers();
        }) / 1000,
      );
    }
    const frame = nanoseconds(() => session.frame(0, true)) / 1000;
    return {
      program: name,
      'step, µs': Number(median(alone).toFixed(1)),
      'with statistics, µs': Number(median(measured).toFixed(1)),
      'of the step, %': Number((100 * (1 - median(alone) / median(measured))).toFixed(1)),
      'whole frame, µs': Number(frame.toFixed(1)),
      '30 frames a second, %': Number(((frame * 30) / 1e4).toFixed(2)),
    };
  });
}

/** Seconds of the lecture's full run: 200,000 steps of the decomposed program, all losses kept. */
export function measureFullRun() {
  const data = { dataset: createDataset(builtInNames()), name: 'built-in names', builtIn: true };
  return (['reproducible', 'fast'] as const).map((arithmetic) => {
    const { session, step } = sessionOf('W1', new Engine({ threads: 1 }), arithmetic, data);
    const start = performance.now();
    for (let i = 0; i < 200_000; i++) step();
    const seconds = (performance.now() - start) / 1000;
    const losses = session.history.losses();
    return { arithmetic, steps: losses.length - 1, 'losses kept': losses.length, seconds: Number(seconds.toFixed(1)) };
  });
}

/** Median of what one call takes. */
function nanoseconds(work: () => unknown): number {
  const once = () => {
    const start = performance.now();
    work();
    return performance.now() - start;
  };
  once();
  const repeats = Math.max(1, Math.round(2 / Math.max(once(), 1e-3)));
  const times = Array.from({ length: 15 }, () => {
    const start = performance.now();
    for (let i = 0; i < repeats; i++) work();
    return ((performance.now() - start) * 1e6) / repeats;
  });
  return median(times.slice(3));
}
