import type { NodeDetail } from '../../../core/protocol/answers';
import { inspectWindow } from '../../../core/protocol/commands';
import { moveCellOrigin } from '../../state/store';
import { formatCount } from '../../ui/format';
import styles from './node-detail.module.css';

/** Turns the pages of a tensor that is larger than one window; nothing where it is not. */
export function WindowPager({ detail }: { readonly detail: NodeDetail }) {
  const { window, rows, columns } = detail;
  return (
    <>
      {rows > inspectWindow && (
        <Pager
          unit="rows"
          first={window.row}
          shown={window.rows}
          total={rows}
          onMove={(row) => moveCellOrigin({ row, column: window.column })}
        />
      )}
      {columns > inspectWindow && (
        <Pager
          unit="columns"
          first={window.column}
          shown={window.columns}
          total={columns}
          onMove={(column) => moveCellOrigin({ row: window.row, column })}
        />
      )}
    </>
  );
}

interface PagerProps {
  readonly unit: string;
  readonly first: number;
  readonly shown: number;
  readonly total: number;
  readonly onMove: (first: number) => void;
}

function Pager({ unit, first, shown, total, onMove }: PagerProps) {
  return (
    <span className={styles.pager}>
      <button
        type="button"
        aria-label={`Previous ${unit}`}
        disabled={first === 0}
        onClick={() => onMove(Math.max(first - inspectWindow, 0))}
      >
        ‹
      </button>
      <span>
        {unit} {formatCount(first)}–{formatCount(first + shown - 1)} of {formatCount(total)}
      </span>
      <button
        type="button"
        aria-label={`Next ${unit}`}
        disabled={first + shown >= total}
        onClick={() => onMove(first + inspectWindow)}
      >
        ›
      </button>
    </span>
  );
}
