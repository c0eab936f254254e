/** How numbers are written. Python's notations where the notebook prints, so that the two can be compared by eye. */

function special(value: number, sign: boolean): string | null {
  if (Number.isNaN(value)) return 'nan';
  if (value === Number.POSITIVE_INFINITY) return sign ? '+inf' : 'inf';
  if (value === Number.NEGATIVE_INFINITY) return '-inf';
  return null;
}

const withSign = (text: string, sign: boolean) => (sign && !text.startsWith('-') ? `+${text}` : text);

/** Python's `%.2f`, or `%+.2f` with `sign`. Minus zero keeps its sign, as there. */
export function formatFixed(value: number, digits: number, sign = false): string {
  const text = Object.is(value, -0) ? `-${(0).toFixed(digits)}` : value.toFixed(digits);
  return special(value, sign) ?? withSign(text, sign);
}

/** Python's `%.3e`, or `%+.3e` with `sign`: an exponent of at least two digits. */
export function formatExponent(value: number, digits: number, sign = false): string {
  const text = value.toExponential(digits).replace(/e([+-])(\d)$/, 'e$10$2');
  return special(value, sign) ?? withSign(text, sign);
}

/** Python's `%.2f%%` of a fraction: 0.0184 is "1.84%". */
export function formatPercent(fraction: number, digits = 2): string {
  return special(fraction, false) ?? `${(fraction * 100).toFixed(digits)}%`;
}

/** Few digits for a table's cell or a chart's tick: "0", "0.0123", "3.7e-9". */
export function formatShort(value: number, digits = 3): string {
  const text = special(value, false);
  if (text !== null) return text;
  if (value === 0) return '0';
  const magnitude = Math.abs(value);
  if (magnitude >= 1e-3 && magnitude < 1e5) return String(Number(value.toPrecision(digits)));
  return value.toExponential(digits - 1).replace(/\.?0*e\+?/, 'e');
}

/** All that a float32 holds: nine significant digits name each of them uniquely. */
export function formatFloat32(value: number): string {
  const text = special(value, false);
  if (text !== null) return text;
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const magnitude = Math.abs(value);
  return magnitude >= 1e-4 && magnitude < 1e9 ? value.toPrecision(9) : value.toExponential(8);
}

const grouped = new Intl.NumberFormat('en-US');

/** A whole number with its thousands grouped: "46,497". */
export function formatCount(value: number): string {
  return special(value, false) ?? grouped.format(value);
}

/** "32 × 64"; a tensor without dimensions is a "scalar". */
export function formatShape(shape: readonly number[]): string {
  return shape.length === 0 ? 'scalar' : shape.join(' × ');
}

/** Indices as the notebook writes them: "[3, 17]"; a scalar's is "[]". */
export function formatIndex(index: readonly number[]): string {
  return `[${index.join(', ')}]`;
}
