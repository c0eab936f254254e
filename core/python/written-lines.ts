import type { CodeCheck, RootCause } from '../protocol/answers';
import type { Trial } from './trial';

/** The lines of the code that write a node's gradient, in order: a line a node, with the statement or, inside a block, the line. */
export function writtenLines(trial: Trial, causes: readonly RootCause[]): CodeCheck['statements'] {
  const { program, holdings, answers } = trial;
  const nodeOf = new Map(answers.map(({ place, node }) => [place, node]));
  const lines = program.code.split('\n');
  const listed = new Map<string, CodeCheck['statements'][number]>();
  for (const { place, changes } of holdings) {
    const node = nodeOf.get(place);
    if (node === undefined) continue;
    for (const { site, statement } of changes) {
      if (program.sites[site]?.loop !== undefined) continue;
      const whole = program.statements[statement];
      const line = program.sites[site]?.line ?? whole.line;
      const isWhole = line === whole.line;
      const endLine = isWhole ? whole.endLine : line;
      const mistaken = causes.some((cause) => cause.line !== null && line <= cause.line && cause.line <= endLine);
      const formula = isWhole ? whole.source : (lines[line - 1]?.trim() ?? '');
      listed.set(`${line} ${node}`, { line, node, formula, mistaken });
    }
  }
  return [...listed.values()].toSorted((one, other) => one.line - other.line);
}
