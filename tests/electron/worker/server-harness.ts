import { defaultSettings, type Settings } from '../../../core/programs/settings';
import type { AnswerOf } from '../../../core/protocol/answer-of';
import type { SessionCommand } from '../../../core/protocol/commands';
import type { Refusal, ServerMessage, SessionEvent } from '../../../core/protocol/events';
import { type Frame, unpackFrame } from '../../../core/protocol/frame';
import type { Clock } from '../../../electron/worker/server-options';
import { SessionServer } from '../../../electron/worker/session-server';
import { FakeLab } from './fake-lab';
import { referenceSpace } from './reference-space';

/** Time that passes only when looked at or told to: every look costs `lookCost` milliseconds, as a step's work would. */
export class ManualClock implements Clock {
  time = 0;
  lookCost: number;
  #turns: (() => void)[] = [];
  #timers: { readonly due: number; readonly callback: () => void }[] = [];

  constructor(lookCost = 1) {
    this.lookCost = lookCost;
  }

  now(): number {
    this.time += this.lookCost;
    return this.time;
  }

  yield(callback: () => void): void {
    this.#turns.push(callback);
  }

  after(milliseconds: number, callback: () => void): void {
    this.#timers.push({ due: this.time + milliseconds, callback });
  }

  /** Whether something waits for the next turn. */
  get isBusy(): boolean {
    return this.#turns.length > 0;
  }

  /** Lets what waits for a turn have it, and then the timers that are due. */
  turn(): void {
    for (const callback of this.#turns.splice(0)) callback();
    this.pass(0);
  }

  /** Lets time pass. */
  pass(milliseconds: number): void {
    this.time += milliseconds;
    const due = this.#timers.filter((timer) => timer.due <= this.time);
    this.#timers = this.#timers.filter((timer) => timer.due > this.time);
    for (const { callback } of due) callback();
  }
}

const syllables = ['an', 'be', 'ca', 'do', 'el', 'fi'];
/** 36 short words, to begin with. */
export const words = syllables.flatMap((first) => syllables.map((second) => first + second));

/** Small and fast settings. */
export const small: Settings = { ...defaultSettings('decomposed-mlp'), hiddenSize: 4, batchSize: 4 };
export const smallStack: Settings = { ...defaultSettings('deep-stack'), hiddenSize: 4, batchSize: 4 };

interface SentFrame extends Frame {
  /** When it was sent. */
  readonly time: number;
}

/** A server at work, and all it has sent. */
export class ServerHarness {
  readonly clock: ManualClock;
  readonly server: SessionServer;
  readonly messages: ServerMessage[] = [];
  readonly frames: SentFrame[] = [];
  /** Most memory of the sessions to come. */
  memoryPages = 65_536;
  #nextId = 1;

  /** Starts with `small` settings. */
  constructor({ lookCost = 1 }: { lookCost?: number } = {}) {
    this.clock = new ManualClock(lookCost);
    this.server = new SessionServer({
      builtInWords: words,
      beginSpace: () => referenceSpace(this.memoryPages),
      clock: this.clock,
      send: (message) => this.#keep(message),
      lab: new FakeLab(),
      patience: 'brief',
    });
    this.server.start();
    this.request({ type: 'configure', settings: small });
  }

  /** Sends a command; the answer is looked up by the id this gives. */
  request(command: SessionCommand): number {
    const id = this.#nextId++;
    this.server.receive({ kind: 'request', id, command });
    return id;
  }

  credit(): void {
    this.server.receive({ kind: 'credit' });
  }

  /** So many turns of the worker's loop. */
  turns(count: number): void {
    for (let turn = 0; turn < count; turn++) this.clock.turn();
  }

  /** Turns until the server has nothing to do. */
  settle(): void {
    for (let turn = 0; this.clock.isBusy; turn++) {
      if (turn > 10_000) throw new Error('The server does not come to rest.');
      this.clock.turn();
    }
  }

  /** What answered the request; undefined where nothing has yet. */
  replyTo(id: number): { answer: AnswerOf[keyof AnswerOf] } | { refusal: Refusal } | undefined {
    const replies = this.messages.filter(
      (message) => (message.kind === 'answer' || message.kind === 'refusal') && message.id === id,
    );
    if (replies.length > 1) throw new Error(`Request ${id} was answered ${replies.length} times.`);
    const [reply] = replies;
    if (reply === undefined) return undefined;
    return reply.kind === 'answer' ? { answer: reply.answer } : { refusal: (reply as { refusal: Refusal }).refusal };
  }

  /** The answer to a command that is answered at once or once at rest. @throws Error where it was refused. */
  ask<Type extends SessionCommand['type']>(command: Extract<SessionCommand, { type: Type }>): AnswerOf[Type] {
    const id = this.request(command);
    if (this.replyTo(id) === undefined) this.settle();
    const reply = this.replyTo(id);
    if (reply === undefined || 'refusal' in reply) throw new Error(`Refused: ${JSON.stringify(reply)}`);
    return reply.answer as AnswerOf[Type];
  }

  /** The refusal of a command that must be refused at once. */
  refusalOf(command: SessionCommand): Refusal {
    const reply = this.replyTo(this.request(command));
    if (reply === undefined || 'answer' in reply) throw new Error(`Not refused: ${JSON.stringify(reply)}`);
    return reply.refusal;
  }

  get events(): SessionEvent[] {
    return this.messages.flatMap((message) => (message.kind === 'event' ? [message.event] : []));
  }

  eventsOf<Type extends SessionEvent['type']>(type: Type): Extract<SessionEvent, { type: Type }>[] {
    return this.events.filter((event): event is Extract<SessionEvent, { type: Type }> => event.type === type);
  }

  /** Forgets what was sent so far. */
  forget(): void {
    this.messages.length = 0;
    this.frames.length = 0;
  }

  #keep(message: ServerMessage): void {
    this.messages.push(message);
    if (message.kind === 'frame') this.frames.push({ ...unpackFrame(message.frame), time: this.clock.time });
  }
}
