import { MessageChannel, type MessagePort } from 'node:worker_threads';
import type { LabWorker } from '../lab-client';
import type { LabEnd, LabRequest } from '../lab-messages';
import { readEnd } from '../read-message';

/**
 * Starts Python in a page of its own, which main makes and removes: each has a port, and lasts as long as that is open.
 * @param main Where main takes ports.
 */
export function startLabPage(main: MessagePort): LabWorker {
  const { port1: port, port2 } = new MessageChannel();
  main.postMessage(port2, [port2]);
  const send = (request: LabRequest) => port.postMessage(request);
  let hear = (_message: unknown) => {};
  let hearEnd = (_end: LabEnd) => {};
  port.on('message', (reply: unknown) => {
    const end = readEnd(reply);
    if (end === null) hear(reply);
    else hearEnd(end);
  });
  port.on('messageerror', ({ message }: Error) => {
    hearEnd({ reason: `its answer could not be read: ${message}`, isOutOfMemory: false });
  });
  return {
    postMessage: (task) => send({ kind: 'task', task }),
    interrupt: () => send({ kind: 'interrupt' }),
    onMessage(listener) {
      hear = listener;
    },
    onEnd(listener) {
      hearEnd = listener;
    },
    async terminate() {
      port.close();
    },
  };
}
