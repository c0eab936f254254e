/** The built command's entry: gives the command line its process and its worker thread, and holds no logic of its own. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { commandLine } from './command-line';

/** Carries out a command line, given without the program's name. @returns the exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  const interruption = new AbortController();
  // Every further one is heard and does nothing: npx passes on a Ctrl-C that the terminal has already sent to all.
  const interrupt = () => interruption.abort();
  process.on('SIGINT', interrupt);
  process.stdout.on('error', passUnlessClosed);
  try {
    const { stdout, stderr } = process;
    return await commandLine(argv, {
      version: await version(),
      startWorker: () => new Worker(join(import.meta.dirname, 'worker.js')),
      print: (text) => stdout.write(`${text}\n`),
      say: (text) => stderr.write(`chainrule: ${text}\n`),
      terminal: stderr.isTTY ? { columns: stderr.columns, write: (text) => stderr.write(text) } : null,
      interrupted: interruption.signal,
      now: () => performance.now(),
    });
  } finally {
    process.off('SIGINT', interrupt);
  }
}

/** A reader that has seen enough, such as `head`, closes the pipe; that is no failure of ours. */
function passUnlessClosed(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}

/** Of package.json, two folders up from the built file as from this one. */
async function version(): Promise<string> {
  const manifest: unknown = JSON.parse(await readFile(join(import.meta.dirname, '../../package.json'), 'utf8'));
  const isManifest = typeof manifest === 'object' && manifest !== null && 'version' in manifest;
  return isManifest ? String(manifest.version) : 'unknown';
}
