import { createDataset } from '../../core/data/dataset';
import { parseNames } from '../../core/data/names';
import { report } from '../../core/debugger/report';
import type { Session } from '../../core/debugger/session';
import type { NamedDataset } from '../../core/debugger/session-parts';
import { NotFoundError } from '../../core/programs/network';
import { defaultSettings, type Settings } from '../../core/programs/settings';
import type { AnswerOf } from '../../core/protocol/answer-of';
import type { Check } from '../../core/protocol/answers';
import {
  type BackwardName,
  isHostCommand,
  parseClientMessage,
  type Request,
  type SessionCommand,
} from '../../core/protocol/commands';
import type { Refusal, SessionEvent } from '../../core/protocol/events';
import type { ManualGradient } from '../../core/python/lab-service';
import type { EngineSpace } from '../engine/engine';
import { describeSaved } from '../session-file/session-file';
import { pack, restoreJob } from './archive';
import { CrewTuner } from './crew-tuner';
import { evidenceOf } from './evidence';
import { FrameSender } from './frame-sender';
import { calibrateJob, evaluateJob, opJob, runBackJob, stepJob, travelJob } from './jobs';
import { LabDesk } from './lab-desk';
import { answerQuery } from './queries';
import { RefusedError, refusalOf } from './refusals';
import type { SessionServerOptions } from './server-options';
import { beginSession, restoreSession, type SessionInSpace, type UnpackCommand } from './spaces';
import { Watch } from './watch';
import { WorkLoop } from './work-loop';

type Answer = AnswerOf[keyof AnswerOf];

/** A running session is checked, and its history told of, this often at most. */
const tellMilliseconds = 250;

/** The session behind a port: validates and carries out commands, tells events, offers frames. It knows no thread and no Electron. */
export class SessionServer {
  readonly #options: SessionServerOptions;
  readonly #frames: FrameSender;
  readonly #desk: LabDesk;
  readonly #watch: Watch;
  readonly #builtIn: NamedDataset;
  #session: Session;
  #space: EngineSpace;
  #tuner: CrewTuner | null = null;
  readonly #loop: WorkLoop;
  #lastTold = Number.NEGATIVE_INFINITY;

  /** Builds the first session; `start` then tells of it. */
  constructor(options: SessionServerOptions) {
    this.#options = options;
    const { builtInWords, clock, lab, patience } = options;
    this.#builtIn = { dataset: createDataset(builtInWords), name: 'built-in names', builtIn: true };
    const { beginSpace } = options;
    ({ session: this.#session, space: this.#space } = beginSession(
      beginSpace,
      defaultSettings('decomposed-mlp'),
      this.#builtIn,
    ));
    this.#tuner = tunerOf(this.#space);
    const tell = (event: SessionEvent) => this.#tell(event);
    this.#desk = new LabDesk(
      { lab, patience, clock, tell, onGradients: () => this.#loop.wake(), onChoice: () => this.#tellState() },
      this.#session,
    );
    const check = () => (this.#desk.isChosen ? this.#desk.latest : this.#session.check());
    this.#watch = new Watch({ tell, check }, this.#session);
    this.#frames = new FrameSender(clock, (frame) => options.send({ kind: 'frame', frame }, [frame.buffer]));
    this.#loop = new WorkLoop({
      clock,
      session: () => this.#session,
      desk: this.#desk,
      watch: this.#watch,
      onRest: () => this.#rest(),
      onSlice: (steps, milliseconds) => this.#worked(steps, milliseconds),
      onProgress: ({ command, unit }, { done, total }) => {
        tell({ type: 'progress', command, done, total, unit });
        this.#offerFrame();
      },
      onDone: ({ id }, answer) => this.#sendAnswer(id, answer),
      onRefused: ({ id }, refusal) => options.send({ kind: 'refusal', id, refusal }),
      onFailed: (error) => this.#fail(error),
    });
  }

  /** Tells of the session at step 0. */
  start(): void {
    this.#tellSession();
  }

  /** Takes a message from the other side of the port. Anything that is not a valid command is refused. */
  receive(input: unknown): void {
    const parsed = parseClientMessage(input);
    if (!parsed.ok) {
      const refusal: Refusal = { code: 'invalid-command', message: parsed.message };
      const id = requestIdOf(input);
      if (id === null) this.#tell({ type: 'log', level: 'error', message: `A message was refused: ${parsed.message}` });
      else this.#options.send({ kind: 'refusal', id, refusal });
      return;
    }
    const message = parsed.value;
    switch (message.kind) {
      case 'credit':
        this.#frames.credit();
        return;
      case 'request':
        this.#answer(message);
        return;
      default:
        message satisfies never;
    }
  }

  #answer({ id, command }: Request): void {
    const refuse = (error: unknown) => this.#options.send({ kind: 'refusal', id, refusal: refusalOf(error) });
    try {
      if (isHostCommand(command)) throw new RefusedError('not-now', `'${command.type}' is not for the session.`);
      const answer = this.#carryOut(id, command);
      if (answer instanceof Promise) answer.then((later) => this.#sendAnswer(id, later), refuse);
      else if (answer !== undefined) this.#sendAnswer(id, answer);
    } catch (error) {
      refuse(error);
    }
  }

  #sendAnswer(id: number, answer: Answer): void {
    // A file of a long session is large: it is handed over, not copied.
    const isFile = answer !== null && typeof answer === 'object' && 'revision' in answer;
    const files = isFile ? [answer, ...answer.parts].map(({ bytes }) => bytes.buffer) : [];
    const transfer = files.filter((buffer) => buffer instanceof ArrayBuffer);
    this.#options.send({ kind: 'answer', id, answer }, transfer);
  }

  /** The answer, a promise of it where Python must run first, or undefined where a job will give it. */
  #carryOut(id: number, command: SessionCommand): Answer | Promise<Answer> | undefined {
    const session = this.#session;
    switch (command.type) {
      case 'configure':
        return this.#replaceSession(command.settings, session.data);
      case 'restart':
        return this.#replaceSession(session.settings, session.data);
      case 'loadNames': {
        const dataset = createDataset(parseNames(command.bytes, command.fileName));
        return this.#replaceSession(session.settings, { dataset, name: command.fileName, builtIn: false });
      }
      case 'useBuiltInNames':
        return this.#replaceSession(session.settings, this.#builtIn);
      case 'step':
        this.#loop.requireNoRun('Pause it before stepping.');
        this.#loop.requireNoJob();
        this.#watch.setOut();
        return this.#loop.begin({
          id,
          command: 'step',
          unit: 'steps',
          work: stepJob(session, command.count, () => this.#watch.advance()),
        });
      case 'run':
        // An evaluation lets the session run on once it is done; steps and reports end at rest.
        this.#loop.requireNoJob({ butEvaluation: true });
        if (!this.#loop.isRunning) this.#frames.setOut();
        this.#watch.setOut();
        this.#loop.run();
        this.#tellState();
        return null;
      case 'stepOp':
        this.#loop.requireRest();
        this.#watch.setOut();
        return this.#loop.begin({
          id,
          command: 'stepOp',
          unit: 'ops',
          work: this.#watch.walk(opJob(session, command.until)),
        });
      case 'pause':
        this.#loop.pause();
        return { step: session.step, loss: session.loss };
      case 'goTo':
        this.#loop.requireRest();
        return this.#travel(id, command.type, session.goTo(command.step));
      case 'switchBranch':
        this.#loop.requireRest();
        return this.#travel(id, command.type, session.switchTo(command.branch));
      case 'runBack': {
        this.#loop.requireRest();
        const holds = this.#watch.condition(command.condition);
        return this.#loop.begin({ id, command: 'runBack', unit: 'steps', work: runBackJob(session, holds) });
      }
      case 'packSession':
        return pack(session, this.#watch, command);
      case 'describeSaved':
        return describeSaved(command.bytes, command.parts, this.#options.builtInWords);
      case 'unpackSession':
        return this.#restoreSession(id, command);
      case 'setBreakpoints':
        return this.#watch.set(command.breakpoints, command.isActive);
      case 'setThreshold':
        return this.#watch.setThreshold(command.rule, command.value);
      case 'fork':
        this.#loop.requireRest();
        session.fork(command.rates);
        this.#rest();
        return session.timeline();
      case 'cancel':
        this.#loop.cancel();
        return null;
      case 'chooseBackward':
        return this.#chooseBackward(command.backward, command.mistake);
      case 'check':
        return this.#desk.isChosen ? this.#desk.check() : session.check();
      case 'evidence':
        return this.#evidence();
      case 'checkCode':
        return this.#desk.checkCode(command.code, command.trusted, command.only);
      case 'stopPython':
        this.#desk.stop();
        return null;
      case 'trainWith':
        this.#trainWith(command.gradients);
        this.#tellState();
        this.#loop.wake();
        return null;
      case 'blame':
        return session.blame(command.node, command.index, this.#manualGradient(command.node));
      case 'inspect':
        return session.inspect(command.node, command.row, command.column, this.#manualGradient(command.node));
      case 'calibrate':
        this.#loop.requireRest();
        return this.#loop.begin({ id, command: 'calibrate', unit: 'examples', work: calibrateJob(session) });
      case 'evaluate':
        return this.#loop.begin({ id, command: 'evaluate', unit: 'examples', work: evaluateJob(session) });
      case 'report':
        this.#loop.requireNoRun('Pause it before reporting.');
        session.requireWholeStep();
        if (this.#desk.trainsByHand) {
          throw new RefusedError('not-now', "A report is of a step by autograd's gradients. Train with those first.");
        }
        return this.#loop.begin({ id, command: 'report', unit: 'examples', work: report(session) });
      default:
        return answerQuery(session, command);
    }
  }

  /** The present step as evidence, of the backward that is chosen. */
  async #evidence(): Promise<AnswerOf['evidence']> {
    const session = this.#session;
    this.#loop.requireRest();
    const check = this.#desk.isChosen ? await this.#desk.check() : session.check();
    if (check === null)
      throw new NotFoundError(`${session.settings.program} has no hand-written backward to give evidence of.`);
    return evidenceOf(session, check, this.#desk.code);
  }

  #chooseBackward(backward: BackwardName, mistake: string | null): Check | Promise<Check> {
    if (backward === 'python') {
      if (mistake === null) return this.#desk.choose();
      throw new RefusedError('not-found', 'A mistake can be planted in a built-in backward only.');
    }
    const check = this.#session.chooseBackward(backward, mistake);
    this.#desk.putAside();
    this.#tell({ type: 'checked', check });
    return check;
  }

  /** The gradients of the backward that is chosen: a person's own come from Python, a built-in one's from the session. */
  #trainWith(gradients: 'autograd' | 'manual'): void {
    const isByBuiltIn = gradients === 'manual' && !this.#desk.isChosen;
    if (isByBuiltIn || this.#session.trainsByBuiltIn) this.#session.trainByBuiltIn(isByBuiltIn);
    this.#desk.trainWith(isByBuiltIn ? 'autograd' : gradients);
  }

  /** The gradient that the backward chosen gives a node. */
  #manualGradient(node: string): ManualGradient | null {
    return this.#desk.isChosen ? this.#desk.gradientOf(node) : this.#session.manualGradient(node);
  }

  /** Begins anew; where that fails, the present session goes on untouched. */
  #replaceSession(settings: Settings, data: NamedDataset): AnswerOf['configure'] {
    const { session, space } = beginSession(this.#options.beginSpace, settings, data);
    const chosen = this.#session.describe().backward;
    // Whoever restarts to look again wants to see the same backward, mistake and all.
    if (chosen !== null && chosen.backward !== 'python' && settings.program === this.#session.settings.program) {
      session.chooseBackward(chosen.backward, chosen.mistake);
    }
    this.#take({ session, space });
    return this.#tellSession();
  }

  /** Goes on with a session that was saved; where that fails, the present one goes on untouched. */
  #restoreSession(id: number, command: UnpackCommand): undefined {
    const restored = restoreSession(this.#options, command);
    this.#take(restored);
    this.#watch.restore(restored.saved);
    this.#tellSession();
    const work = restoreJob(restored, (event) => this.#tell(event));
    return this.#loop.begin({ id, command: 'unpackSession', unit: 'steps', work });
  }

  /** Puts another session in the present one's place. */
  #take({ session, space }: SessionInSpace): void {
    this.#loop.cancel();
    this.#loop.halt();
    this.#session = session;
    this.#desk.begin(session);
    this.#watch.begin(session);
    this.#space.release();
    this.#space = space;
    this.#tuner = tunerOf(space);
  }

  /** Goes through time, slice by slice. */
  #travel(id: number, command: 'goTo' | 'switchBranch', travel: ReturnType<Session['goTo']>): undefined {
    return this.#loop.begin({ id, command, unit: 'steps', work: travelJob(this.#session, travel) });
  }

  /** A slice of work is over. */
  #worked(steps: number, milliseconds: number): void {
    this.#watch.tellNews();
    this.#frames.stepped(steps);
    const now = this.#options.clock.now();
    this.#tuner?.worked(steps, milliseconds, now);
    if (!this.#loop.isRunning) return;
    this.#offerFrame();
    if (now - this.#lastTold < tellMilliseconds) return;
    this.#tellTimeline();
    this.#tellCheck();
  }

  /** A defect while working, or an error in the code that gives the gradients: says so. */
  #fail(error: unknown): void {
    const { message } = refusalOf(error);
    const said = error instanceof RefusedError ? message : `The session stopped: ${message}`;
    this.#tell({ type: 'log', level: 'error', message: said });
    this.#tellState();
    if (this.#desk.isChosen) this.#desk.recheck(false);
  }

  #tellSession(): AnswerOf['configure'] {
    const session = this.#session.describe();
    this.#tell({ type: 'session', session });
    this.#rest();
    return session;
  }

  /** Tells all that is known of the step at which the session has come to rest. */
  #rest(): void {
    this.#tellState();
    this.#watch.tell();
    this.#tellTimeline();
    this.#tellCheck();
    this.#offerFrame();
  }

  #tellState(): void {
    const { step, loss, position } = this.#session;
    const isByHand = this.#session.trainsByBuiltIn || this.#desk.trainsByHand;
    const gradients = isByHand ? 'manual' : 'autograd';
    const { isChosen: checksCode } = this.#desk;
    this.#tell({ type: 'state', running: this.#loop.isRunning, step, loss, position, gradients, checksCode });
  }

  #tellTimeline(): void {
    this.#tell({ type: 'timeline', timeline: this.#session.timeline() });
  }

  #tellCheck(): void {
    this.#lastTold = this.#options.clock.now();
    // Within a step there is nothing whole to check; the last check stays.
    if (this.#session.position !== null) return;
    if (this.#desk.isChosen) {
      this.#desk.recheck(this.#loop.isRunning);
      return;
    }
    const check = this.#session.check();
    if (check !== null) this.#tell({ type: 'checked', check });
  }

  #offerFrame(): void {
    this.#frames.offer((stepsPerSecond) =>
      this.#session.frame(this.#loop.isRunning ? stepsPerSecond : 0, this.#loop.isRunning),
    );
  }

  #tell(event: SessionEvent): void {
    this.#options.send({ kind: 'event', event });
  }
}

const tunerOf = ({ crew }: EngineSpace) => (crew === null ? null : new CrewTuner(crew));

/** The id of a request that is otherwise not valid; null where none can be read. */
function requestIdOf(input: unknown): number | null {
  if (typeof input !== 'object' || input === null || !('id' in input)) return null;
  return typeof input.id === 'number' ? input.id : null;
}
