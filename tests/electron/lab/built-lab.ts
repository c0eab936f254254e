import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'vite';
import type { LabInputs } from '../../../core/python/lab-inputs';
import { LabClient, type LabClientOptions } from '../../../electron/lab/lab-client';
import { startLabProcess } from '../../../electron/lab/start-lab-process';
import { pythonSnapshot } from '../../core/python/lab-python';
import { advanced, newSession } from '../../core/sessions';

const root = resolve(import.meta.dirname, '../../..');

/** The lab's process as the command line has it: built from `lab.ts`, in a folder of its own. */
export interface BuiltLab {
  readonly path: string;
  /** Of an entry that tries what a process of this kind can do. */
  readonly probe: string;
  readonly snapshot: string;
  remove(): void;
}

/** Builds it. It is put into the repository, from where its packages are found. */
export async function buildLab(): Promise<BuiltLab> {
  mkdirSync(join(root, 'out'), { recursive: true });
  const folder = mkdtempSync(join(root, 'out', 'test-lab-'));
  for (const ssr of ['electron/lab/lab.ts', 'tests/electron/lab/probe.ts']) {
    await build({
      root,
      configFile: false,
      logLevel: 'error',
      // As electron.vite.config.ts says: the process may read nothing but its own code.
      ssr: { noExternal: ['fastest-levenshtein', 'valibot'] },
      build: { ssr, outDir: folder, emptyOutDir: false, target: 'node20.18' },
    });
  }
  return {
    probe: join(folder, 'probe.js'),
    path: join(folder, 'lab.js'),
    snapshot: await pythonSnapshot(),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** A client of the real process. */
export function startLab(lab: BuiltLab, options: Partial<LabClientOptions> = {}): LabClient {
  return new LabClient({
    startWorker: () => startLabProcess(lab.path, lab.snapshot),
    after: (milliseconds, callback) => {
      const timer = setTimeout(callback, milliseconds);
      return () => clearTimeout(timer);
    },
    ...options,
  });
}

/** Processes of the lab that there are now, by their ids. Linux alone. */
export function labProcesses({ path }: BuiltLab): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && readProcess(name, 'cmdline').includes(path))
    .map(Number);
}

/** Most bytes of memory that a process has had so far; 0 where it is gone. Linux alone. */
export function mostMemory(pid: number): number {
  return Number(/VmHWM:\s*(\d+) kB/.exec(readProcess(String(pid), 'status'))?.[1] ?? 0) * 1024;
}

function readProcess(pid: string, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return '';
  }
}

/** A step of a small session, of which two gradients are asked for. */
export const inputs: LabInputs = advanced(newSession({ batchSize: 4, hiddenSize: 5 }), 3).labInputs('', [
  'logprobs',
  'probs',
]);

/** What is right for them. */
export const rightCode = `dlogprobs = -torch.ones_like(logprobs) * F.one_hot(Yb, num_classes=vocab_size) / n
dprobs = (1.0 / probs) * dlogprobs
`;
