import type { Check, CheckRow, CodeCheck } from '../../core/protocol/answers';

/** A row that is exact, but for what is given. */
export function rowWith(differing: Partial<CheckRow> = {}): CheckRow {
  return {
    node: 'h',
    shape: [4, 8],
    exact: true,
    approximate: true,
    maxdiff: 0,
    bound: null,
    maxUlp: 0,
    worstIndex: [0, 0],
    verdict: 'exact',
    reason: 'Bit for bit the same.',
    line: null,
    notes: [],
    answers: [],
    ...differing,
  };
}

/** The check of a built-in backward with these rows. */
export function checkWith(rows: readonly Partial<CheckRow>[], differing: Partial<Check> = {}): Check {
  return {
    backward: 'nodewise',
    mistake: null,
    statements: [],
    step: 0,
    unjudged: null,
    rows: rows.map(rowWith),
    ...differing,
  };
}

/** The check of somebody's own code with these rows: run to its end and judged. */
export function codeCheckWith(rows: readonly Partial<CheckRow>[], differing: Partial<CodeCheck> = {}): CodeCheck {
  return {
    ...checkWith(rows),
    backward: 'python',
    mistake: null,
    rootCauses: [],
    isJudgedByTerms: true,
    judgedAt: [],
    search: 'complete',
    notes: [],
    error: null,
    output: '',
    names: [],
    milliseconds: 1,
    ...differing,
  };
}
