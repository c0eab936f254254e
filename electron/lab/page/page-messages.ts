import type { LabData, LabRequest } from '../lab-messages';
import type { snapshotFile } from '../snapshot-file';

/** What the preload posts to the page with the port to main. */
export const pageReadyMessage = 'the port to main';

/** Of the worker's script, beside the page's. */
export const pythonWorkerFile = 'python-worker.js';

/** What Python is started from, by the files' names. */
export type PythonFiles = Readonly<Record<PythonFile, Uint8Array>>;
export type PythonFile = 'plain.wasm' | 'relaxed.wasm' | 'pyodide.asm.wasm' | 'python_stdlib.zip' | typeof snapshotFile;

/** What main sends the page: the files first, and once. */
export type PageRequest = LabRequest | { readonly kind: 'start'; readonly files: PythonFiles };

/** The first message to the worker; tasks follow once it is ready. */
export interface WorkerData extends LabData {
  readonly files: PythonFiles;
}
