/** The built command's entry: gives the command line its process and its worker thread, and holds no logic of its own. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { WriteStream } from 'node:tty';
import { Worker } from 'node:worker_threads';
import { commandLine } from './command-line';
import type { Terminal } from './host';

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
      terminal: stderr.isTTY ? terminalOf(stderr) : null,
      interrupted: interruption.signal,
      now: () => performance.now(),
    });
  } finally {
    process.off('SIGINT', interrupt);
  }
}

/** Its width is asked for at every drawing, because a window can be resized; some terminals do not know it and say 0. */
function terminalOf(stream: WriteStream): Terminal {
  return {
    get columns() {
      return stream.columns || 80;
    },
    write: (text) => stream.write(text),
  };
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
