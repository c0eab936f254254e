/** A picture's numbers as a table: what its Table view shows and what is copied as CSV. */
export interface TableData {
  readonly columns: readonly string[];
  /** The first field names its row and is no other row's. */
  readonly rows: readonly (readonly (string | number)[])[];
}

/**
 * RFC 4180: a field with a comma, a quote or a line break is quoted, quotes inside are doubled. Numbers have nine
 * significant digits, which is all of a float32 and none of the digits that its widening to float64 makes up.
 */
function field(value: string | number): string {
  const text = typeof value === 'number' ? String(Number(value.toPrecision(9))) : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The table as CSV with CRLF line ends and a header line. */
export function toCsv({ columns, rows }: TableData): string {
  return [columns, ...rows].map((row) => `${row.map(field).join(',')}\r\n`).join('');
}
