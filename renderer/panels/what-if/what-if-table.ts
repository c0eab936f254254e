import type { WhatIf } from '../../../core/protocol/what-if';

/** Every pair of numbers, a row each. */
export function whatIfTable({ loss, layers, parameters }: WhatIf) {
  const row = (what: string, { live, alternative }: WhatIf['loss']) => [what, live, alternative];
  return {
    columns: ['what', 'live', 'alternative'],
    rows: [
      row('loss', loss),
      ...layers.map(({ label, saturated }) => row(`saturated, ${label}`, saturated)),
      ...layers.map(({ label, gradientStd }) => row(`gradient std, ${label}`, gradientStd)),
      ...parameters.map(({ name, updateRatio }) => row(`log10 update:data, ${name}`, updateRatio)),
    ],
  };
}
