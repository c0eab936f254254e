import type { Session } from '../../core/debugger/session';
import { runBack } from '../../core/debugger/time-travel/run-back';
import type { AnswerOf } from '../../core/protocol/answer-of';
import type { SessionCommand } from '../../core/protocol/commands';

/** How far a long command is. */
export interface JobProgress {
  readonly done: number;
  readonly total: number;
}

/** A long command on its way: each `next` does a little of it, so that other commands are heard in between. */
export interface Job {
  /** Of the request that asked for it. */
  readonly id: number;
  readonly command: SessionCommand['type'];
  /** What its progress counts. */
  readonly unit: string;
  readonly work: Generator<JobProgress, AnswerOf[keyof AnswerOf]>;
}

/**
 * `count` steps, one in each `next`.
 * @param advance makes one, and says whether a breakpoint stops there.
 */
export function* stepJob(
  session: Session,
  count: number,
  advance: () => boolean,
): Generator<JobProgress, AnswerOf['step']> {
  for (let done = 1; done <= count; done++) {
    if (advance()) break;
    if (done < count) yield { done, total: count };
  }
  return { step: session.step, loss: session.loss };
}

/** One op, or the ops to the end of the phase. */
export function* opJob(session: Session, until: 'op' | 'phase'): Generator<JobProgress, AnswerOf['stepOp']> {
  if (until === 'op') session.stepOp();
  else yield* session.finishPhase();
  return { step: session.step, loss: session.loss };
}

/** A way through time, to its end. */
export function* travelJob(
  session: Session,
  travel: Generator<JobProgress, void>,
): Generator<JobProgress, AnswerOf['goTo']> {
  yield* travel;
  return { step: session.step, loss: session.loss };
}

/** The way back to a condition. */
export function* runBackJob(session: Session, holds: () => boolean): Generator<JobProgress, AnswerOf['runBack']> {
  const found = yield* runBack(session, holds);
  return { step: session.step, loss: session.loss, found: found !== null };
}

/** Statistics over the training set. */
export function* calibrateJob(session: Session): Generator<JobProgress, AnswerOf['calibrate']> {
  yield* session.evaluator.calibrate();
  return session.batchNorms();
}

/** Losses over whole splits. */
export function* evaluateJob(session: Session): Generator<JobProgress, AnswerOf['evaluate']> {
  const { train, dev } = yield* session.evaluator.losses();
  return { step: session.step, trainLoss: train, devLoss: dev };
}
