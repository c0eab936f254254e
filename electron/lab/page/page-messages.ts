import type { LabData } from '../lab-messages';

/** What the preload posts to the page with the port to main. */
export const pageReadyMessage = 'the port to main';

/** Of the worker's script, beside the page's. */
export const pythonWorkerFile = 'python-worker.js';

/** The first message to the worker; tasks follow once it is ready. */
export type WorkerData = LabData;
