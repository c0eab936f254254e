import * as v from 'valibot';

/** What can be tried out, and how far. */
export const whatIfRanges = {
  gain: { label: 'Gain', minimum: 0.1, maximum: 5, integer: false, unit: '×' },
  initScale: { label: 'Init scale', minimum: 0.1, maximum: 5, integer: false, unit: '×' },
  learningRate: { label: 'Learning rate', minimum: 0.0001, maximum: 10, integer: false, unit: '' },
} as const;

const within = ({ minimum, maximum }: { readonly minimum: number; readonly maximum: number }) =>
  v.pipe(v.number(), v.minValue(minimum), v.maxValue(maximum));

/**
 * The present step with other numbers: `gain` multiplies the weights of the hidden layers in place of the session's own
 * gain, `initScale` all that was drawn at random besides, `learningRate` takes the place of the present one.
 */
export const whatIfSchema = v.strictObject({
  gain: within(whatIfRanges.gain),
  initScale: within(whatIfRanges.initScale),
  learningRate: within(whatIfRanges.learningRate),
});
export type WhatIfChange = v.InferOutput<typeof whatIfSchema>;

/** A layer or a parameter as it is, and as it would be. */
interface WhatIfPair {
  readonly live: number;
  readonly alternative: number;
}

export interface WhatIf {
  readonly step: number;
  readonly change: WhatIfChange;
  readonly loss: WhatIfPair;
  /** The Tanh layers, in forward order. */
  readonly layers: readonly {
    readonly node: string;
    readonly label: string;
    readonly saturated: WhatIfPair;
    readonly gradientStd: WhatIfPair;
  }[];
  /** log10 of std(lr · grad) / std(data). */
  readonly parameters: readonly { readonly name: string; readonly updateRatio: WhatIfPair }[];
}
