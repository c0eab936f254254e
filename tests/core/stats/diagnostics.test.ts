import { describe, expect, it } from 'vitest';
import { updateToData } from '../../../core/stats/diagnostics';

describe('updateToData', () => {
  it('is −3 where an update moves the data by a thousandth', () => {
    expect(updateToData(0.1, 0.02, 2)).toBeCloseTo(-3, 12);
  });

  it('is −∞ for no update, and not a number where data has no spread to compare with', () => {
    expect(updateToData(0, 1, 1)).toBe(-Infinity);
    expect(updateToData(0.1, Number.NaN, Number.NaN)).toBeNaN();
  });
});
