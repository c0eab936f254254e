import { createDataset } from '../../core/data/dataset';
import { parseNames } from '../../core/data/names';
import { report } from '../../core/debugger/report';
import type { Session } from '../../core/debugger/session';
import type { NamedDataset } from '../../core/debugger/session-parts';
import { NotFoundError } from '../../core/programs/network';
import { defaultSettings, type Settings } from '../../core/programs/settings';
import type { AnswerOf } from '../../core/protocol/answer-of';
import type { Check, StepAnswer } from '../../core/protocol/answers';
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
import { pack, restoreJob } from './archive';
import { CrewTuner } from './crew-tuner';
import { evidenceOf } from './evidence';
import { FrameSender } from './frame-sender';
import { calibrateJob, evaluateJob, type Job, opJob, runBackJob, stepJob, travelJob } from './jobs';
import { LabDesk } from './lab-desk';
import { answerQuery } from './queries';
import { RefusedError, refusalOf } from './refusals';
import type { SessionServerOptions } from './server-options';
import { beginSession, restoreSession, type SessionInSpace, type UnpackCommand } from './spaces';
import { Watch } from './watch';

type Answer = AnswerOf[keyof AnswerOf];

/** How long the session works before it listens again: short enough that a person's key is answered at once. */
const sliceMilliseconds = 8;
/** A running session is checked, and its progress told, this often at most. */
const tellMilliseconds = 250;

/**
 * The session behind a port: validates and carries out commands, trains in slices, tells events, offers frames. It knows
 * no thread and no Electron.
 */
export class SessionServer {
  readonly #options: SessionServerOptions;
  readonly #frames: FrameSender;
  readonly #desk: LabDesk;
  readonly #watch: Watch;
  readonly #builtIn: NamedDataset;
  #session: Session;
  #space: EngineSpace;
  #tuner: CrewTuner | null = null;
  #running = false;
  #job: Job | null = null;
  #isWorking = false;
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
    this.#desk = new LabDesk({ lab, patience, clock, tell, onGradients: () => this.#work() }, this.#session);
    const check = () => (this.#desk.isChosen ? this.#desk.latest : this.#session.check());
    this.#watch = new Watch({ tell, check }, this.#session);
    this.#frames = new FrameSender(clock, (frame) => options.send({ kind: 'frame', frame }, [frame.buffer]));
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
        if (this.#running) throw new RefusedError('not-now', 'The session is running. Pause it before stepping.');
        this.#requireNoJob();
        this.#watch.setOut();
        return this.#begin({
          id,
          command: 'step',
          unit: 'steps',
          work: stepJob(session, command.count, () => this.#watch.advance()),
        });
      case 'run':
        // An evaluation lets the session run on once it is done; steps and reports end at rest.
        if (this.#job?.command !== 'evaluate') this.#requireNoJob();
        if (!this.#running) this.#frames.setOut();
        this.#running = true;
        this.#watch.setOut();
        this.#tellState();
        this.#work();
        return null;
      case 'stepOp':
        this.#requireRest();
        this.#watch.setOut();
        return this.#begin({
          id,
          command: 'stepOp',
          unit: 'ops',
          work: this.#watch.walk(opJob(session, command.until)),
        });
      case 'pause':
        return this.#pause();
      case 'goTo':
        this.#requireRest();
        return this.#travel(id, command.type, session.goTo(command.step));
      case 'switchBranch':
        this.#requireRest();
        return this.#travel(id, command.type, session.switchTo(command.branch));
      case 'runBack': {
        this.#requireRest();
        const holds = this.#watch.condition(command.condition);
        return this.#begin({ id, command: 'runBack', unit: 'steps', work: runBackJob(session, holds) });
      }
      case 'packSession':
        return pack(session, this.#watch, command);
      case 'unpackSession':
        return this.#restoreSession(id, command);
      case 'setBreakpoints':
        return this.#watch.set(command.breakpoints, command.isActive);
      case 'setThreshold':
        return this.#watch.setThreshold(command.rule, command.value);
      case 'fork':
        this.#requireRest();
        session.fork(command.rates);
        this.#rest();
        return session.timeline();
      case 'cancel':
        this.#cancelJob();
        return null;
      case 'chooseBackward':
        return this.#chooseBackward(command.backward, command.mistake);
      case 'check':
        return this.#desk.isChosen ? this.#desk.check() : session.check();
      case 'evidence':
        return this.#evidence();
      case 'checkCode':
        return this.#desk.checkCode(command.code, command.trusted);
      case 'stopPython':
        this.#desk.stop();
        return null;
      case 'trainWith':
        this.#trainWith(command.gradients);
        this.#work();
        return null;
      case 'blame':
        return session.blame(command.node, command.index, this.#manualGradient(command.node));
      case 'inspect':
        return session.inspect(command.node, command.row, command.column, this.#manualGradient(command.node));
      case 'calibrate':
        this.#requireRest();
        return this.#begin({ id, command: 'calibrate', unit: 'examples', work: calibrateJob(session) });
      case 'evaluate':
        return this.#begin({ id, command: 'evaluate', unit: 'examples', work: evaluateJob(session) });
      case 'report':
        if (this.#running) throw new RefusedError('not-now', 'The session is running. Pause it before reporting.');
        session.requireWholeStep();
        if (this.#desk.trainsByHand) {
          throw new RefusedError('not-now', "A report is of a step by autograd's gradients. Train with those first.");
        }
        return this.#begin({ id, command: 'report', unit: 'examples', work: report(session) });
      default:
        return answerQuery(session, command);
    }
  }

  /** The present step as evidence, of the backward that is chosen. */
  async #evidence(): Promise<AnswerOf['evidence']> {
    const session = this.#session;
    this.#requireRest();
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
    const { saved, travel, ...begun } = restoreSession(this.#options.beginSpace, command);
    const { session } = begun;
    this.#take(begun);
    this.#watch.restore(saved);
    this.#tellSession();
    const work = restoreJob(session, saved, travel, (event) => this.#tell(event));
    return this.#begin({ id, command: 'unpackSession', unit: 'steps', work });
  }

  /** Puts another session in the present one's place. */
  #take({ session, space }: SessionInSpace): void {
    this.#cancelJob();
    this.#running = false;
    this.#session = session;
    this.#desk.begin(session);
    this.#watch.begin(session);
    this.#space.release();
    this.#space = space;
    this.#tuner = tunerOf(space);
  }

  #pause(): StepAnswer {
    if (this.#job?.command === 'step') this.#cancelJob();
    if (this.#running) this.#rest(false);
    return { step: this.#session.step, loss: this.#session.loss };
  }

  /** Goes through time, slice by slice. */
  #travel(id: number, command: 'goTo' | 'switchBranch', travel: ReturnType<Session['goTo']>): undefined {
    return this.#begin({ id, command, unit: 'steps', work: travelJob(this.#session, travel) });
  }

  #requireRest(): void {
    if (this.#running) throw new RefusedError('not-now', 'The session is running. Pause it first.');
    this.#requireNoJob();
  }

  #requireNoJob(): void {
    if (this.#job === null) return;
    throw new RefusedError('not-now', `'${this.#job.command}' is still at work. Wait for it, or cancel it.`);
  }

  #begin(job: Job): undefined {
    this.#requireNoJob();
    this.#job = job;
    this.#work();
  }

  #cancelJob(): void {
    const job = this.#job;
    if (job === null) return;
    this.#job = null;
    // Runs the job's own clean-up, so that the session is at rest.
    job.work.return({ step: this.#session.step, loss: this.#session.loss });
    const refusal: Refusal = {
      code: 'cancelled',
      message: `'${job.command}' was stopped at step ${this.#session.step}.`,
    };
    this.#options.send({ kind: 'refusal', id: job.id, refusal });
    if (job.command !== 'evaluate') this.#rest();
  }

  /** Whether something can be done now: neither nothing is to be done, nor does a step wait for gradients by hand. */
  #hasWork(): boolean {
    if (this.#job === null && !this.#running) return false;
    return !this.#updatesNext() || !this.#desk.isWaiting;
  }

  /** Whether what is done next begins with an update. */
  #updatesNext(): boolean {
    const command = this.#job?.command ?? 'run';
    return this.#session.position === null && (command === 'run' || command === 'step' || command === 'stepOp');
  }

  /** Goes on working, slice by slice, until there is nothing to do. */
  #work(): void {
    if (this.#isWorking || !this.#hasWork()) return;
    this.#isWorking = true;
    this.#options.clock.yield(() => {
      this.#isWorking = false;
      try {
        this.#slice();
      } catch (error) {
        this.#fail(error);
      }
      this.#work();
    });
  }

  #slice(): void {
    const { clock } = this.#options;
    const began = clock.now();
    const end = began + sliceMilliseconds;
    const firstStep = this.#session.step;
    while (this.#hasWork() && clock.now() < end) {
      const job = this.#job;
      if (this.#updatesNext() && !this.#desk.prepareStep()) break;
      if (job !== null) this.#advanceJob(job);
      else if (this.#watch.advance()) this.#rest(false);
    }
    this.#watch.tellNews();
    const steps = this.#session.step - firstStep;
    this.#frames.stepped(steps);
    const now = clock.now();
    this.#tuner?.worked(steps, now - began, now);
    if (this.#running) {
      this.#offerFrame();
      if (now - this.#lastTold >= tellMilliseconds) this.#tellCheck();
    }
  }

  #advanceJob(job: Job): void {
    const result = job.work.next();
    if (result.done) {
      // Still the job at work, so that what goes wrong while resting refuses its request.
      if (job.command !== 'evaluate') this.#rest();
      this.#job = null;
      this.#sendAnswer(job.id, result.value);
      return;
    }
    const now = this.#options.clock.now();
    if (now - this.#lastTold < tellMilliseconds) return;
    this.#lastTold = now;
    const { done, total } = result.value;
    this.#tell({ type: 'progress', command: job.command, done, total, unit: job.unit });
    this.#offerFrame();
  }

  /** A defect while working, or an error in the code that gives the gradients: stops, and says so. */
  #fail(error: unknown): void {
    const refusal = refusalOf(error);
    const job = this.#job;
    this.#job = null;
    this.#running = false;
    if (job !== null) this.#options.send({ kind: 'refusal', id: job.id, refusal });
    const message = error instanceof RefusedError ? refusal.message : `The session stopped: ${refusal.message}`;
    this.#tell({ type: 'log', level: 'error', message });
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
  #rest(running = this.#running): void {
    this.#running = running;
    this.#tellState();
    this.#watch.tell();
    this.#tell({ type: 'timeline', timeline: this.#session.timeline() });
    this.#tellCheck();
    this.#offerFrame();
  }

  #tellState(): void {
    const { step, loss, position } = this.#session;
    this.#tell({ type: 'state', running: this.#running, step, loss, position });
  }

  #tellCheck(): void {
    this.#lastTold = this.#options.clock.now();
    // Within a step there is nothing whole to check; the last check stays.
    if (this.#session.position !== null) return;
    if (this.#desk.isChosen) {
      this.#desk.recheck(this.#running);
      return;
    }
    const check = this.#session.check();
    if (check !== null) this.#tell({ type: 'checked', check });
  }

  #offerFrame(): void {
    this.#frames.offer((stepsPerSecond) => this.#session.frame(this.#running ? stepsPerSecond : 0, this.#running));
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
