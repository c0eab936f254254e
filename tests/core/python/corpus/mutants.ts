import type { Session } from '../../../../core/debugger/session';
import { type CheckRow, type CodeCheck, isRight } from '../../../../core/protocol/answers';
import type { LabInputs } from '../../../../core/python/lab-inputs';
import { solutions } from './solutions';

/** A right solution with one line broken; what PyTorch says of it is from ../../fixtures/mutants. */
export interface Mutant {
  readonly solution: string;
  /** 1-based. */
  readonly line: number;
  readonly kind: string;
  /** What stands in the line's place. */
  readonly text: string;
  /** The first node, in the notebook's order, whose gradient is not right by its terms; null where all are. */
  readonly node: string | null;
  /** Whether every gradient is right by its terms for all that was changed. */
  readonly equivalent: boolean;
  /** Whether the notebook's `cmp` prints "approximate: True" 26 times, in float32 on the lecture's batch. */
  readonly cmpPasses: boolean;
}

/** The lab's word on a mutant. */
export interface Judgement {
  readonly mutant: Mutant;
  readonly rows: readonly CheckRow[];
  /** Python's error in one line; null where the code ran to its end. */
  readonly error: string | null;
}

/** A row of the table of mutants by kind; shares in percent. */
export interface MutantRow {
  readonly kind: string;
  readonly planted: number;
  /** Where the lab does not call all rows right. */
  readonly 'the lab, %': number;
  readonly 'cmp, %': number;
  /** Mutants that change nothing, and in how many of them a row is called wrong, masked or copied. */
  readonly 'change nothing': number;
  readonly 'false alarms': number;
}

function codeOf({ solution, line, text }: Mutant): string {
  const right = solutions.find(({ name }) => name === solution);
  if (right === undefined) throw new Error(`There is no solution named ${solution}.`);
  return right.code
    .split('\n')
    .map((present, index) => (index + 1 === line ? text : present))
    .join('\n');
}

/** What the lab says of each mutant at the step where the session stands, one after the other. */
export async function judge(
  check: (inputs: LabInputs, code: string) => CodeCheck | Promise<CodeCheck>,
  session: Session,
  mutants: readonly Mutant[],
): Promise<Judgement[]> {
  const judgements: Judgement[] = [];
  for (const mutant of mutants) {
    const code = codeOf(mutant);
    const { rows, error } = await check(session.labInputs(code), code);
    judgements.push({ mutant, rows, error: error && `${error.type} in line ${error.line}: ${error.message}` });
  }
  return judgements;
}

export function isCalledRight({ rows, error }: Judgement): boolean {
  return error === null && rows.every(({ verdict }) => isRight(verdict));
}

/** The rows with a word that a right formula must not get. */
export function accused({ rows }: Judgement): CheckRow[] {
  return rows.filter(({ verdict }) => verdict === 'wrong' || verdict === 'masked' || verdict === 'copied');
}

/** The table by kind, with all together in its last row. */
export function tableOf(judgements: readonly Judgement[]): MutantRow[] {
  const kinds = [...new Set(judgements.map(({ mutant }) => mutant.kind))].sort();
  const rows = kinds.map((kind) =>
    rowOf(
      kind,
      judgements.filter(({ mutant }) => mutant.kind === kind),
    ),
  );
  return [...rows, rowOf('all', judgements)];
}

function rowOf(kind: string, judgements: readonly Judgement[]): MutantRow {
  const planted = judgements.filter(({ mutant }) => !mutant.equivalent);
  const unchanged = judgements.filter(({ mutant }) => mutant.equivalent);
  return {
    kind,
    planted: planted.length,
    'the lab, %': percent(planted, (judgement) => !isCalledRight(judgement)),
    'cmp, %': percent(planted, ({ mutant }) => !mutant.cmpPasses),
    'change nothing': unchanged.length,
    'false alarms': unchanged.filter((judgement) => accused(judgement).length > 0).length,
  };
}

function percent<Item>(items: readonly Item[], holds: (item: Item) => boolean): number {
  return Math.round((1000 * items.filter(holds).length) / items.length) / 10;
}
