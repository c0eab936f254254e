import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { solutions } from '../core/python/corpus/solutions';
import { median } from './median';

interface CommandLineRow {
  readonly files: number;
  /** From the process's start to its end, Python's start included. */
  readonly 'chainrule check, s': number;
}

const runs = 3;

/** What `chainrule check` takes for one file, and for forty. @param command the script that node runs. */
export async function measureCommandLine(command: string): Promise<CommandLineRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'chainrule-bench-'));
  try {
    const rows: CommandLineRow[] = [];
    for (const files of [1, 40]) {
      const paths = Array.from({ length: files }, (_, index) => {
        const path = join(folder, `${index}.py`);
        writeFileSync(path, solutions[index % solutions.length]?.code ?? '');
        return path;
      });
      const times: number[] = [];
      for (let run = 0; run < runs; run++) times.push(await secondsOf(command, paths));
      rows.push({ files, 'chainrule check, s': Number(median(times).toFixed(2)) });
    }
    return rows;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** @throws Error where a file could not be judged: then it measures nothing. */
function secondsOf(command: string, paths: readonly string[]): Promise<number> {
  const began = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [command, 'check', ...paths], { stdio: ['ignore', 'ignore', 'inherit'] });
    child.on('error', reject);
    child.on('exit', (code) => {
      if (code === 0 || code === 1) resolve((performance.now() - began) / 1000);
      else reject(new Error(`chainrule check of ${paths.length} files ended with exit code ${code}.`));
    });
  });
}
