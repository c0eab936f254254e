import type { Session } from '../../core/debugger/session';
import type { CodeCheck } from '../../core/protocol/answers';
import type { SessionEvent } from '../../core/protocol/events';
import type { LabCheck, LabService, ManualGradient, Patience } from '../../core/python/lab-service';
import { HandTraining } from './hand-training';
import { PythonTeller } from './python-teller';
import { RefusedError, refusalOf } from './refusals';
import type { Clock } from './server-options';

export interface LabDeskParts {
  readonly lab: LabService;
  /** Of a check that somebody waits for. A brief one is followed by a thorough one once nothing else is to be done. */
  readonly patience: Patience;
  readonly clock: Clock;
  readonly tell: (event: SessionEvent) => void;
  /** Called when a step that waited for gradients by hand may be tried again. */
  readonly onGradients: () => void;
  /** Called when the person's code has become the backward that is checked, or no longer is. */
  readonly onChoice: () => void;
}

/** Somebody waits for the check that begins next. */
interface Wish {
  readonly answer: (check: CodeCheck) => void;
  readonly refuse: (error: unknown) => void;
  /** Whether newer code takes its place. */
  readonly isReplaceable: boolean;
}

/** A running session's code is checked this often at most, so that Python takes no more than a part of one core. */
const recheckMilliseconds = 500;
/** The same where every step waits for Python as well. */
const recheckByHandMilliseconds = 2000;
/** A check that has taken longer is stopped for newer code; a usual one ends sooner by itself than by being stopped. */
const longMilliseconds = 1000;

/**
 * The person's own code and what becomes of it: one check at a time in the lab, the newest wish next, while the session
 * goes on. Answers and events come when Python has done its part.
 */
export class LabDesk {
  readonly #parts: LabDeskParts;
  #session: Session;
  #code = '';
  /** The nodes that are asked for; all that are compared where it is undefined. */
  #only: readonly string[] | undefined;
  #isChosen = false;
  #training: HandTraining | null = null;
  #wishes: Wish[] = [];
  /** Whether the present step is to be checked though nobody waits for an answer. */
  #isStale = false;
  #isRunning = false;
  #isChecking = false;
  /** Whether the check at work looks for what a brief one had no time for. */
  #isFollowingUp = false;
  #lastBegan = Number.NEGATIVE_INFINITY;
  /** The last check of the code and session that are here now. */
  #latest: LabCheck | null = null;

  constructor(parts: LabDeskParts, session: Session) {
    this.#parts = parts;
    this.#session = session;
    const python = new PythonTeller(parts);
    parts.lab.onState((state, message) => python.hear(state, message));
  }

  /** Whether the person's code is the backward that is checked. */
  get isChosen(): boolean {
    return this.#isChosen;
  }

  /** Whether the updates use the person's gradients. */
  get trainsByHand(): boolean {
    return this.#training !== null;
  }

  /** Whether the next step waits for gradients by hand. */
  get isWaiting(): boolean {
    return this.#training?.isWaiting ?? false;
  }

  /** Another session: it begins with its built-in backward and autograd's updates. The code stays. */
  begin(session: Session): void {
    this.#session = session;
    this.#isChosen = false;
    this.#training = null;
    this.#latest = null;
    this.#isStale = false;
  }

  /**
   * Takes code and has it checked, for `only` these nodes where they are given; one that still waited is refused as `cancelled`.
   * @throws RefusedError (rejection) for code that nobody trusted, changing nothing, and where Python cannot start.
   */
  async checkCode(code: string, trusted: boolean, only?: readonly string[]): Promise<CodeCheck> {
    if (!trusted) {
      throw new RefusedError('not-now', 'This code has not run: it was not written here. Say that it may run first.');
    }
    this.#session.requireManualBackward();
    const replaced = this.#wishes.filter(({ isReplaceable }) => isReplaceable);
    this.#wishes = this.#wishes.filter(({ isReplaceable }) => !isReplaceable);
    for (const { refuse } of replaced)
      refuse(new RefusedError('cancelled', 'Newer code came before this was checked.'));
    if (code !== this.#code || only?.join() !== this.#only?.join()) this.#giveUpOldCode();
    this.#code = code;
    this.#only = only;
    this.#training?.changeCode(code);
    return this.choose(true);
  }

  /**
   * Makes the code the backward that is checked, now and at every rest.
   * @throws NotFoundError (rejection) where the program has none by hand; RefusedError where Python cannot start.
   */
  async choose(isReplaceable = false): Promise<CodeCheck> {
    this.#session.requireManualBackward();
    this.#setChosen(true);
    const check = new Promise<CodeCheck>((answer, refuse) => this.#wishes.push({ answer, refuse, isReplaceable }));
    this.#makeRoom();
    this.#checkNext();
    return check;
  }

  /** Another backward is checked from now on. */
  putAside(): void {
    this.#setChosen(false);
  }

  #setChosen(isChosen: boolean): void {
    if (isChosen === this.#isChosen) return;
    this.#isChosen = isChosen;
    this.#parts.onChoice();
  }

  /** The check of the present step. */
  async check(): Promise<CodeCheck> {
    return this.#present()?.check ?? this.choose();
  }

  /** The session has moved: checks the code again, now and then where it `isRunning`, and surely where it rests. */
  recheck(isRunning: boolean): void {
    this.#isRunning = isRunning;
    this.#makeRoom();
    const pause = this.trainsByHand ? recheckByHandMilliseconds : recheckMilliseconds;
    const isTooEarly = this.#isChecking || this.#parts.clock.now() - this.#lastBegan < pause;
    if (isRunning && isTooEarly) return;
    this.#isStale = true;
    this.#checkNext();
  }

  /** The code's gradient of a node at the present step; null where there is none, or none yet. */
  gradientOf(node: string): ManualGradient | null {
    return this.#present()?.gradients.get(node) ?? null;
  }

  /** The person's code as it was given last. */
  get code(): string {
    return this.#code;
  }

  /** The last check of the code, which may be of a step a little earlier; null where there is none. */
  get latest(): CodeCheck | null {
    return this.#latest?.check ?? null;
  }

  /** Whose gradients the updates use from the next step on. @throws NotFoundError where the program has none by hand. */
  trainWith(gradients: 'autograd' | 'manual'): void {
    if ((gradients === 'manual') === this.trainsByHand) return;
    this.#session.requireManualBackward();
    this.#training?.end();
    const { lab, onGradients } = this.#parts;
    this.#training = gradients === 'manual' ? new HandTraining(lab, this.#session, this.#code, onGradients) : null;
  }

  /**
   * Makes the session ready for its next step.
   * @returns whether it is; where not, `onGradients` is called when it is worth trying again.
   * @throws RefusedError where the person's code failed.
   */
  prepareStep(): boolean {
    if (this.#training === null) return true;
    this.#makeRoom();
    return this.#training.prepareStep();
  }

  /** Stops the code that runs. */
  stop(): void {
    this.#parts.lab.stop();
  }

  #present(): LabCheck | null {
    return this.#latest?.check.step === this.#session.step ? this.#latest : null;
  }

  /** Ends the check that follows up: what it has not found yet is not worth waiting for. */
  #makeRoom(): void {
    if (this.#isFollowingUp) this.#parts.lab.stop();
  }

  /** Begins what is to be done next, where nothing is at work. */
  #checkNext(): void {
    if (this.#isChecking) return;
    const brief = this.#present();
    if (this.#wishes.length > 0 || this.#isStale) this.#begin(() => this.#answerWishes());
    else if (brief !== null && this.#needsFollowUp(brief)) this.#begin(() => this.#followUp(brief));
  }

  /** What the old code gave is of no use; a check of it that takes long, in a loop without end perhaps, is not waited for. */
  #giveUpOldCode(): void {
    this.#latest = null;
    if (this.#isChecking && this.#parts.clock.now() - this.#lastBegan > longMilliseconds) this.#parts.lab.stop();
  }

  #begin(work: () => Promise<void>): void {
    this.#isChecking = true;
    void work().finally(() => {
      this.#isChecking = false;
      this.#checkNext();
    });
  }

  async #answerWishes(): Promise<void> {
    this.#isStale = false;
    this.#lastBegan = this.#parts.clock.now();
    const wishes = this.#wishes;
    this.#wishes = [];
    try {
      const check = await this.#check();
      for (const { answer } of wishes) answer(check);
    } catch (error) {
      for (const { refuse } of wishes) refuse(error);
      if (wishes.length === 0) this.#warn(error);
    }
  }

  async #check(): Promise<CodeCheck> {
    const session = this.#session;
    const code = this.#code;
    const only = this.#only;
    const result = await this.#inLab(code, this.#parts.patience);
    // What has been overtaken is answered to whoever asked, but is not how things stand.
    if (session === this.#session && code === this.#code && only === this.#only) this.#take(result);
    return result.check;
  }

  /** Whether nothing stands in the way of looking for what a brief check had no time for. */
  #needsFollowUp({ isComplete }: LabCheck): boolean {
    return this.#parts.patience === 'brief' && !isComplete && !this.#isRunning && this.#isChosen;
  }

  async #followUp(brief: LabCheck): Promise<void> {
    this.#isFollowingUp = true;
    try {
      const thorough = await this.#inLab(this.#code, 'thorough');
      if (this.#latest !== brief) return;
      // One that was stopped says nothing but that; it is not tried again.
      const wasStopped = thorough.check.error?.type !== brief.check.error?.type;
      if (wasStopped) this.#latest = { ...brief, isComplete: true };
      else this.#take({ ...thorough, isComplete: true });
    } catch (error) {
      this.#warn(error);
      this.#latest = null;
    } finally {
      this.#isFollowingUp = false;
    }
  }

  #take(result: LabCheck): void {
    this.#latest = result;
    if (this.#isChosen) this.#parts.tell({ type: 'checked', check: result.check });
  }

  #warn(error: unknown): void {
    this.#parts.tell({ type: 'log', level: 'warning', message: refusalOf(error).message });
  }

  /** @throws RefusedError (rejection) where Python cannot start. */
  async #inLab(code: string, patience: Patience): Promise<LabCheck> {
    const inputs = this.#session.labInputs(code, this.#only);
    try {
      return await this.#parts.lab.check(inputs, code, patience);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new RefusedError('not-now', `Python cannot run the code: ${why}`);
    }
  }
}
