import type { Verdict } from '../../core/protocol/answers';

/** Each verdict has a shape of its own, so that it can be told without its colour: a path in a box of 12 × 12, stroked. */
export const verdictPaths: Readonly<Record<Verdict, string>> = {
  exact: 'M2.5 6.5 5 9l4.5-6',
  rounding: 'M2 5c1.3-1.6 2.7-1.6 4 0s2.7 1.6 4 0M2 8.5c1.3-1.6 2.7-1.6 4 0s2.7 1.6 4 0',
  wrong: 'm3 3 6 6M9 3 3 9',
  inherited: 'M3 2v5h6M6.5 4.5 9 7 6.5 9.5',
  missing:
    'M5 2.6a3.5 3.5 0 0 1 2 0M9.2 4.6a3.5 3.5 0 0 1 .2 2M8.2 8.7a3.5 3.5 0 0 1-1.7.8M3.8 8.7a3.5 3.5 0 0 1-1.1-1.6M2.6 5a3.5 3.5 0 0 1 .9-1.5',
  shape: 'M2.5 2.5h7v7h-7zM2.5 6h7',
  masked: 'M1.5 6c2.6-4.2 6.4-4.2 9 0-2.6 4.2-6.4 4.2-9 0zM3 10 9 2',
  copied: 'M4.5 4.5h5v5h-5zM2.5 7.5v-5h5',
};
