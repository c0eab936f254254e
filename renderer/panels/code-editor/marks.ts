import type { CheckRow, CodeCheck, Verdict } from '../../../core/protocol/answers';

/** What the editor shows at one line of the code. */
export interface LineMark {
  /** 1-based. */
  readonly line: number;
  /** Gradients that the line writes. */
  readonly nodes: readonly string[];
  /** The verdicts on the gradients that the line completes. */
  readonly verdicts: readonly { readonly node: string; readonly verdict: Verdict }[];
  /** What is to be mended in the line, one sentence each. */
  readonly explanations: readonly string[];
  /** Python's own error at the line. */
  readonly error: string | null;
}

/** An answer of the code for a node, at the line that completes it. */
interface Answer {
  readonly node: string;
  readonly line: number | null;
  readonly verdict: Verdict;
  readonly reason: string;
}

function answersOf({ node, line, verdict, reason, answers }: CheckRow): readonly Answer[] {
  return answers.length > 1 ? answers.map((answer) => ({ node, ...answer })) : [{ node, line, verdict, reason }];
}

/** Whether the reason of such a verdict says what is wrong with the line; of wrong ones the root causes do. */
const isToMend = (verdict: Verdict) => verdict === 'masked' || verdict === 'copied';

/** The marks of a check, one a line, in the order of the lines. A line that the code does not have is left out. */
export function marksOf(check: CodeCheck, lineCount: number): readonly LineMark[] {
  const { error, statements, rootCauses } = check;
  const answers = check.rows.flatMap(answersOf);
  const lines = new Set(
    [...statements, ...answers, ...rootCauses].map(({ line }) => line ?? 0).concat(error?.line ?? 0),
  );
  return [...lines]
    .filter((line) => line >= 1 && line <= lineCount)
    .sort((one, other) => one - other)
    .map((line): LineMark => {
      const own = answers.filter((answer) => answer.line === line);
      const written = statements.filter((statement) => statement.line === line);
      const causes = rootCauses.filter((cause) => cause.line === line);
      const told = new Set(causes.map(({ node }) => node));
      const others = own.filter(({ node, verdict }) => isToMend(verdict) && !told.has(node));
      return {
        line,
        nodes: [...new Set([...written, ...own].map(({ node }) => node))],
        verdicts: own.map(({ node, verdict }) => ({ node, verdict })),
        explanations: [
          ...causes.map(({ explanation }) => explanation),
          ...others.map(({ node, verdict, reason }) => `d${node} is ${verdict}: ${reason}`),
        ],
        error: error?.line === line ? `${error.type}: ${error.message}` : null,
      };
    });
}
