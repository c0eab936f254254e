import type { CodeCheck, Verdict } from '../../../core/protocol/answers';

/** What the editor shows at one line of the code. */
export interface LineMark {
  /** 1-based. */
  readonly line: number;
  /** Gradients that the line writes. */
  readonly nodes: readonly string[];
  /** The verdicts on those that no later line writes. */
  readonly verdicts: readonly { readonly node: string; readonly verdict: Verdict }[];
  /** Why the line is to blame, one sentence each. */
  readonly explanations: readonly string[];
  /** Python's own error at the line. */
  readonly error: string | null;
}

/** The marks of a check, one a line, in the order of the lines. A line that the code does not have is left out. */
export function marksOf(check: CodeCheck, lineCount: number): readonly LineMark[] {
  const { error } = check;
  const lines = new Set([
    ...check.statements.map(({ line }) => line),
    ...check.rows.map(({ line }) => line ?? 0),
    ...check.rootCauses.map(({ line }) => line ?? 0),
    error?.line ?? 0,
  ]);
  return [...lines]
    .filter((line) => line >= 1 && line <= lineCount)
    .sort((one, other) => one - other)
    .map((line): LineMark => {
      const rows = check.rows.filter((row) => row.line === line);
      const statements = check.statements.filter((statement) => statement.line === line);
      return {
        line,
        nodes: [...new Set([...statements, ...rows].map(({ node }) => node))],
        verdicts: rows.map(({ node, verdict }) => ({ node, verdict })),
        explanations: check.rootCauses.filter((cause) => cause.line === line).map(({ explanation }) => explanation),
        error: error?.line === line ? `${error.type}: ${error.message}` : null,
      };
    });
}
