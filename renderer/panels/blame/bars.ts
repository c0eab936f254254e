import type { BlamePath } from '../../../core/protocol/answers';

/** A contribution as a bar that begins at the middle: both in percent of the whole width. */
export interface Bar {
  readonly left: number;
  readonly width: number;
}

/** A bar for each path, the longest reaching one end. What is no finite number has none. */
export function barsOf(paths: readonly BlamePath[]): readonly (Bar | null)[] {
  const sizes = paths.map(({ contribution }) => Math.abs(contribution)).filter(Number.isFinite);
  const largest = Math.max(0, ...sizes);
  return paths.map(({ contribution }) => {
    if (!Number.isFinite(contribution)) return null;
    const width = largest === 0 ? 0 : (Math.abs(contribution) / largest) * 50;
    return { left: contribution < 0 ? 50 - width : 50, width };
  });
}
