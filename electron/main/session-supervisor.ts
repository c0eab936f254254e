import type { SessionCommand } from '../../core/protocol/commands';
import type { SessionEvent } from '../../core/protocol/events';
import { type AnswerTo, RefusalError, SessionClient, type SessionWorker } from '../worker/session-client';
import { DeathCounter } from './death-counter';

/** Deaths within a minute, with no command completed between them, after which the session is not started again. */
const maximumDeaths = 3;
const minute = 60_000;

type Configure = Extract<SessionCommand, { type: 'configure' }>;
type LoadNames = Extract<SessionCommand, { type: 'loadNames' }>;
type SetBreakpoints = Extract<SessionCommand, { type: 'setBreakpoints' }>;

/** Whether the event says how things stand until the next of its kind. */
const isStanding = ({ type }: SessionEvent) =>
  ['session', 'state', 'findings', 'breakpoints', 'timeline', 'checked'].includes(type);

export interface SupervisorOptions {
  readonly startWorker: () => SessionWorker;
  /** Milliseconds of a clock that only goes forward. */
  readonly now: () => number;
  /** Called with every event, in order. */
  readonly onEvent: (event: SessionEvent) => void;
  readonly onFrame: (frame: Float32Array) => void;
  /** Called when a thread has begun: it knows nothing of what went before and has no credit yet. */
  readonly onStarted: () => void;
  /** Called when the thread died too often; nothing runs until `start`. */
  readonly onStopped: (reason: string) => void;
}

/**
 * The session as the window knows it: one that survives its thread. When the thread dies a new one is started, given
 * the last settings and names that were accepted, and `workerRestarted` is told before the new `session`.
 */
export class SessionSupervisor {
  readonly #options: SupervisorOptions;
  readonly #deaths: DeathCounter;
  /** Undefined before `start` and while stopped. */
  #client: SessionClient | undefined;
  #configure: Configure | undefined;
  #breakpoints: SetBreakpoints | undefined;
  #loadNames: LoadNames | undefined;
  /** Whether a new thread is being given the old settings and names. */
  #restoring = false;
  /** Whether a credit came meanwhile: a frame of the session before those settings would be of no known shape. */
  #creditWaits = false;
  /** The last event of each kind that says how things stand, in the order they came. */
  readonly #standing = new Map<SessionEvent['type'], SessionEvent>();
  /** The last `python` event: Python outlives sessions, not threads. */
  #python: SessionEvent | undefined;

  constructor(options: SupervisorOptions) {
    this.#options = options;
    this.#deaths = new DeathCounter(maximumDeaths, minute, options.now);
  }

  /**
   * Begins the session with the built-in settings and names; does nothing while one runs. After `onStopped` too: the
   * last settings or names may be what it died of.
   */
  start(): void {
    if (this.#client !== undefined) return;
    this.#configure = undefined;
    this.#loadNames = undefined;
    this.#breakpoints = undefined;
    this.#deaths.forget();
    this.#begin();
  }

  /**
   * Sends a command to the session.
   * @throws RefusalError (rejection) where the session refuses, its thread dies meanwhile, or it has stopped.
   */
  async request<C extends SessionCommand>(command: C): Promise<AnswerTo<C>> {
    if (this.#client === undefined) {
      const message = 'The session has stopped because its thread died repeatedly. Restart the session first.';
      throw new RefusalError({ code: 'not-now', message });
    }
    const answer = await this.#client.request(command);
    this.#deaths.forget();
    this.#remember(command);
    return answer;
  }

  /** Lets the session send one more frame. */
  grantCredit(): void {
    if (this.#restoring) this.#creditWaits = true;
    else this.#client?.grantCredit();
  }

  /**
   * What a page that connects now must be told to know how things stand: the last `session`, then what was
   * told since of how it stands, and the last `python`. Empty while a new thread is being set up, because its listeners are told at the end of that.
   */
  standingEvents(): readonly SessionEvent[] {
    if (this.#restoring) return [];
    return this.#python === undefined ? [...this.#standing.values()] : [...this.#standing.values(), this.#python];
  }

  async close(): Promise<void> {
    await this.#client?.close();
    this.#client = undefined;
  }

  #begin(): SessionClient {
    this.#standing.clear();
    this.#python = undefined;
    this.#creditWaits = false;
    const client = new SessionClient(this.#options.startWorker);
    this.#client = client;
    client.onEvent((event) => this.#receive(event));
    client.onFrame((frame) => this.#options.onFrame(frame));
    client.onExit((reason) => this.#died(reason));
    this.#options.onStarted();
    return client;
  }

  #receive(event: SessionEvent): void {
    if (event.type === 'python') this.#python = event;
    if (event.type === 'session') this.#standing.clear();
    if (isStanding(event)) {
      this.#standing.delete(event.type);
      this.#standing.set(event.type, event);
      // Of a session that is about to get its real settings and names nobody need hear.
      if (this.#restoring) return;
    }
    this.#options.onEvent(event);
  }

  #remember(command: SessionCommand): void {
    if (command.type === 'configure') this.#configure = command;
    if (command.type === 'setBreakpoints') this.#breakpoints = command;
    if (command.type === 'loadNames') this.#loadNames = command;
    if (command.type === 'useBuiltInNames') this.#loadNames = undefined;
  }

  #died(reason: string): void {
    this.#client = undefined;
    this.#restoring = false;
    if (this.#deaths.isOneTooMany()) {
      this.#options.onStopped(reason);
      return;
    }
    const commands = [this.#loadNames, this.#configure, this.#breakpoints].filter((command) => command !== undefined);
    this.#restoring = commands.length > 0;
    const client = this.#begin();
    this.#options.onEvent({ type: 'workerRestarted', reason });
    if (this.#restoring) void this.#restore(client, commands);
  }

  /** Gives a new thread the old settings and names. Refusals are told and otherwise change nothing. */
  async #restore(client: SessionClient, commands: readonly SessionCommand[]): Promise<void> {
    const results = await Promise.allSettled(commands.map((command) => client.request(command)));
    if (this.#client !== client) return; // It died as well; the next one is being restored.
    this.#restoring = false;
    for (const result of results) {
      if (result.status === 'rejected') {
        const message = `The session could not be set up as it was: ${result.reason}`;
        this.#options.onEvent({ type: 'log', level: 'error', message });
      }
    }
    for (const event of this.#standing.values()) this.#options.onEvent(event);
    if (this.#creditWaits) client.grantCredit();
  }
}
