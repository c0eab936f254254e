import { describeRange, refuseNumber, type SettingRange } from '../../core/protocol/settings';

/**
 * Reads what a person typed into a number field.
 * @returns the number, or why it cannot be used, naming the accepted range.
 */
export function readNumber(
  text: string,
  range: SettingRange,
): { readonly value: number; readonly refusal: null } | { readonly value: null; readonly refusal: string } {
  const trimmed = text.trim();
  // Number('') is 0, which nobody typed.
  const value = trimmed === '' ? Number.NaN : Number(trimmed);
  if (Number.isNaN(value)) {
    const found = trimmed === '' ? 'it is empty' : `“${trimmed}” is not a number`;
    return { value: null, refusal: `${range.label} must be ${describeRange(range)}; ${found}.` };
  }
  const refusal = refuseNumber(range, value);
  return refusal === null ? { value, refusal } : { value: null, refusal };
}
