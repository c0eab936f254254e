/** The built command's entry: gives the command line its process and its worker thread, and holds no logic of its own. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { WriteStream } from 'node:tty';
import { Worker } from 'node:worker_threads';
import { commandLine } from './command-line';
import { exitCodes, type Terminal } from './host';

/** Carries out a command line, given without the program's name. @returns the exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  const interruption = new AbortController();
  // Every further one is heard and does nothing: npx passes on a Ctrl-C that the terminal has already sent to all.
  const interrupt = () => interruption.abort();
  process.on('SIGINT', interrupt);
  const { stdout, stderr } = process;
  const lost: NodeJS.ErrnoException[] = [];
  const loseOutput = (error: NodeJS.ErrnoException) => void lost.push(error);
  stdout.on('error', loseOutput);
  try {
    const code = await commandLine(argv, {
      version: await version(),
      startWorker: () => new Worker(join(import.meta.dirname, 'worker.js')),
      print: (text) => stdout.write(`${text}\n`),
      say: (text) => stderr.write(`chainrule: ${text}\n`),
      terminal: stderr.isTTY ? terminalOf(stderr) : null,
      interrupted: interruption.signal,
      now: () => performance.now(),
    });
    await new Promise<void>((written) => stdout.write('', () => written()));
    // A reader that has seen enough, such as `head`, closes the pipe; that is no failure of ours.
    const failure = lost.find((error) => error.code !== 'EPIPE');
    if (failure === undefined) return code;
    stderr.write(`chainrule: what was asked for could not be written to standard output: ${failure.message}\n`);
    return exitCodes.outputLost;
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

/** Of package.json, two folders up from the built file as from this one. */
async function version(): Promise<string> {
  const manifest: unknown = JSON.parse(await readFile(join(import.meta.dirname, '../../package.json'), 'utf8'));
  const isManifest = typeof manifest === 'object' && manifest !== null && 'version' in manifest;
  return isManifest ? String(manifest.version) : 'unknown';
}
