import type { AnswerOf } from '../../core/protocol/answer-of';
import type { ClientMessage, Command } from '../../core/protocol/commands';
import type { Refusal, ServerMessage, SessionEvent } from '../../core/protocol/events';

/** A command that was refused. It changed nothing; the message is for a person. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.message);
    this.refusal = refusal;
  }
}

/** Who is told what comes over the port. */
export interface Receiver {
  event(event: SessionEvent): void;
  /** A packed frame; credit for the next is granted after it has been painted. */
  frame(packed: Float32Array): void;
  opened(): void;
  /** The other side went away. All requests under way have been rejected. */
  lost(): void;
}

/** Resolves with the command's answer. @throws RefusedError (as a rejection) where it is refused or nobody is there. */
export type RequestFunction = <Type extends Command['type']>(
  command: Extract<Command, { type: Type }>,
) => Promise<AnswerOf[Type]>;

export interface Connection {
  /** Speaks over this port from now on; an earlier one is let go. */
  attach(port: MessagePort): void;
  readonly request: RequestFunction;
}

interface PendingRequest {
  resolve(answer: AnswerOf[keyof AnswerOf]): void;
  reject(error: RefusedError): void;
}

const notConnected: Refusal = {
  code: 'not-now',
  message: 'The window is not connected to the engine. It reconnects by itself; try again in a moment.',
};

/**
 * The client's end of the protocol: numbers requests, matches answers, hands events and frames on.
 * @param afterPaint calls back once what was drawn for a frame is on the screen: the engine sends the next one only
 *   then, so a slow screen is shown fewer frames instead of falling behind.
 */
export function createConnection(receiver: Receiver, afterPaint: (callback: () => void) => void): Connection {
  let port: MessagePort | null = null;
  let nextId = 0;
  const pending = new Map<number, PendingRequest>();

  function send(to: MessagePort, message: ClientMessage): void {
    to.postMessage(message);
  }

  function rejectAll(): void {
    const requests = [...pending.values()];
    pending.clear();
    for (const request of requests) request.reject(new RefusedError(notConnected));
  }

  function receive(from: MessagePort, message: ServerMessage): void {
    switch (message.kind) {
      case 'answer':
        pending.get(message.id)?.resolve(message.answer);
        pending.delete(message.id);
        return;
      case 'refusal':
        pending.get(message.id)?.reject(new RefusedError(message.refusal));
        pending.delete(message.id);
        return;
      case 'event':
        receiver.event(message.event);
        return;
      case 'frame':
        receiver.frame(message.frame);
        afterPaint(() => {
          if (from === port) send(from, { kind: 'credit' });
        });
        return;
      default:
        message satisfies never;
    }
  }

  return {
    attach(newPort) {
      port?.close();
      rejectAll();
      port = newPort;
      newPort.addEventListener('message', ({ data }: MessageEvent<ServerMessage>) => {
        if (newPort === port) receive(newPort, data);
      });
      // Electron and Node tell it; a plain browser may not.
      newPort.addEventListener('close', () => {
        if (newPort !== port) return;
        port = null;
        rejectAll();
        receiver.lost();
      });
      newPort.start();
      receiver.opened();
      // The engine sends no frame before it is granted one.
      send(newPort, { kind: 'credit' });
    },

    request(command) {
      if (port === null) return Promise.reject(new RefusedError(notConnected));
      const id = nextId++;
      const answer = new Promise<AnswerOf[keyof AnswerOf]>((resolve, reject) => {
        pending.set(id, { resolve, reject });
      });
      send(port, { kind: 'request', id, command });
      // The answer's type follows from the command's, which the other side keeps to; the wire itself is untyped.
      return answer as Promise<never>;
    },
  };
}
