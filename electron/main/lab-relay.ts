import type { LabRequest } from '../lab/lab-messages';

/** A page of Python's, as the relay needs it. */
export interface LabPage {
  postMessage(request: LabRequest): void;
  /** What comes is whatever the page sends: the session's thread reads it. */
  onReply(listener: (reply: unknown) => void): void;
  /** Ends its process, whatever it is at. */
  close(): void;
}

/** What the relay needs of a port to the session's thread: Node's MessagePort has it, and so has a test's fake. */
export interface SessionPort {
  postMessage(reply: unknown): void;
  on(event: 'message', listener: (request: LabRequest) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
}

/** Carries messages between the session's thread and a page of Python's. The page lasts as long as the port is open. */
export function relayLab(port: SessionPort, page: LabPage): void {
  page.onReply((reply) => port.postMessage(reply));
  port.on('message', (request) => page.postMessage(request));
  port.on('close', () => page.close());
}
