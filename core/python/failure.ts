import type { RootCause } from '../protocol/answers';
import type { Trial } from './trial';

/**
 * The gradients that the code reads and no line writes, and the statement at which it failed, as causes; of the latter no more
 * than what its error says. Null for `failed` where it is for the mistakes of its formula to say more.
 */
export interface Failure {
  readonly unwritten: readonly RootCause[];
  readonly failed: RootCause | null;
  /** The node whose gradient the failing statement was to write; null where it writes none. */
  readonly node: string | null;
}

/** @param earlierNames names that earlier versions of the code defined. */
export function failureOf(trial: Trial, earlierNames: ReadonlySet<string>): Failure {
  const { error } = trial.run;
  const index = trial.failedAt;
  const unwritten = isAskedForAll(trial) ? trial.given.map((node) => unwrittenCause(trial, node, earlierNames)) : [];
  if (error === null || index === null || error.line === null || trial.hasRunOut)
    return { unwritten, failed: null, node: null };
  const { line } = error;
  const node = nodeWrittenAt(trial, index, line);
  const [, unknown] = /^name '(\w+)' is not defined/.exec(error.message) ?? [];
  if (error.type !== 'NameError' || unknown === undefined) return { unwritten, failed: null, node };
  const isEarlier = earlierNames.has(unknown);
  const mistake = isEarlier ? 'stale-variable' : null;
  const before = isEarlier ? '; only an earlier version of the code did' : '';
  const gradient = trial.inputs.comparedNodes.find((name) => `d${name}` === unknown);
  const later = trial.program.sites.find((site) => site.places.includes(unknown));
  if (gradient !== undefined && later !== undefined) {
    const explanation = `line ${line} uses ${unknown} before line ${later.line} writes it.`;
    return { unwritten, failed: node === null ? null : { node, line, mistake: null, explanation }, node: null };
  }
  if (node === null) return { unwritten, failed: null, node: null };
  const explanation = `line ${line} uses ${unknown}, which no line before it defines${before}.`;
  return { unwritten, failed: { node, line, mistake, explanation }, node: null };
}

/** Whether every compared gradient is asked for, so that one which is read has to be written. */
function isAskedForAll({ inputs }: Trial): boolean {
  return inputs.askedNodes.length === inputs.comparedNodes.length;
}

function unwrittenCause({ program }: Trial, node: string, earlierNames: ReadonlySet<string>): RootCause {
  const reader = program.statements.find(({ reads }) => reads.includes(`d${node}`));
  const isEarlier = earlierNames.has(`d${node}`);
  const before = isEarlier ? '; only an earlier version of the code did' : '';
  return {
    node,
    line: null,
    mistake: isEarlier ? 'stale-variable' : null,
    explanation: `line ${reader?.line} uses d${node}, which no line writes${before}; what follows is judged with autograd's.`,
  };
}

/** The node whose gradient the code writes at a line of a statement: of a loop or a function, no more than at that line. */
function nodeWrittenAt({ program, inputs }: Trial, index: number, line: number): string | null {
  const statement = program.statements[index];
  if (statement === undefined) return null;
  const [first, end] = statement.sites;
  const sites = program.sites.slice(first, end);
  const isOfOneLine = sites.every((site) => site.line === statement.line);
  const places = sites.filter((site) => isOfOneLine || site.line === line).flatMap((site) => site.places);
  return inputs.comparedNodes.find((node) => places.includes(`d${node}`)) ?? null;
}
