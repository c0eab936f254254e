import { formatCount, formatShort } from '../ui/format';
import styles from './charts.module.css';
import type { TableData } from './csv';

/** More than anybody reads, fewer than make the window stutter. */
const mostRows = 500;
const mostCells = 20_000;

/** The numbers behind a picture. Long tables are cut here, never in the CSV. */
export function DataTable({ columns, rows }: TableData) {
  const shownRows = Math.min(mostRows, Math.floor(mostCells / columns.length));
  return (
    <div className={styles.tableBox}>
      <table className={styles.dataTable}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, shownRows).map((row) => (
            <tr key={row[0]}>
              {columns.map((column, place) => {
                const value = row[place] ?? '';
                return <td key={column}>{typeof value === 'number' ? formatShort(value, 6) : value}</td>;
              })}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > shownRows && (
        <p className={styles.note}>
          The first {formatCount(shownRows)} of {formatCount(rows.length)} rows; “Copy as CSV” copies them all.
        </p>
      )}
    </div>
  );
}
