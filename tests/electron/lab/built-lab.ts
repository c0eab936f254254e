import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'vite';
import { defaultSettings } from '../../../core/programs/settings';
import type { LabInputs } from '../../../core/python/lab-inputs';
import { LabClient, type LabClientOptions } from '../../../electron/lab/lab-client';
import { startLabWorker } from '../../../electron/lab/start-lab-worker';

const root = resolve(import.meta.dirname, '../../..');

/** The lab's thread as the app has it: built from `lab.ts`, in a folder of its own. */
export interface BuiltLab {
  readonly path: string;
  remove(): void;
}

/** Builds it. It is put into the repository, from where its packages are found. */
export async function buildLab(): Promise<BuiltLab> {
  mkdirSync(join(root, 'out'), { recursive: true });
  const folder = mkdtempSync(join(root, 'out', 'test-lab-'));
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    build: { ssr: 'electron/lab/lab.ts', outDir: folder, emptyOutDir: false, target: 'node20.18' },
  });
  return { path: join(folder, 'lab.js'), remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** A client of the real thread. */
export function startLab(lab: BuiltLab, options: Partial<LabClientOptions> = {}): LabClient {
  return new LabClient({
    startWorker: () => startLabWorker(lab.path),
    after: (milliseconds, callback) => {
      const timer = setTimeout(callback, milliseconds);
      return () => clearTimeout(timer);
    },
    ...options,
  });
}

/** A step of two nodes [2, 2]: `a`, whose gradient is 1s, and `b`, whose gradient is 2s. */
export const inputs: LabInputs = {
  step: 3,
  arithmetic: 'reproducible',
  n: 2,
  vocabularySize: 27,
  contexts: new Int32Array(6),
  targets: new Int32Array(2),
  settings: defaultSettings('decomposed-mlp'),
  examples: new Int32Array(2),
  loss: 0,
  doubleLoss: 0,
  parameters: ['b'],
  data: { splitEnds: [0, 0], labels: null, words: null, tensors: [], generator: null },
  nodes: [node('a', [1, 2, 3, 4], 1), node('b', [5, 6, 7, 8], 2)],
  comparedNodes: ['a', 'b'],
};

/** What is right for them. */
export const rightCode = 'da = torch.ones_like(a)\ndb = da * 2\n';

function node(name: string, value: number[], gradient: number): LabInputs['nodes'][number] {
  const gradients = value.map(() => gradient);
  return {
    name,
    shape: [2, 2],
    formula: '',
    value: Float32Array.from(value),
    gradient: Float32Array.from(gradients),
    doubleValue: Float64Array.from(value),
    doubleGradient: Float64Array.from(gradients),
  };
}
