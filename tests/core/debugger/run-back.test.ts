import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Session } from '../../../core/debugger/session';
import { runBack } from '../../../core/debugger/time-travel/run-back';
import { advanced, everyBit, newSession } from '../sessions';

const settings = { hiddenSize: 4, batchSize: 4 } as const;
/** Runs it to the end. */
function back(session: Session, holds: () => boolean): number | null {
  const search = runBack(session, holds);
  for (;;) {
    const { done, value } = search.next();
    if (done) return value;
  }
}

describe('running back', () => {
  it('finds the last earlier step at which the condition held, whatever the step', () => {
    const reference = advanced(newSession(settings), 1300);
    const losses = reference.history.losses();
    const session = advanced(newSession(settings), 1300);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1300 }), fc.double({ min: 1.5, max: 3.5, noNaN: true }), (from, bound) => {
        for (const _ of session.goTo(from));
        const expected = losses.slice(0, from).findLastIndex((loss) => loss > bound);
        expect(back(session, () => session.loss > bound)).toBe(expected < 0 ? null : expected);
        expect(session.step).toBe(expected < 0 ? from : expected);
        expect(session.loss).toBe(losses[session.step]);
      }),
      { numRuns: 15 },
    );
  });

  it('comes back to the present step where it never held', () => {
    const session = advanced(newSession(settings), 20);
    const before = everyBit(session);
    expect(back(session, () => false)).toBeNull();
    expect(everyBit(session)).toEqual(before);
  });

  it('does not find the present step itself, and nothing before step 0', () => {
    const session = newSession(settings);
    expect(back(session, () => true)).toBeNull();
    expect(back(advanced(session, 1), () => true)).toBe(0);
  });

  it('searches steps that were updated by hand too', () => {
    const session = newSession(settings);
    session.trainByBuiltIn(true);
    advanced(session, 5);
    const before = everyBit(session);
    expect(back(session, () => session.step === 2)).toBe(2);
    for (const _ of session.goTo(5));
    expect(everyBit(session)).toEqual(before);
  });
});
