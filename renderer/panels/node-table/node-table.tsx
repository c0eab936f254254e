import { type KeyboardEvent, type ReactNode, useRef } from 'react';
import { selectNode, useStore } from '../../state/store';
import { moveInList } from '../../ui/list-keys';
import { useInSight } from '../../ui/use-in-sight';
import styles from './node-table.module.css';

export interface NodeColumn<Row> {
  readonly title: string;
  /** Right-aligned, digits below digits. */
  readonly numeric?: boolean;
  /** The least width of the table that has room for this column; without it the column is always there. */
  readonly needs?: 'narrow' | 'medium' | 'wide';
  readonly cell: (row: Row) => ReactNode;
}

interface NodeTableProps<Row> {
  readonly label: string;
  readonly className?: string | undefined;
  readonly rows: readonly Row[];
  /** The node a row is about: its key, and what choosing it selects. */
  readonly nodeOf: (row: Row) => string;
  /** What names the row. */
  readonly head: { readonly title: string; readonly cell: (row: Row) => ReactNode };
  readonly columns: readonly NodeColumn<Row>[];
  /** What the row's tooltip says. */
  readonly hint?: (row: Row) => string;
  /** A node to bring into sight, selected or not: once for each occasion. */
  readonly reveal?: { readonly node: string; readonly occasion: string } | null;
}

/**
 * A table with a node on each row. Its selection is the window's: a click or the keys of a list select the node everywhere.
 */
export function NodeTable<Row>({
  label,
  className,
  rows,
  nodeOf,
  head,
  columns,
  hint,
  reveal = null,
}: NodeTableProps<Row>) {
  const selected = useStore((state) => state.selectedNode);
  const body = useRef<HTMLTableSectionElement>(null);
  const selectedIndex = rows.findIndex((row) => nodeOf(row) === selected);

  useInSight(body, '[data-selected]', selectedIndex === -1 ? null : selectedIndex);
  useInSight(body, '[data-revealed]', reveal?.occasion ?? null, 'center');

  const press = (event: KeyboardEvent) => {
    const target = moveInList(event.key, selectedIndex, rows.length);
    const row = target === null ? undefined : rows[target];
    if (target === null || row === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    selectNode(nodeOf(row));
    body.current?.rows[target]?.querySelector('button')?.focus();
  };

  return (
    <div className={[styles.box, className].join(' ')}>
      <table className={styles.table} aria-label={label}>
        <thead>
          <tr>
            <th scope="col">{head.title}</th>
            {columns.map(({ title, numeric, needs }) => (
              <th key={title} scope="col" data-numeric={numeric} data-needs={needs}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody ref={body}>
          {rows.map((row, index) => {
            const node = nodeOf(row);
            const isSelected = index === selectedIndex;
            return (
              <tr key={node} data-selected={isSelected || undefined} data-revealed={node === reveal?.node || undefined}>
                <th scope="row">
                  {/* The button covers its row (in CSS), so the row is one target and still a row to all readers. */}
                  <button
                    type="button"
                    className={styles.choose}
                    title={hint?.(row)}
                    aria-current={isSelected || undefined}
                    tabIndex={isSelected || (selectedIndex === -1 && index === 0) ? 0 : -1}
                    onClick={() => selectNode(node)}
                    onKeyDown={press}
                  >
                    {head.cell(row)}
                  </button>
                </th>
                {columns.map(({ title, numeric, needs, cell }) => (
                  <td key={title} data-numeric={numeric} data-needs={needs}>
                    {cell(row)}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
