/** The thread's `workerData` where Python is to be started with it, in the background. Otherwise the first use starts it. */
export const startsPython = 'starts Python';
