import type { Session } from '../../core/debugger/session';
import type { CodeCheck } from '../../core/protocol/answers';
import type { SessionEvent } from '../../core/protocol/events';
import type { LabCheck, LabService, ManualGradient } from '../../core/python/lab-service';
import { HandTraining } from './hand-training';
import { PythonTeller } from './python-teller';
import { RefusedError, refusalOf } from './refusals';
import type { Clock } from './session-server';

export interface LabDeskParts {
  readonly lab: LabService;
  readonly clock: Clock;
  readonly tell: (event: SessionEvent) => void;
  /** Called when a step that waited for gradients by hand may be tried again. */
  readonly onGradients: () => void;
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

/**
 * The person's own code and what becomes of it: one check at a time in the lab, the newest wish next, while the session
 * goes on. Answers and events come when Python has done its part.
 */
export class LabDesk {
  readonly #parts: LabDeskParts;
  #session: Session;
  #code = '';
  #isChosen = false;
  #training: HandTraining | null = null;
  #wishes: Wish[] = [];
  /** Whether the present step is to be checked though nobody waits for an answer. */
  #isStale = false;
  #isChecking = false;
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
   * Takes code and has it checked; one that still waited is refused as `cancelled`.
   * @throws RefusedError (rejection) for code that nobody trusted, changing nothing, and where Python cannot start.
   */
  async checkCode(code: string, trusted: boolean): Promise<CodeCheck> {
    if (!trusted) {
      throw new RefusedError('not-now', 'This code has not run: it was not written here. Say that it may run first.');
    }
    this.#session.requireManualBackward();
    const replaced = this.#wishes.filter(({ isReplaceable }) => isReplaceable);
    this.#wishes = this.#wishes.filter(({ isReplaceable }) => !isReplaceable);
    for (const { refuse } of replaced)
      refuse(new RefusedError('cancelled', 'Newer code came before this was checked.'));
    if (code !== this.#code) this.#latest = null;
    this.#code = code;
    this.#training?.changeCode(code);
    return this.choose(true);
  }

  /**
   * Makes the code the backward that is checked, now and at every rest.
   * @throws NotFoundError (rejection) where the program has none by hand; RefusedError where Python cannot start.
   */
  async choose(isReplaceable = false): Promise<CodeCheck> {
    this.#session.requireManualBackward();
    this.#isChosen = true;
    const check = new Promise<CodeCheck>((answer, refuse) => this.#wishes.push({ answer, refuse, isReplaceable }));
    this.#checkNext();
    return check;
  }

  /** Another backward is checked from now on. */
  putAside(): void {
    this.#isChosen = false;
  }

  /** The check of the present step. */
  async check(): Promise<CodeCheck> {
    return this.#present()?.check ?? this.choose();
  }

  /** The session has moved: checks the code again, now and then where it `isRunning`, and surely where it rests. */
  recheck(isRunning: boolean): void {
    if (isRunning && (this.#isChecking || this.#parts.clock.now() - this.#lastBegan < recheckMilliseconds)) return;
    this.#isStale = true;
    this.#checkNext();
  }

  /** The code's gradient of a node at the present step; null where there is none, or none yet. */
  gradientOf(node: string): ManualGradient | null {
    return this.#present()?.gradients.get(node) ?? null;
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
    return this.#training?.prepareStep() ?? true;
  }

  /** Stops the code that runs. */
  stop(): void {
    this.#parts.lab.stop();
  }

  #present(): LabCheck | null {
    return this.#latest?.check.step === this.#session.step ? this.#latest : null;
  }

  /** Begins a check where one is wanted and none is at work. */
  #checkNext(): void {
    if (this.#isChecking || (this.#wishes.length === 0 && !this.#isStale)) return;
    this.#isChecking = true;
    this.#isStale = false;
    this.#lastBegan = this.#parts.clock.now();
    const wishes = this.#wishes;
    this.#wishes = [];
    this.#check()
      .then(
        (check) => {
          for (const { answer } of wishes) answer(check);
        },
        (error: unknown) => {
          for (const { refuse } of wishes) refuse(error);
          if (wishes.length === 0)
            this.#parts.tell({ type: 'log', level: 'warning', message: refusalOf(error).message });
        },
      )
      .then(() => {
        this.#isChecking = false;
        this.#checkNext();
      });
  }

  async #check(): Promise<CodeCheck> {
    const session = this.#session;
    const code = this.#code;
    const inputs = session.labInputs();
    const result = await this.#inPython(() => this.#parts.lab.check(inputs, code));
    // What has been overtaken is answered to whoever asked, but is not how things stand.
    if (session === this.#session && code === this.#code) {
      this.#latest = result;
      if (this.#isChosen) this.#parts.tell({ type: 'checked', check: result.check });
    }
    return result.check;
  }

  /** @throws RefusedError where Python cannot start. */
  async #inPython<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new RefusedError('not-now', `Python cannot run the code: ${why}`);
    }
  }
}
