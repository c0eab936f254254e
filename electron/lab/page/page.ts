/** The script of Python's page: starts its worker, and carries tasks, interrupts and answers to and fro. */
import { Interrupts } from '../interrupts';
import type { LabMessage, LabRequest, LabTask } from '../lab-messages';
import { pageReadyMessage, pythonWorkerFile, type WorkerData } from './page-messages';

/** What this file uses of the browser; the electron project is compiled without the DOM's types. */
interface Port {
  postMessage(message: LabMessage): void;
  onmessage: ((event: { readonly data: LabRequest }) => void) | null;
}
interface PythonWorker {
  postMessage(message: WorkerData | LabTask): void;
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
  const interrupts = new Interrupts();
  const worker = new Worker(pythonWorkerFile, { type: 'module' });
  worker.onmessage = ({ data }) => port.postMessage(data);
  worker.onerror = ({ message }) => port.postMessage({ kind: 'broken', message });
  worker.postMessage({ interrupts: interrupts.memory });
  port.onmessage = ({ data }) => {
    switch (data.kind) {
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
