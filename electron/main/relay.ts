import type { AnswerOf } from '../../core/protocol/answer-of';
import { type Command, isHostCommand, parseClientMessage } from '../../core/protocol/commands';
import type { Refusal, ServerMessage, SessionEvent } from '../../core/protocol/events';
import { unpackFrame } from '../../core/protocol/frame';
import { RefusalError } from '../worker/session-client';
import type { AnswerHostCommand } from './host-commands';
import type { SessionSupervisor } from './session-supervisor';

/** What the relay needs of a port to a page: Electron's MessagePortMain has it, and so has a test's fake. */
export interface PagePort {
  postMessage(message: ServerMessage): void;
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  start(): void;
  close(): void;
}

export interface RelayOptions {
  readonly session: Pick<SessionSupervisor, 'request' | 'grantCredit' | 'standingEvents'>;
  readonly answerHostCommand: AnswerHostCommand;
  /** Where what nobody is answered with goes. */
  readonly log: (level: 'warning' | 'error', message: string) => void;
}

/** The page that is connected now. */
interface Page {
  readonly port: PagePort;
  /** Whether it has granted a frame that it was not yet sent. */
  hasCredit: boolean;
  /** The frame it was sent last, and the one it has drawn last: the same once it has answered. */
  sent: Float32Array | undefined;
  drawn: Float32Array | undefined;
  openRequests: number;
  messages: number;
}

/** Told to the next page where none is connected; more than these are of no use to anybody. */
const maximumUntold = 100;

/**
 * Stands between the page and the session: validates what the page says, answers what main answers, passes on the rest,
 * and passes back answers, events and frames.
 *
 * A page grants one frame when it is ready and one more whenever it has drawn one; the session is granted a frame only
 * when the page is. So at most one unanswered frame is on its way to the page. A page that connects is told how things
 * stand by the last `session`, `state` and `checked` events and the last frame: the session itself need not know that
 * pages come and go.
 */
export class Relay {
  readonly #options: RelayOptions;
  #page: Page | undefined;
  #latestFrame: Float32Array | undefined;
  /** Whether `#latestFrame` still has to go to the page. */
  #undelivered = false;
  /** Whether the session was granted a frame that it has not yet sent. */
  #sessionHasCredit = false;
  #untold: SessionEvent[] = [];
  readonly #drawnWaiters = new Set<() => void>();

  constructor(options: RelayOptions) {
    this.#options = options;
  }

  /** Messages that came from the present page; two equal readings mean that it was silent in between. */
  get messagesFromPage(): number {
    return this.#page?.messages ?? 0;
  }

  /** Serves the page at the other end of `port`, and no longer the one before it. */
  connect(port: PagePort): void {
    this.#page?.port.close();
    const page: Page = { port, hasCredit: false, sent: undefined, drawn: undefined, openRequests: 0, messages: 0 };
    this.#page = page;
    port.on('message', ({ data }) => this.#receive(page, data));
    port.on('close', () => {
      if (this.#page === page) this.#page = undefined;
    });
    port.start();
    const untold = this.#untold;
    this.#untold = [];
    for (const event of [...this.#options.session.standingEvents(), ...untold])
      port.postMessage({ kind: 'event', event });
    this.#undelivered = this.#latestFrame !== undefined;
  }

  /** Tells the page. Logs, notices and restarts are kept for the next page where none is connected; the rest it learns anew. */
  tell(event: SessionEvent): void {
    if (event.type === 'session') this.#forgetFrame(); // It was of the session before, and may have another shape.
    if (this.#page !== undefined) {
      this.#page.port.postMessage({ kind: 'event', event });
    } else if (['log', 'notice', 'workerRestarted'].includes(event.type)) {
      this.#untold = [...this.#untold, event].slice(-maximumUntold);
    }
  }

  /** Passes a frame of the session on, at once or when the page is ready for it. */
  sendFrame(frame: Float32Array): void {
    this.#sessionHasCredit = false;
    this.#latestFrame = frame;
    this.#undelivered = true;
    this.#spendCredit();
  }

  /** Forgets the frame and the credit of a thread that has ended. */
  sessionStarted(): void {
    this.#sessionHasCredit = false;
    this.#forgetFrame();
    this.#spendCredit();
  }

  /** Resolves when the page has drawn the frame of `step` and has no request open. */
  whenDrawn(step: number): Promise<void> {
    return new Promise((resolve) => {
      const resolveIfDrawn = () => {
        const drawn = this.#page?.drawn;
        if (this.#page?.openRequests !== 0 || drawn === undefined || unpackFrame(drawn).step !== step) return;
        this.#drawnWaiters.delete(resolveIfDrawn);
        resolve();
      };
      this.#drawnWaiters.add(resolveIfDrawn);
      resolveIfDrawn();
    });
  }

  #forgetFrame(): void {
    this.#latestFrame = undefined;
    this.#undelivered = false;
  }

  /** Spends the page's credit, if it has one, for the frame that waits here, or else for the session's next. */
  #spendCredit(): void {
    const page = this.#page;
    if (page === undefined || !page.hasCredit) return;
    if (this.#undelivered && this.#latestFrame !== undefined) {
      this.#undelivered = false;
      page.hasCredit = false;
      page.sent = this.#latestFrame;
      page.port.postMessage({ kind: 'frame', frame: this.#latestFrame });
    } else if (!this.#sessionHasCredit) {
      this.#sessionHasCredit = true;
      this.#options.session.grantCredit();
    }
  }

  #receive(page: Page, input: unknown): void {
    if (this.#page !== page) return;
    page.messages += 1;
    const parsed = parseClientMessage(input);
    if (!parsed.ok) {
      this.#refuseInvalid(page, input, parsed.message);
    } else if (parsed.value.kind === 'credit') {
      page.hasCredit = true;
      page.drawn = page.sent;
      this.#spendCredit();
      this.#checkDrawn();
    } else {
      void this.#answer(page, parsed.value.id, parsed.value.command);
    }
  }

  #refuseInvalid(page: Page, input: unknown, message: string): void {
    const id = idOf(input);
    if (id === undefined) {
      this.#options.log('error', `The page sent a message that is no command: ${message}`);
    } else {
      this.#send(page, { kind: 'refusal', id, refusal: { code: 'invalid-command', message } });
    }
  }

  async #answer(page: Page, id: number, command: Command): Promise<void> {
    page.openRequests += 1;
    try {
      const answer: AnswerOf[keyof AnswerOf] = isHostCommand(command)
        ? await this.#options.answerHostCommand(command)
        : await this.#options.session.request(command);
      this.#send(page, { kind: 'answer', id, answer });
    } catch (error) {
      this.#send(page, { kind: 'refusal', id, refusal: this.#refusalOf(error, command) });
    }
    page.openRequests -= 1;
    this.#checkDrawn();
  }

  #refusalOf(error: unknown, command: Command): Refusal {
    if (error instanceof RefusalError) return error.refusal;
    const message = `${command.type} failed: ${error instanceof Error ? error.message : error}`;
    this.#options.log('error', message);
    return { code: 'internal', message };
  }

  /** A page that has gone since it asked gets no answer: its port is closed. */
  #send(page: Page, message: ServerMessage): void {
    if (this.#page === page) page.port.postMessage(message);
  }

  #checkDrawn(): void {
    for (const resolveIfDrawn of this.#drawnWaiters) resolveIfDrawn();
  }
}

/** The number an answer to `input` would carry, where it has one. */
function idOf(input: unknown): number | undefined {
  if (typeof input !== 'object' || input === null || !('id' in input)) return undefined;
  return typeof input.id === 'number' && Number.isSafeInteger(input.id) && input.id >= 0 ? input.id : undefined;
}
