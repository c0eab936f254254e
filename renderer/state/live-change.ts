import { hiddenGainOf } from '../../core/protocol/settings';
import { type WhatIfChange, whatIfRanges } from '../../core/protocol/what-if';
import type { State } from './store';

let last: WhatIfChange | null = null;

/** The numbers of the live run itself, where the sliders begin; null while there is no session. */
export function liveChange({ session, frame }: Pick<State, 'session' | 'frame'>): WhatIfChange | null {
  if (session === null) return null;
  const { settings } = session;
  const { minimum, maximum } = whatIfRanges.learningRate;
  const rate = Math.min(maximum, Math.max(minimum, frame?.learningRate ?? settings.learningRate));
  const now: WhatIfChange = {
    gain: Math.min(whatIfRanges.gain.maximum, Math.max(whatIfRanges.gain.minimum, hiddenGainOf(settings))),
    initScale: 1,
    learningRate: rate,
  };
  // The same object while the numbers are the same, so that a selector of it rests.
  if (last?.gain !== now.gain || last.learningRate !== now.learningRate) last = now;
  return last;
}
