// @ts-check
// The crew's second thread: waits for jobs in the shared memory until it is ended.
import { workerData } from 'node:worker_threads';

const { module, memory, control } = workerData;
const instance = new WebAssembly.Instance(module, { env: { memory } });
/** @type {{ help(control: number): void }} */ (instance.exports).help(control);
