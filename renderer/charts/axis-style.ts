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

/** Below there is room for the axis title. */
export const chartMargin = { top: 8, right: 20, bottom: 18, left: 4 } as const;

export const fillBox = { width: '100%', height: '100%', fontSize: 11 } as const;
