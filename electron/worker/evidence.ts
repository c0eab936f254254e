import { createHash } from 'node:crypto';
import type { Session } from '../../core/debugger/session';
import type { Check, CheckRow } from '../../core/protocol/answers';
import { type ClaimedVerdict, type Evidence, evidenceVersion } from '../../core/protocol/evidence';
import { exerciseNodes } from '../../core/protocol/exercises';
import { isFault, isJudged } from '../../core/protocol/headline';
import { ratesOf } from '../../core/protocol/settings';
import type { BranchDescription } from '../../core/protocol/timeline';
import { RefusedError } from './refusals';

/** What names a list of words, whatever the file they came in. */
export const digestOfWords = (words: readonly string[]) => createHash('sha256').update(words.join('\n')).digest('hex');

/** As JSON keeps it, which has neither NaN nor infinity. */
const finite = (value: number | null) => (Number.isFinite(value) ? value : null);

/** A row as evidence has it. */
export function evidenceRow({ node, verdict, exact, approximate, maxdiff }: CheckRow): Evidence['verdicts'][number] {
  return { node, verdict, exact, approximate, maxdiff: finite(maxdiff) };
}

/** The first node that is not right by itself, as evidence says it; null where none is. */
export function firstBadNode(
  rows: readonly { readonly node: string; readonly verdict: ClaimedVerdict }[],
): string | null {
  return rows.find(({ verdict }) => verdict !== 'vacuous' && isFault(verdict))?.node ?? null;
}

/**
 * The present step as evidence.
 * @param code the person's, where that is what was checked.
 * @throws RefusedError where the step can judge nothing, or the way to it cannot be made again by whoever is shown it, and
 * while formulas are still being judged.
 */
export function evidenceOf(session: Session, check: Check, code: string | null): Evidence {
  if (check.unjudged !== null) {
    const { reason, step } = check.unjudged;
    const advice = step === null ? 'Restart with other settings.' : `Go to step ${step}, which can judge.`;
    throw new RefusedError('not-now', `Nothing can be proved at this step. ${reason} ${advice}`);
  }
  if (!isJudged(check)) {
    throw new RefusedError('not-now', 'The formulas are still being judged. Save the evidence once they are.');
  }
  const { branches } = session.timeline();
  const way = wayTo(branches);
  const byHand = session.firstByHand(session.step);
  if (byHand !== null) {
    throw new RefusedError(
      'not-now',
      `Step ${byHand} was updated by gradients by hand: nobody else could come to this step.`,
    );
  }
  const { dataset, name } = session.data;
  const [first = session.settings] = way.map(({ settings }) => settings);
  return {
    format: 'chainrule-evidence',
    version: evidenceVersion,
    data: { name, words: dataset.words, sha256: digestOfWords(dataset.list) },
    settings: first,
    changes: way
      .slice(1)
      .filter(({ forkStep }) => forkStep < session.step)
      .map(({ forkStep, settings }) => ({ step: forkStep, rates: ratesOf(settings) })),
    step: session.step,
    loss: finite(session.loss),
    backward:
      check.backward === 'python'
        ? { kind: 'code', code: code ?? '', ...askedOf(check) }
        : { kind: 'builtIn', name: check.backward, mistake: check.mistake },
    verdicts: check.rows.map(evidenceRow),
    firstBadNode: firstBadNode(check.rows),
  };
}

/** What was asked for, where that was not everything: the check has a row for each. */
function askedOf({ rows }: Check): { only?: string[] } {
  return rows.length < exerciseNodes[1].length ? { only: rows.map(({ node }) => node) } : {};
}

/** From the first branch to the present one. */
function wayTo(branches: readonly BranchDescription[]): readonly BranchDescription[] {
  const way: BranchDescription[] = [];
  let branch = branches.find(({ isCurrent }) => isCurrent);
  while (branch !== undefined) {
    way.unshift(branch);
    const { parent } = branch;
    branch = parent === null ? undefined : branches.find(({ id }) => id === parent);
  }
  return way;
}
