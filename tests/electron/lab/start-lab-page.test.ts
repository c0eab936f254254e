import { once } from 'node:events';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { afterEach, expect, test } from 'vitest';
import type { LabEnd, LabReply, LabTask } from '../../../electron/lab/lab-messages';
import { startLabPage } from '../../../electron/lab/page/start-lab-page';

const { port1: main, port2: session } = new MessageChannel();
afterEach(() => main.close());

test('a page has a port of its own, over which everything goes, and which lasts as long as it', async () => {
  const asked = once(main, 'message') as Promise<[MessagePort]>;
  const worker = startLabPage(session);
  const [page] = await asked;
  const reply = (message: LabReply) => page.postMessage(message);

  const ready = new Promise<unknown>((resolve) => worker.onMessage(resolve));
  reply({ kind: 'ready' });
  expect(await ready).toEqual({ kind: 'ready' });

  const requests: unknown[] = [];
  page.on('message', (request) => requests.push(request));
  const task = { kind: 'gradients', code: 'dW = W\n' } as LabTask;
  worker.postMessage(task, 1000);
  worker.interrupt?.();
  await expect.poll(() => requests).toEqual([{ kind: 'task', task }, { kind: 'interrupt' }]);

  // What is said of an end, and is none, is for whoever reads the messages.
  const odd = new Promise<unknown>((resolve) => worker.onMessage(resolve));
  page.postMessage({ kind: 'ended', reason: 7, isOutOfMemory: 'no' });
  expect(await odd).toEqual({ kind: 'ended', reason: 7, isOutOfMemory: 'no' });

  const ended = new Promise<LabEnd>((resolve) => worker.onEnd(resolve));
  reply({ kind: 'ended', reason: 'its process ended: killed', isOutOfMemory: false });
  expect(await ended).toMatchObject({ reason: 'its process ended: killed', isOutOfMemory: false });

  const closed = once(page, 'close');
  await worker.terminate();
  await closed;
});
