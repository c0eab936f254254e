/** The thread's `workerData` where a window looks on: Python is started with the window, and answers a person at once. */
export const forWindow = 'for a window';
