import { spawn } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { relaxedSimdFlags } from '../engine/engine';
import { readKernels } from '../engine/kernel-files';
import type { LabWorker } from './lab-client';
import type { LabEnd, LabProcessFiles, LabProcessRequest } from './lab-messages';
import { readPyodide } from './pyodide-scripts';
import { snapshotFile } from './snapshot-file';

/**
 * Starts Python in a process of its own, with nothing in its environment, under Node's permission model: it may read its own
 * code and nothing else, and is sent all that it starts from.
 * @param entry Path of lab.js, the built `lab.ts`.
 * @param snapshot Path of the snapshot from which interpreters begin.
 */
export function startLabProcess(entry: string, snapshot: string): LabWorker {
  const path = realpathSync(entry);
  const child = spawn(
    process.execPath,
    [...permissionFlags(dirname(path)), ...relaxedSimdFlags(), '--max-old-space-size=512', path],
    { env: {}, stdio: ['ignore', 'ignore', 'ignore', 'ipc'], serialization: 'advanced' },
  );
  // The lab alone keeps no process alive.
  child.unref();
  child.channel?.unref();
  let hear = (_message: unknown) => {};
  let hearEnd = (_end: LabEnd) => {};
  const broke = (error: Error) => hearEnd({ reason: error.message, isOutOfMemory: false });
  const send = (request: LabProcessRequest) => {
    // One that has ended is heard of by its end.
    if (child.connected) child.send(request, () => {});
  };
  const ended = new Promise<void>((resolve) => {
    child.once('error', () => resolve());
    child.once('exit', () => resolve());
  });
  child.on('message', (message: unknown) => hear(message));
  child.on('error', broke);
  child.on('exit', (code, signal) => hearEnd(endOf(code, signal)));
  filesOf(snapshot).then((files) => send({ kind: 'start', files }), broke);
  return {
    postMessage: (task, limitMilliseconds) => send({ kind: 'task', task, limitMilliseconds }),
    // It stops by itself when its time is over, or is ended.
    interrupt: null,
    onMessage(listener) {
      hear = listener;
    },
    onEnd(listener) {
      hearEnd = listener;
    },
    async terminate() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** Older Node says that its permission model is an experiment. */
function permissionFlags(readable: string): readonly string[] {
  const flag = process.allowedNodeEnvironmentFlags.has('--permission') ? '--permission' : '--experimental-permission';
  return [flag, `--allow-fs-read=${join(readable, '*')}`];
}

async function filesOf(snapshot: string): Promise<LabProcessFiles> {
  const [pyodide, memory] = await Promise.all([readPyodide(), readFile(snapshot)]);
  return {
    ...pyodide,
    'plain.wasm': readKernels('plain'),
    'relaxed.wasm': readKernels('relaxed'),
    [snapshotFile]: memory,
  };
}

function endOf(code: number | null, signal: NodeJS.Signals | null): LabEnd {
  // How V8 ends a process that has no more memory.
  if (signal === 'SIGABRT' || code === 134) {
    return { reason: 'The code took more memory than there is', isOutOfMemory: true };
  }
  return {
    reason: signal === null ? `its process ended with exit code ${code}` : `its process was ended by ${signal}`,
    isOutOfMemory: false,
  };
}
