import { EventEmitter } from 'node:events';
import type { ClientMessage } from '../../../core/protocol/commands';
import type { ServerMessage } from '../../../core/protocol/events';
import type { LabService } from '../../../core/python/lab-service';
import { commandLine } from '../../../electron/cli/command-line';
import type { Host } from '../../../electron/cli/host';
import { Engine } from '../../../electron/engine/engine';
import { builtInNames } from '../../../electron/worker/built-in-names';
import type { SessionWorker } from '../../../electron/worker/session-client';
import { SessionServer } from '../../../electron/worker/session-server';
import { FakeLab } from '../worker/fake-lab';

const engine = new Engine({ threads: 1 });

/** Time passes this much faster for the session, so that it tells its progress without the test waiting for it. */
const hurry = 1000;
const now = () => performance.now() * hurry;

/** The real session where a thread would be. Messages are cloned, as a thread's port does. */
class InPlaceWorker extends EventEmitter implements SessionWorker {
  readonly #server: SessionServer;
  readonly #onMessage: (message: ClientMessage) => void;
  #isTerminated = false;

  constructor(lab: LabService, onMessage: (message: ClientMessage) => void) {
    super();
    this.#onMessage = onMessage;
    this.#server = new SessionServer({
      builtInWords: builtInNames(),
      beginSpace: (arithmetic) => engine.begin(arithmetic),
      send: (message) => this.#send(message),
      clock: {
        now,
        yield: (callback) => setImmediate(() => this.#isTerminated || callback()),
        after: (milliseconds, callback) => setTimeout(callback, milliseconds),
      },
      lab,
      patience: 'thorough',
    });
    this.#server.start();
  }

  postMessage(message: ClientMessage): void {
    this.#onMessage(message);
    const copy: unknown = structuredClone(message);
    setImmediate(() => this.#server.receive(copy));
  }

  async terminate(): Promise<void> {
    this.#isTerminated = true;
  }

  #send(message: ServerMessage): void {
    const copy = structuredClone(message);
    setImmediate(() => this.#isTerminated || this.emit('message', copy));
  }
}

/** What a command line did. */
export interface Outcome {
  readonly code: number;
  /** All of standard output. */
  readonly output: string;
  /** All of standard error but what was drawn. */
  readonly errors: string;
  /** What was drawn on the terminal. */
  readonly drawn: readonly string[];
}

interface Circumstances {
  /** Whether standard error is a terminal. */
  readonly terminal?: boolean;
  /** Called with all that has been drawn, after each drawing. */
  readonly onDraw?: (drawn: readonly string[], interrupt: () => void) => void;
  /** Where code runs; by default it never answers. */
  readonly lab?: LabService;
  readonly startWorker?: Host['startWorker'];
  /** Called with all that the command asks of the session. */
  readonly onMessage?: ((message: ClientMessage) => void) | undefined;
  /** Called with Ctrl-C, before the command begins. */
  readonly onStart?: (interrupt: () => void) => void;
}

/** Carries out a command line in place. */
export async function chainrule(argv: readonly string[], circumstances: Circumstances = {}): Promise<Outcome> {
  const {
    terminal = false,
    onDraw,
    lab = new FakeLab(),
    onMessage = () => {},
    startWorker = () => new InPlaceWorker(lab, onMessage),
    onStart,
  } = circumstances;
  const output: string[] = [];
  const errors: string[] = [];
  const drawn: string[] = [];
  const interruption = new AbortController();
  const interrupt = () => interruption.abort();
  onStart?.(interrupt);
  const write = (text: string) => {
    drawn.push(text);
    onDraw?.(drawn, interrupt);
  };
  const code = await commandLine(argv, {
    version: '1.2.3',
    startWorker,
    print: (text) => output.push(text),
    say: (text) => errors.push(text),
    terminal: terminal ? { columns: 100, write } : null,
    interrupted: interruption.signal,
    now,
  });
  return { code, output: output.join('\n'), errors: errors.join('\n'), drawn };
}
