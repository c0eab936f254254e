import type { EvaluationProgress } from '../../programs/evaluation';
import type { Session } from '../session';

/**
 * Goes to the last step before the present one at which `holds` is true, searching from snapshot to snapshot backwards and
 * each stretch forwards; where it never was, back to the present one. Abandoned half-way, the session rests where it is.
 * @returns that step, null where there is none.
 * @throws TimeTravelError, back at the present step, where updates by hand stand in the way.
 */
export function* runBack(session: Session, holds: () => boolean): Generator<EvaluationProgress, number | null> {
  const origin = session.step;
  let found: number | null = null;
  try {
    for (let end = origin; found === null && end > 0; ) {
      const start = session.timeline().snapshots.findLast((step) => step < end) ?? 0;
      yield* session.goTo(start);
      if (holds()) found = start;
      while (session.step < end - 1) {
        for (const _ of session.goTo(session.step + 1));
        if (holds()) found = session.step;
        yield { done: origin - end + session.step - start, total: origin };
      }
      end = start;
    }
  } catch (error) {
    yield* session.goTo(origin);
    throw error;
  }
  yield* session.goTo(found ?? origin);
  return found;
}
