import type { ChartTheme } from './chart-theme';

/** Said on the SVG itself and not in CSS, so that a saved picture has it too. */
export function axisStyle(theme: ChartTheme) {
  return {
    stroke: theme.muted,
    tick: { fill: theme.muted, fontSize: 11 },
    tickLine: { stroke: theme.line },
    axisLine: { stroke: theme.line },
  };
}

/** The title of an axis, where `chartMargin` and `axisWidth` leave room for it. */
export function axisTitle(axis: 'x' | 'y', value: string, theme: ChartTheme) {
  return axis === 'x'
    ? ({ value, position: 'insideBottom', offset: -8, fill: theme.muted } as const)
    : ({ value, position: 'insideLeft', angle: -90, offset: 4, fill: theme.muted, textAnchor: 'middle' } as const);
}

/** Room for a number and the title, in pixels; fixed, so that nothing moves as the numbers change. */
export const axisWidth = 64;

/** Below there is room for the axis title. */
export const chartMargin = { top: 8, right: 20, bottom: 12, left: 4 } as const;

/** The readout at the pointer may hang over what stands below the chart. */
export const aboveAll = { zIndex: 2 } as const;

export const fillBox = { width: '100%', height: '100%', fontSize: 11 } as const;
