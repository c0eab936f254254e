import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Dataset } from '../../core/data/dataset';

/** Debian's OpenBLAS: faster than the BLAS that torch finds by itself, where it is installed. */
const openBlas = '/usr/lib/x86_64-linux-gnu/openblas-pthread';

/** Where a Python may be: the one that is named, the usual one, and the system's, which a usual one may hide. */
const pythons = [process.env.CHAINRULE_PYTHON, 'python3', '/usr/bin/python3'].filter((python) => python !== undefined);

/** PyTorch, running the same workloads in a process of its own. */
export class Torch {
  /** "torch 2.9.1". */
  readonly version: string;
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;
  readonly #folder: string;

  private constructor(
    version: string,
    process: ChildProcessWithoutNullStreams,
    lines: AsyncIterator<string>,
    folder: string,
  ) {
    this.version = version;
    this.#process = process;
    this.#lines = lines;
    this.#folder = folder;
  }

  /** Starts the first Python that has torch; null where none has. */
  static async start(script: string, dataset: Dataset, threads: number): Promise<Torch | null> {
    for (const python of pythons) {
      const torch = await Torch.#startWith(python, script, dataset, threads);
      if (torch !== null) return torch;
    }
    return null;
  }

  static async #startWith(
    python: string,
    script: string,
    { train, vocabulary }: Dataset,
    threads: number,
  ): Promise<Torch | null> {
    const folder = mkdtempSync(join(tmpdir(), 'chainrule-bench-'));
    const file = join(folder, 'examples.json');
    const examples = {
      contexts: Array.from(train.contexts),
      targets: Array.from(train.targets),
      vocabulary: vocabulary.labels.length,
    };
    writeFileSync(file, JSON.stringify(examples));
    const count = String(threads);
    const child = spawn(python, [script, file, count], {
      env: {
        // An OpenBLAS older than the processor falls back to its slowest kernels unless it is told.
        OPENBLAS_CORETYPE: 'SKYLAKEX',
        ...process.env,
        OMP_NUM_THREADS: count,
        OPENBLAS_NUM_THREADS: count,
        // Else the threads of OpenMP and of OpenBLAS wait for each other on the same cores.
        OMP_WAIT_POLICY: 'PASSIVE',
        ...(existsSync(openBlas) ? { LD_LIBRARY_PATH: openBlas } : {}),
      },
    });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const failed = new Promise<null>((resolve) => child.on('error', () => resolve(null)));
    const first = await Promise.race([lines.next(), failed]);
    if (first === null || first.done === true) {
      rmSync(folder, { recursive: true });
      return null;
    }
    return new Torch(first.value, child, lines, folder);
  }

  /** Microseconds of each of so many steps. */
  async run(workload: string, steps: number): Promise<number[]> {
    this.#process.stdin.write(`${workload} ${steps}\n`);
    const { value } = await this.#lines.next();
    return JSON.parse(value);
  }

  close(): void {
    this.#process.stdin.end();
    rmSync(this.#folder, { recursive: true });
  }
}
