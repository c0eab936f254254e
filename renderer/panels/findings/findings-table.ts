import { type Finding, type Findings, findingRules, ruleNames } from '../../../core/protocol/findings';
import type { TableData } from '../../charts/csv';

/** Everything that was found, to be taken away. */
export function findingsTable(findings: readonly Finding[]): TableData {
  return {
    columns: ['finding', 'node', 'step', 'branch', 'reason', 'measured', 'threshold', 'unit'],
    rows: findings.map(({ rule, node, step, branch, reason, measured, threshold }) => [
      findingRules[rule].title,
      node ?? '',
      step,
      branch,
      reason,
      measured,
      threshold ?? '',
      findingRules[rule].threshold?.unit ?? '',
    ]),
  };
}

/** The rules, with the thresholds as they stand. */
export function rulesTable(thresholds: Findings['thresholds']): TableData {
  return {
    columns: ['rule', 'threshold', 'default', 'unit', 'source of the default'],
    rows: ruleNames.map((rule) => {
      const { title, threshold, source } = findingRules[rule];
      const usual = threshold?.value ?? '';
      return [title, thresholds[rule] ?? usual, usual, threshold?.unit ?? '', source];
    }),
  };
}
