import type { LabData, LabRequest } from '../lab-messages';
import type { PythonFiles } from '../python-files';

/** What the preload posts to the page with the port to main. */
export const pageReadyMessage = 'the port to main';

/** Of the worker's script, beside the page's. */
export const pythonWorkerFile = 'python-worker.js';

/** What main sends the page: the files first, and once. */
export type PageRequest = LabRequest | { readonly kind: 'start'; readonly files: PythonFiles };

/** The first message to the worker; tasks follow once it is ready. */
export interface WorkerData extends LabData {
  readonly files: PythonFiles;
}
