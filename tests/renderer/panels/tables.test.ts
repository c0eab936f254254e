import { describe, expect, it } from 'vitest';
import type { BreakpointState } from '../../../core/protocol/breakpoints';
import { type Finding, findingRules, ruleNames } from '../../../core/protocol/findings';
import type { OpDetail } from '../../../core/protocol/ops';
import { toCsv } from '../../../renderer/charts/csv';
import { breakpointsTable } from '../../../renderer/panels/breakpoints/breakpoints-table';
import { findingsTable, rulesTable } from '../../../renderer/panels/findings/findings-table';
import { opTable } from '../../../renderer/panels/graph/op-table';

const lines = (table: Parameters<typeof toCsv>[0]) => toCsv(table).trimEnd().split('\r\n');

describe('what a table is taken away as', () => {
  it('has every finding with its rule’s words, and nothing where there is none', () => {
    const spike: Finding = {
      rule: 'lossSpike',
      node: null,
      step: 12,
      branch: 1,
      measured: 9.5,
      threshold: 6,
      reason: 'The loss is 9.5, "far" above.',
    };
    const { title, threshold } = findingRules.lossSpike;
    expect(lines(findingsTable([spike]))).toEqual([
      'finding,node,step,branch,reason,measured,threshold,unit',
      `${title},,12,1,"The loss is 9.5, ""far"" above.",9.5,6,${threshold?.unit}`,
    ]);
    expect(lines(findingsTable([]))).toHaveLength(1);
  });

  it('has every rule with its threshold as it stands beside the default', () => {
    const { rows } = rulesTable({ lossSpike: 20 });
    expect(rows).toHaveLength(ruleNames.length);
    const row = rows[ruleNames.indexOf('lossSpike')]!;
    expect(row.slice(1, 3)).toEqual([20, findingRules.lossSpike.threshold?.value]);
    const other = rows[ruleNames.findIndex((name) => name !== 'lossSpike' && findingRules[name].threshold !== null)]!;
    expect(other[1]).toBe(other[2]);
  });

  it('has every breakpoint, on or off, hit or not', () => {
    const states: BreakpointState[] = [
      {
        breakpoint: { id: 1, kind: 'node', node: 'bnvar', isEnabled: false, skip: 0, log: null },
        hits: 0,
        error: null,
      },
      {
        breakpoint: { id: 2, kind: 'condition', condition: 'loss > 4', isEnabled: true, skip: 3, log: 'at {step}' },
        hits: 7,
        error: 'There is no such node.',
      },
    ];
    expect(lines(breakpointsTable(states)).slice(1)).toEqual([
      'dbnvar is computed,no,,0,0,',
      'loss > 4,yes,at {step},3,7,There is no such node.',
    ]);
  });

  it('has what an op reads, makes and adds', () => {
    const moments = { mean: 1, std: 2, minimum: 0, maximum: 3 };
    const detail: OpDetail = {
      op: 0,
      step: 3,
      inputs: [{ name: 'a', shape: [2, 3], value: moments, gradient: null }],
      output: { name: 'b', shape: [2], value: moments, gradient: { ...moments, std: 5 } },
      contributions: [{ to: 'a', part: 1, parts: 2, contribution: moments }],
    };
    expect(opTable(detail).rows).toEqual([
      ['reads', 'a', expect.stringContaining('2'), 1, 2, ''],
      ['makes', 'b', expect.stringContaining('2'), 1, 2, 5],
      ['adds to gradient', 'da', '1 of 2', 1, 2, ''],
    ]);
  });
});
