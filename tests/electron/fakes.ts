import { EventEmitter } from 'node:events';
import { defaultSettings } from '../../core/programs/settings';
import type { SessionDescription } from '../../core/protocol/answers';
import type { ClientMessage, Command, SessionCommand } from '../../core/protocol/commands';
import type { ServerMessage, SessionEvent } from '../../core/protocol/events';
import { packFrame } from '../../core/protocol/frame';
import type { PagePort } from '../../electron/main/relay';
import type { SessionWorker } from '../../electron/worker/session-client';

/** A worker thread without a thread: it keeps what it was sent, and says what the test makes it say. */
export class FakeWorker extends EventEmitter implements SessionWorker {
  readonly received: ClientMessage[] = [];
  terminated = false;

  postMessage(message: ClientMessage): void {
    this.received.push(message);
  }

  async terminate(): Promise<number> {
    this.terminated = true;
    this.emit('exit', 1);
    return 1;
  }

  say(message: ServerMessage): void {
    this.emit('message', message);
  }

  tell(event: SessionEvent): void {
    this.say({ kind: 'event', event });
  }

  get commands(): Command[] {
    return this.received.flatMap((message) => (message.kind === 'request' ? [message.command] : []));
  }

  get credits(): number {
    return this.received.filter((message) => message.kind === 'credit').length;
  }

  /** The number of the last request of this type. */
  idOf(type: SessionCommand['type']): number {
    const request = this.received.findLast((message) => message.kind === 'request' && message.command.type === type);
    if (request?.kind !== 'request') throw new Error(`No ${type} was asked.`);
    return request.id;
  }

  answer(type: SessionCommand['type'], answer: Extract<ServerMessage, { kind: 'answer' }>['answer'] = null): void {
    this.say({ kind: 'answer', id: this.idOf(type), answer });
  }

  die(error = new Error('out of memory')): void {
    this.emit('error', error);
    this.emit('exit', 1);
  }
}

/** Main's end of a page's port. */
export class FakePort extends EventEmitter implements PagePort {
  readonly sent: ServerMessage[] = [];
  started = false;
  closed = false;

  postMessage(message: ServerMessage): void {
    if (this.closed) throw new Error('posted to a closed port');
    this.sent.push(message);
  }

  start(): void {
    this.started = true;
  }

  close(): void {
    this.closed = true;
    this.emit('close');
  }

  /** What the page sends. */
  say(data: unknown): void {
    this.emit('message', { data });
  }

  ask(id: number, command: Command): void {
    this.say({ kind: 'request', id, command });
  }

  get events(): SessionEvent[] {
    return this.sent.flatMap((message) => (message.kind === 'event' ? [message.event] : []));
  }

  get frames(): Float32Array[] {
    return this.sent.flatMap((message) => (message.kind === 'frame' ? [message.frame] : []));
  }
}

/** Lets promises that are ready run what waits for them. */
export const settle = () => new Promise((resolve) => setImmediate(resolve));

/** A session's description that differs from others by its seed only. */
export function describedSession(seed: number): SessionDescription {
  return {
    settings: { ...defaultSettings('deep-stack'), seed },
    kernels: { build: 'plain', threads: 1 },
    dataset: { name: 'names', builtIn: true, words: 10, vocabulary: ['.', 'a'], train: 8, dev: 1, test: 1 },
    nodes: [],
    ops: [],
    layers: [],
    parameters: [],
    parameterCount: 0,
    mistakes: [],
    backward: null,
  };
}

/** The smallest frame of a step. */
export function frameOf(step: number): Float32Array {
  return packFrame({ step, loss: 3, learningRate: 0.1, stepsPerSecond: 0, running: false, layers: [], parameters: [] });
}
