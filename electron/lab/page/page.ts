/** The script of Python's page: starts its worker, and carries tasks, interrupts and answers to and fro. */
import { SharedInterrupts } from '../interrupts';
import type { LabMessage, LabTask } from '../lab-messages';
import { type PageRequest, pageReadyMessage, pythonWorkerFile, type WorkerData } from './page-messages';

/** What this file uses of the browser; the electron project is compiled without the DOM's types. */
interface Port {
  postMessage(message: LabMessage): void;
  onmessage: ((event: { readonly data: PageRequest }) => void) | null;
}
interface PythonWorker {
  postMessage(message: WorkerData | LabTask, transfer?: readonly ArrayBufferLike[]): void;
  onmessage: ((event: { readonly data: LabMessage }) => void) | null;
  onerror: ((event: { readonly message: string }) => void) | null;
}
declare const Worker: new (url: string, options: { readonly type: 'module' }) => PythonWorker;
declare const window: {
  addEventListener(
    event: 'message',
    listener: (event: { readonly data: unknown; readonly source: unknown; readonly ports: readonly Port[] }) => void,
  ): void;
};

window.addEventListener('message', ({ data, source, ports: [port] }) => {
  if (source === window && data === pageReadyMessage && port !== undefined) serve(port);
});

function serve(port: Port): void {
  const interrupts = new SharedInterrupts();
  const worker = new Worker(pythonWorkerFile, { type: 'module' });
  worker.onmessage = ({ data }) => port.postMessage(data);
  worker.onerror = ({ message }) => port.postMessage({ kind: 'broken', message });
  port.onmessage = ({ data }) => {
    switch (data.kind) {
      case 'start': {
        const { files } = data;
        const given = Object.values(files).map(({ buffer }) => buffer);
        worker.postMessage({ interrupts: interrupts.memory, files }, given);
        return;
      }
      case 'task':
        interrupts.clear();
        worker.postMessage(data.task);
        return;
      case 'interrupt':
        interrupts.raise();
        return;
      default:
        data satisfies never;
    }
  };
}
