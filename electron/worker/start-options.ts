import type { MessagePort } from 'node:worker_threads';

/**
 * The thread's `workerData` where a window looks on: Python is started with the window, and answers a person at once. On
 * the command line there is none.
 */
export interface WindowData {
  /** Where main takes a port for every page of Python's that it is to make. */
  readonly pythonPages: MessagePort;
}
