import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import type { LabReply, LabRequest } from '../../../electron/lab/lab-messages';
import { type LabPage, relayLab, type SessionPort } from '../../../electron/main/lab-relay';

class FakePort extends EventEmitter implements SessionPort {
  readonly sent: LabReply[] = [];

  postMessage(reply: LabReply): void {
    this.sent.push(reply);
  }

  close(): void {
    this.emit('close');
  }
}

class FakePage implements LabPage {
  readonly requests: LabRequest[] = [];
  isClosed = false;
  say: (reply: LabReply) => void = () => {};

  postMessage(request: LabRequest): void {
    this.requests.push(request);
  }

  onReply(listener: (reply: LabReply) => void): void {
    this.say = listener;
  }

  close(): void {
    this.isClosed = true;
  }
}

test('carries messages both ways, and ends the page with the port', () => {
  const port = new FakePort();
  const page = new FakePage();
  relayLab(port, page);
  port.emit('message', { kind: 'interrupt' });
  expect(page.requests).toEqual([{ kind: 'interrupt' }]);
  page.say({ kind: 'ready' });
  page.say({ kind: 'ended', reason: 'its process ended: killed', isOutOfMemory: false });
  expect(port.sent).toEqual([
    { kind: 'ready' },
    { kind: 'ended', reason: 'its process ended: killed', isOutOfMemory: false },
  ]);
  expect(page.isClosed).toBe(false);
  port.close();
  expect(page.isClosed).toBe(true);
});
