import type { Session } from '../../core/debugger/session';
import type { AnswerOf } from '../../core/protocol/answers';
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

/** `count` steps, one in each `next`. */
export function* stepJob(session: Session, count: number): Generator<JobProgress, AnswerOf['step']> {
  for (let done = 1; done <= count; done++) {
    session.advance();
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

/** Losses over whole splits. */
export function* evaluateJob(session: Session): Generator<JobProgress, AnswerOf['evaluate']> {
  const { train, dev } = yield* session.evaluator.losses();
  return { step: session.step, trainLoss: train, devLoss: dev };
}
