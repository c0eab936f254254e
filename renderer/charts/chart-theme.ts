import { useSyncExternalStore } from 'react';
import { parseHex } from './colour';
import { createDivergingMap, type DivergingMap } from './colour-maps';

/** The window's colours as a canvas and a standalone SVG need them: resolved, not `var(…)`. */
export interface ChartTheme {
  readonly background: string;
  readonly text: string;
  readonly muted: string;
  readonly line: string;
  readonly accent: string;
  readonly danger: string;
  readonly font: string;
  /** By depth; see theme.css. */
  readonly layers: readonly string[];
  readonly heat: DivergingMap;
}

const layerColours = 20;

function readTheme(): ChartTheme {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string) => style.getPropertyValue(name).trim();
  return {
    background: token('--surface'),
    text: token('--text'),
    muted: token('--text-muted'),
    line: token('--border-strong'),
    accent: token('--accent'),
    danger: token('--danger'),
    font: token('--font-sans'),
    layers: Array.from({ length: layerColours }, (_, index) => token(`--layer-${index + 1}`)),
    heat: createDivergingMap([
      parseHex(token('--heat-negative')),
      parseHex(token('--heat-zero')),
      parseHex(token('--heat-positive')),
    ]),
  };
}

const darkScheme = window.matchMedia('(prefers-color-scheme: dark)');
let theme: ChartTheme | null = null;

// Not left to the subscribers: the scheme may change while nothing is drawn and none of them listens.
darkScheme.addEventListener('change', () => {
  theme = null;
});

function subscribe(changed: () => void): () => void {
  darkScheme.addEventListener('change', changed);
  return () => darkScheme.removeEventListener('change', changed);
}

function current(): ChartTheme {
  theme ??= readTheme();
  return theme;
}

/** The colours of the present scheme, read from theme.css's variables and again when the system's scheme changes. */
export function useChartTheme(): ChartTheme {
  return useSyncExternalStore(subscribe, current);
}
