import type { Breakpoint, BreakpointState } from '../../../core/protocol/breakpoints';
import type { TableData } from '../../charts/csv';

/** Where a breakpoint stops, in words. */
export function wordsOf(breakpoint: Breakpoint): string {
  return breakpoint.kind === 'node' ? `d${breakpoint.node} is computed` : breakpoint.condition;
}

/** All breakpoints, to be taken away. */
export function breakpointsTable(states: readonly BreakpointState[]): TableData {
  return {
    columns: ['stops where', 'enabled', 'logs instead', 'skips', 'hits', 'error'],
    rows: states.map(({ breakpoint, hits, error }) => [
      wordsOf(breakpoint),
      breakpoint.isEnabled ? 'yes' : 'no',
      breakpoint.log ?? '',
      breakpoint.skip,
      hits,
      error ?? '',
    ]),
  };
}
